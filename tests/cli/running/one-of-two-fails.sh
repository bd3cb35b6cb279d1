cp "$DATA"/{passes,fails}.yaml .
ota-sim run passes.yaml fails.yaml
#--- exit 1
#--- stdout glob
PASS  passes.yaml [v6.0]                          5 expectations, 2 boots
FAIL  fails.yaml [v6.0]                           1 of 2 expectations not met

FAIL fails.yaml [v6.0]: An update that was never made

  expected booted: ota_1, got ota_0
    --> fails.yaml:21:7
  21 |       booted: ota_1
     |       ^^^^^^
  in step 2: restart
  what the device said:
    the app restarts
    boot: software reset
      I boot: otadata entry 0: seq 1, VALID
      I boot: otadata entry 1: blank
      I boot: entry 0 is active: seq 1 of 2 slots selects ota_0
      I boot: ota_0 at 0x10000 loads: 32768 bytes
    app old 1.0.0 in ota_0 runs
  otadata:
    otadata[0]  seq 1  VALID  -> ota_0  (active)
    otadata[1]  blank

FAIL  fails.yaml [v6.0]: expected booted: ota_1, got ota_0
2 scenarios: 1 passed, 1 failed, 0 errors, in * s
