head -c 100000 /dev/zero | tr '\0' '[' >deep.yaml
timeout 5 ota-sim run deep.yaml
#--- exit 2
#--- stdout glob

ERROR deep.yaml:1:25: lists and mappings nested more than 24 deep
1 scenario: 0 passed, 0 failed, 1 error, in * s
#--- stderr
deep.yaml:1:25: error[E0008]: lists and mappings nested more than 24 deep
  |
1 | [[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[...
  |                         ^
