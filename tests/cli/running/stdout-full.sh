ota-sim run "$DATA/passes.yaml" >/dev/full
#--- exit 3
#--- stderr
ota-sim: standard output: No space left on device
