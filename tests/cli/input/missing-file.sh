ota-sim run no-such-file.yaml
#--- exit 2
#--- stdout glob

ERROR no-such-file.yaml: cannot open: No such file or directory
1 scenario: 0 passed, 0 failed, 1 error, in * s
#--- stderr
no-such-file.yaml: error[E0001]: no-such-file.yaml: cannot open: No such file or directory
