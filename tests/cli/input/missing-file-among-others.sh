cp "$DATA/passes.yaml" .
ota-sim run passes.yaml no-such-file.yaml
