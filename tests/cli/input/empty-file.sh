: >empty.yaml
ota-sim run empty.yaml
#--- exit 2
#--- stdout glob

ERROR empty.yaml:1:1: the file is empty
1 scenario: 0 passed, 0 failed, 1 error, in * s
#--- stderr
empty.yaml:1:1: error[E0003]: the file is empty
  |
1 |
  | ^
  = help: `ota-sim new` writes a scenario to start from
