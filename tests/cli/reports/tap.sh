cp "$DATA"/{passes,fails}.yaml .
ota-sim run --tap - passes.yaml fails.yaml 2>text
