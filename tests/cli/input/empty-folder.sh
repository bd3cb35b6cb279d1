mkdir empty
ota-sim run empty
#--- exit 2
#--- stderr
ota-sim run: empty: no scenario (*.yaml, *.yml) in this folder
