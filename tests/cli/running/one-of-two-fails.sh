cp "$DATA"/{passes,fails}.yaml .
ota-sim run passes.yaml fails.yaml
