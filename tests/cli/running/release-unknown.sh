cp "$DATA/passes.yaml" .
ota-sim run --release v6.0,v7.9 passes.yaml
