cp "$DATA"/{passes,fails}.yaml .
ota-sim run --tap - passes.yaml fails.yaml 2>text
#--- exit 1
#--- stdout
TAP version 14
# ota-sim 0.1.0
1..2
ok 1 - passes.yaml [v6.0]: An update arrives
  ---
  severity: "comment"
  seed: 1
  expectations: 5
  boots: 2
  ...
not ok 2 - fails.yaml [v6.0]: An update that was never made
  ---
  message: "expected booted: ota_1, got ota_0"
  severity: "fail"
  seed: 1
  expectations: 2
  boots: 2
  rerun: "ota-sim run -v --release v6.0 fails.yaml"
  failures:
    - message: "expected booted: ota_1, got ota_0"
      rule: "expect/booted"
      at: "fails.yaml:21:7"
      step: "step 2: restart"
      expected: "booted: ota_1"
      actual: "ota_0"
      said:
        - "the app restarts"
        - "boot: software reset"
        - "  I boot: otadata entry 0: seq 1, VALID"
        - "  I boot: otadata entry 1: blank"
        - "  I boot: entry 0 is active: seq 1 of 2 slots selects ota_0"
        - "  I boot: ota_0 at 0x10000 loads: 32768 bytes"
        - "app old 1.0.0 in ota_0 runs"
      otadata:
        - "otadata[0]  seq 1  VALID  -> ota_0  (active)"
        - "otadata[1]  blank"
  ...
