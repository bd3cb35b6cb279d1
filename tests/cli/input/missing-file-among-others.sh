cp "$DATA/passes.yaml" .
ota-sim run passes.yaml no-such-file.yaml
#--- exit 2
#--- stdout glob
PASS  passes.yaml [v6.0]                          5 expectations, 2 boots

ERROR no-such-file.yaml: cannot open: No such file or directory
2 scenarios: 1 passed, 0 failed, 1 error, in * s
#--- stderr
no-such-file.yaml: error[E0001]: no-such-file.yaml: cannot open: No such file or directory
