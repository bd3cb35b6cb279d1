ota-sim help
