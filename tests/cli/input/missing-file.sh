ota-sim run no-such-file.yaml
