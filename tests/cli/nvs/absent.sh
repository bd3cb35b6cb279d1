# `absent` means that there is no value of any type.
cat >s.yaml <<'YAML'
name: A key that is there
board:
  partitions: |
    nvs,     data, nvs,   0x9000,  0x4000
    otadata, data, ota,   0xd000,  0x2000
    ota_0,   app,  ota_0, 0x10000, 64K
images:
  app: {version: 1.0.0}
flash: {ota_0: app}
steps:
  - nvs_set: {namespace: ota, key: offset, u32: 5}
    expect: {nvs: {ota: {offset: absent, other: absent}}}
YAML
ota-sim run s.yaml | grep -A 1 absent
#--- exit 1
#--- stdout glob
  expected nvs: ota/offset: absent, got u32 5
    --> s.yaml:12:26
  12 |     expect: {nvs: {ota: {offset: absent, other: absent}}}
     |                          ^^^^^^
--
FAIL  s.yaml [v6.0]: expected nvs: ota/offset: absent, got u32 5
1 scenario: 0 passed, 1 failed, 0 errors, in * s
