# The run itself is judged by the invariants, also when nothing is cut; what is known is declared all the same.
scenario() {
    cat <<'END'
name: The update that crashes is started for ever
board:
  size: 1M
  partitions: |
    otadata, data, ota,   0xd000,  0x2000
    ota_0,   app,  ota_0, 0x10000, 64K
    ota_1,   app,  ota_1, ,        64K
images:
  old: {version: 1.0.0, size: 4K}
  new: {version: 2.0.0, size: 4K, at_boot: crash}
flash:
  ota_0: old
steps:
  - boot:
  - update: new
  - restart:
END
    printf '%s\n' "$@"
}
check() {
    scenario "$@" >loop.yaml
    ota-sim run loop.yaml 2>&1 | grep -E '^(PASS|FAIL)|error\[|gone|^  [a-z-]* is violated' || true
}
check
check 'explore: {faults: none, known: [{invariant: settles, during: rest, tear: none, why: it is meant to}]}'
check 'explore: {faults: none, known: [{invariant: boots, during: rest, why: it is meant to}, {invariant: settles, during: rest, why: it is meant to}]}'
check 'explore: {faults: none, invariants: {settles: off}}'
check 'explore: {faults: none, depth: 2}'
# With cuts, who is to blame is known; without, the entry speaks of it all the same.
known='{invariant: settles, during: esp_ota_set_boot_partition, why: it is meant to}'
scenario "explore: {faults: clean, retry: false, known: [$known]}" >known.yaml
ota-sim run known.yaml | sed -n 1p
ota-sim run --no-explore known.yaml | sed -n 1p
#--- stdout
FAIL  loop.yaml [v6.0]                            0 expectations, 3 boots
FAIL loop.yaml [v6.0]: The update that crashes is started for ever
  settles is violated by a change at rest
FAIL  loop.yaml [v6.0]: settles is violated
PASS  loop.yaml [v6.0]                            0 expectations, 3 boots
FAIL  loop.yaml [v6.0]                            1 of 1 expectations not met
FAIL loop.yaml [v6.0]: The update that crashes is started for ever
  the violation that is declared as known is gone: boots
FAIL  loop.yaml [v6.0]: the violation that is declared as known is gone: boots
PASS  loop.yaml [v6.0]                            0 expectations, 3 boots
loop.yaml:17:25: error[E0115]: `depth` would change nothing: `faults: none` cuts nothing
PASS  known.yaml [v6.0]                           0 expectations, 3 boots
PASS  known.yaml [v6.0]                           0 expectations, 3 boots
