version=$(sed -nE 's/^project\(ota-sim VERSION ([0-9.]+).*/\1/p' "$TOP/CMakeLists.txt")
[ "$(ota-sim --version)" = "ota-sim $version" ]
