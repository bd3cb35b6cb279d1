ota-sim rnu
#--- exit 2
#--- stderr
ota-sim: there is no command `rnu`; did you mean `run`?
`ota-sim --help` shows what there is.
