cp "$DATA/passes.yaml" .
ota-sim run --json no-such-folder/report.json passes.yaml >text
