# Why an expectation is not met stands in every report: the firmware's own words of the step that failed.
cat >other-chip.yaml <<'YAML'
name: An image for another chip
board:
  size: 1M
  partitions: |
    otadata, data, ota,   0xd000,  0x2000
    ota_0,   app,  ota_0, 0x10000, 64K
    ota_1,   app,  ota_1, ,        64K
images:
  old: {version: 1.0.0, size: 1K}
  new: {version: 2.0.0, size: 1K, chip: esp32-c3}
flash: {ota_0: old}
steps:
  - update: new
YAML
ota-sim run other-chip.yaml --json r.json --junit r.xml --html r.html --sarif r.sarif --tap r.tap --markdown r.md |
    grep '^  *E '
for report in r.json r.xml r.html r.sarif r.tap r.md; do
    echo "$report: $(grep -o 'the image is for another chip' "$report" | wc -l)"
done
#--- exit 1
#--- stdout
      E image: the image is for another chip (ESP_FAIL)
      E ota: end: the image is not valid (ESP_ERR_OTA_VALIDATE_FAILED)
