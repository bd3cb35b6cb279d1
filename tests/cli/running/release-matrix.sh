cp "$DATA/passes.yaml" .
ota-sim run --release v4.4,v5.5,v6.0,master passes.yaml
