ota-sim
#--- exit 2
#--- stderr
ota-sim: which command?
`ota-sim --help` shows what there is.
