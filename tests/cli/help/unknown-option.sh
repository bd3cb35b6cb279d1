ota-sim run --jsn out.json "$DATA/passes.yaml"
#--- exit 2
#--- stderr
ota-sim run: there is no option --jsn; did you mean --json?
`ota-sim run --help` shows what there is.
