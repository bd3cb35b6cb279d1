ota-sim run
