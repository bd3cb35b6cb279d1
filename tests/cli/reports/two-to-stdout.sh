cp "$DATA/passes.yaml" .
ota-sim run --json - --tap - passes.yaml
#--- exit 2
#--- stderr
ota-sim run: only one report can go to standard output
`ota-sim run --help` shows what there is.
