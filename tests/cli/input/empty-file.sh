: >empty.yaml
ota-sim run empty.yaml
