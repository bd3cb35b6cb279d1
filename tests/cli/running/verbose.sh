cp "$DATA/passes.yaml" .
ota-sim run -v passes.yaml
#--- stdout glob
passes.yaml [v6.0]: An update arrives
step 1: boot
  boot: power-on
    I boot: otadata entry 0: seq 1, VALID
    I boot: otadata entry 1: blank
    I boot: entry 0 is active: seq 1 of 2 slots selects ota_0
    I boot: ota_0 at 0x10000 loads: 32768 bytes
  app old 1.0.0 in ota_0 runs
  as expected: booted: ota_0
  as expected: version: 1.0.0
step 2: update to new
  esp_ota_begin: ESP_OK
  esp_ota_write
       0.001823 s  erase   0x020000 +0x1000  ota_1  45.0 ms
       0.046823 s  program 0x020000 +0x1000  ota_1  14.1 ms
                   ... 12 more like these two ...
       0.415488 s  erase   0x027000 +0x1000  ota_1  45.0 ms
       0.460488 s  program 0x027000 +0x1000  ota_1  14.1 ms
  esp_ota_end: ESP_OK
    I ota: otadata entry 1 := seq 2, NEW
  esp_ota_set_boot_partition
       0.477860 s  erase   0x00e000 +0x1000  otadata  45.0 ms
       0.522860 s  program 0x00e000 +0x20  otadata  123.6 us
    otadata[0]  seq 1  VALID  -> ota_0
    otadata[1]  seq 2  NEW  -> ota_1  (active)
  esp_ota_set_boot_partition: ESP_OK
step 3: restart
  the app restarts
  boot: software reset
    I boot: otadata entry 0: seq 1, VALID
    I boot: otadata entry 1: seq 2, NEW
    I boot: entry 1 is active: seq 2 of 2 slots selects ota_1
    I boot: rollback: entry 1 NEW -> PENDING_VERIFY, before the image is looked at
  bootloader
       0.523062 s  erase   0x00e000 +0x1000  otadata  45.0 ms
       0.568062 s  program 0x00e000 +0x20  otadata  123.6 us
    otadata[0]  seq 1  VALID  -> ota_0
    otadata[1]  seq 2  PENDING_VERIFY  -> ota_1  (active)
    I boot: ota_1 at 0x20000 loads: 32768 bytes
  app new 2.0.0 in ota_1 runs
    I ota: otadata entry 1 := seq 2, VALID
  esp_ota_mark_app_valid_cancel_rollback
       0.569927 s  erase   0x00e000 +0x1000  otadata  45.0 ms
       0.614927 s  program 0x00e000 +0x20  otadata  123.6 us
    otadata[0]  seq 1  VALID  -> ota_0
    otadata[1]  seq 2  VALID  -> ota_1  (active)
  as expected: booted: ota_1
  as expected: version: 2.0.0
  as expected: state: VALID
PASS  passes.yaml [v6.0]                          5 expectations, 2 boots

1 scenario: 1 passed, 0 failed, 0 errors, in * s
