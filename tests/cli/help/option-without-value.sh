ota-sim run "$DATA/passes.yaml" --json
#--- exit 2
#--- stderr
ota-sim run: option --json needs a value: --json FILE
`ota-sim run --help` shows what there is.
