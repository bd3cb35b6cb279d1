cp "$DATA/passes.yaml" .
ota-sim run -o report.doc passes.yaml
