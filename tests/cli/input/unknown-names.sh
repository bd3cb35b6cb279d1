sed 's/update: new/update: newer/; s/booted: ota_0/booted: ota_7/; s/state: VALID}$/state: FINE}/' "$DATA/passes.yaml" >names.yaml
ota-sim run names.yaml
#--- exit 2
#--- stdout glob

ERROR names.yaml:20:22: there is no partition called `ota_7`
1 scenario: 0 passed, 0 failed, 1 error, in * s
#--- stderr
names.yaml:12:3: warning[W0902]: the image `new` is never used
   |
12 |   new: {version: 2.0.0, at_boot: confirm}
   |   ^^^

names.yaml:20:22: error[E0202]: there is no partition called `ota_7`
   |
 4 |   partitions: |
   |               - the partitions are here
...
20 |     expect: {booted: ota_7, version: 1.0.0}
   |                      ^^^^^
   = help: did you mean `ota_0`?

names.yaml:21:13: error[E0201]: there is no image called `newer`
   |
21 |   - update: newer
   |             ^^^^^
   = help: it can be `old` or `new`

names.yaml:23:52: error[E0107]: state cannot be `FINE`
   |
23 |     expect: {booted: ota_1, version: 2.0.0, state: FINE}
   |                                                    ^^^^
   = help: it can be `NEW`, `PENDING_VERIFY`, `VALID`, `INVALID`, `ABORTED`, `UNDEFINED` or `not recorded`
