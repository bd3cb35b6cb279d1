ota-sim run --jsn out.json "$DATA/passes.yaml"
