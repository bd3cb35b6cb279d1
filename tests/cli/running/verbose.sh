cp "$DATA/passes.yaml" .
ota-sim run -v passes.yaml
