ota-sim
