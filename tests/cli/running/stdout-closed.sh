# A report that nobody can get is not a success.
ota-sim run "$DATA/passes.yaml" >&-
#--- exit 3
#--- stderr
ota-sim: standard output: Bad file descriptor
