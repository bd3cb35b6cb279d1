cp "$DATA/passes.yaml" .
ota-sim run -o report.doc passes.yaml
#--- exit 2
#--- stderr
ota-sim run: --output: the ending of `report.doc` does not say which report; there are .json, .html, .xml, .sarif, .tap, .trace.json, .md
`ota-sim run --help` shows what there is.
