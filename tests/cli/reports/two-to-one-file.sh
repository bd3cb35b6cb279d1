cp "$DATA/passes.yaml" .
ota-sim run --json report --tap report passes.yaml
#--- exit 2
#--- stderr
ota-sim run: two reports cannot go to the same file, `report`
`ota-sim run --help` shows what there is.
