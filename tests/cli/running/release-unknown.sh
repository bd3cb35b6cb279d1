cp "$DATA/passes.yaml" .
ota-sim run --release v6.0,v7.9 passes.yaml
#--- exit 2
#--- stderr
ota-sim run: there is no release `v7.9`; there are v4.4, v5.0, v5.1, v5.2, v5.3, v5.4, v5.5, v6.0, v6.1, master, v6.2
`ota-sim run --help` shows what there is.
