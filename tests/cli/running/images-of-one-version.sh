# Stories name images as the scenario does: here all have the same version, which is the default.
cat >same.yaml <<'END'
name: The slot that runs is selected again
board:
  size: 1M
  partitions: |
    nvs,     data, nvs,   0x9000,  0x4000
    otadata, data, ota,   0xd000,  0x2000
    ota_0,   app,  ota_0, 0x10000, 128K
    ota_1,   app,  ota_1, ,        128K
  config: {rollback: true}
images:
  line: {size: 40K, at_boot: confirm}
  now:  {size: 40K, at_boot: confirm}
flash:
  ota_0: line
  ota_1: now
  otadata: [blank, {seq: 2, state: VALID}]
steps:
  - boot:
    expect: {booted: ota_1}
  - set_boot_partition: ota_1
  - restart:
    name: again
    expect: {booted: ota_1}
explore:
  faults: [clean]
  between: [again, again]
  retry: false
END
ota-sim run --json report.json same.yaml >/dev/null || [ $? -eq 1 ]
jq -r '.scenarios[0] | (.violations[] | select(.invariant == "old-or-new") | .story), (.exploration.graph.nodes[].label)' report.json
ota-sim replay same.yaml again/1/clean | grep -E '^  app|^the end'
#--- stdout
The power goes at a program of 32 bytes at 0x0000e000 (otadata) in bootloader, right before it. When it is back, line 1.0.0 in ota_0 starts, it confirms itself. In the end line 1.0.0 runs in ota_0 (before: now 1.0.0, update to: now 1.0.0).
now 1.0.0 in ota_1, VALID
line 1.0.0 in ota_0, VALID
line 1.0.0 in ota_0, no record
line 1.0.0 in ota_0, VALID
line 1.0.0 in ota_0, no record
cut in bootloader
cut in esp_ota_mark_app_valid_cancel_rollback
  app line 1.0.0 in ota_0 runs
the end: settled after 1 boot, line 1.0.0 in ota_0
