head -c 100000 /dev/zero | tr '\0' '[' >deep.yaml
timeout 5 ota-sim run deep.yaml
