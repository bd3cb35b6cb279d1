cp "$DATA/passes.yaml" .
ota-sim run --json report --tap report passes.yaml
