sed 's/rollback: true/rolback: true/; s/partitions:/partitons:/' "$DATA/passes.yaml" >typo.yaml
ota-sim run typo.yaml
#--- exit 2
#--- stdout glob

ERROR typo.yaml:4:3: unknown key `partitons` in `board`
1 scenario: 0 passed, 0 failed, 1 error, in * s
#--- stderr
typo.yaml:4:3: error[E0101]: unknown key `partitons` in `board`
  |
4 |   partitons: |
  |   ^^^^^^^^^
  = help: did you mean `partitions`?

typo.yaml:8:12: error[E0101]: unknown key `rolback` in `config`
  |
8 |   config: {rolback: true}
  |            ^^^^^^^
  = help: did you mean `rollback`?

typo.yaml:11:3: warning[W0902]: the image `old` is never used
   |
11 |   old: {version: 1.0.0, at_boot: confirm}
   |   ^^^
