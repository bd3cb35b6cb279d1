ota-sim --help
