# A replay tries the update again that the power interrupted, and a step's name is its word in addresses.
cat >two.yaml <<'YAML'
name: Two updates without a restart between them
board:
  size: 1M
  release: v5.5
  partitions: |
    otadata, data, ota,   0xd000,  0x2000
    factory, app,  factory, 0x10000, 64K
    ota_0,   app,  ota_0, ,        64K
    ota_1,   app,  ota_1, ,        64K
  config: {rollback: true}
images:
  line: {version: 1.0.0, size: 1K, at_boot: confirm}
  good: {version: 1.1.0, size: 1K, at_boot: confirm}
  next: {version: 1.2.0, size: 1K, at_boot: confirm}
  last: {version: 1.3.0, size: 1K, at_boot: confirm}
flash: {factory: line, ota_0: good, otadata: [{seq: 1, state: VALID}, blank]}
steps:
  - boot:
  - update: next
    name: one
  - update: last
    name: two
explore: {faults: [clean]}
YAML
for address in one/0/clean update/0/clean update#1/0/clean two/0/clean update#2/0/clean; do
    ota-sim replay two.yaml "$address" | grep '^the update again\|^verdict'
done
#--- stdout
the update again: succeeds: afterwards next 1.2.0 runs in ota_1
verdict: every invariant that is checked holds
the update again: succeeds: afterwards next 1.2.0 runs in ota_1
verdict: every invariant that is checked holds
the update again: succeeds: afterwards next 1.2.0 runs in ota_1
verdict: every invariant that is checked holds
the update again: succeeds: afterwards last 1.3.0 runs in ota_0
verdict: every invariant that is checked holds
the update again: succeeds: afterwards last 1.3.0 runs in ota_0
verdict: every invariant that is checked holds
