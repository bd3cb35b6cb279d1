cp "$DATA/passes.yaml" .
ota-sim run --json - --tap - passes.yaml
