version=$(sed -nE 's/^project\(ota-sim VERSION ([0-9.]+).*/\1/p' "$TOP/CMakeLists.txt")
ota-sim --version >said
[ "$(head -n 1 said)" = "ota-sim $version" ]
grep -qE "^libyaml [0-9.]+, OpenSSL [0-9].*, zlib [0-9.]+, jansson [0-9.]+$" said
