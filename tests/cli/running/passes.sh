cp "$DATA/passes.yaml" .
ota-sim run passes.yaml
