ota-sim run "$DATA/passes.yaml" --json
