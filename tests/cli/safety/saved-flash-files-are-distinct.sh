# --save-flash: two scenarios of one name are two files.
mkdir a b out
cp "$DATA/passes.yaml" a/boot.yaml && cp a/boot.yaml b/boot.yaml && cp a/boot.yaml alone.yaml && cp a/boot.yaml b/boot.yml
ota-sim run --no-explore --save-flash out a/boot.yaml b/boot.yaml alone.yaml >/dev/null
ls out
ota-sim run --no-explore --save-flash out b
#--- exit 2
#--- stdout
a_boot.v6.0.bin
alone.v6.0.bin
b_boot.v6.0.bin
#--- stderr
ota-sim run: --save-flash: b/boot.yaml and b/boot.yml would both be saved as b_boot
`ota-sim run --help` shows what there is.
