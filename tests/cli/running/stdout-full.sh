ota-sim run "$DATA/passes.yaml" >/dev/full
