# A declared bug that is not there any more fails: the declaration has to go.
sed 's/until v5.5/until v6.0/' "$DATA/known.yaml" >known.yaml
ota-sim run --release v5.5,v6.0 known.yaml
#--- exit 1
#--- stdout glob
PASS  known.yaml [v5.5]                           2 expectations, 1 boot
      known bug: the record of the running app is lost (https://example.org/1):
        expected otadata[0].seq: 1, got 2
FAIL  known.yaml [v6.0]                           1 of 3 expectations not met

                                                                     v5.5  v6.0
known                                                                known FAIL

FAIL known.yaml [v6.0]: A bug that is there until v6.0

  the bug that is declared as known under v6.0 is gone
   --> known.yaml:3:5
  3 |   - releases: until v6.0
    |     ^^^^^^^^
  in step 3: set_boot_partition ota_1
  what the device said:
      I ota: otadata entry 1 := seq 2, NEW
    esp_ota_set_boot_partition: ESP_OK
  otadata:
    otadata[0]  seq 1  VALID  -> ota_0
    otadata[1]  seq 2  NEW  -> ota_1  (active)
  last flash operations:
       0.415488 s  erase   0x027000 +0x1000  ota_1  45.0 ms
       0.460488 s  program 0x027000 +0x1000  ota_1  14.1 ms
       0.477860 s  erase   0x00e000 +0x1000  otadata  45.0 ms
       0.522860 s  program 0x00e000 +0x20  otadata  123.6 us
       0.524623 s  erase   0x00e000 +0x1000  otadata  45.0 ms
       0.569623 s  program 0x00e000 +0x20  otadata  123.6 us

FAIL  known.yaml [v6.0]: the bug that is declared as known under v6.0 is gone
2 scenarios: 1 passed, 1 failed, 0 errors, in * s
