ota-sim run --help
