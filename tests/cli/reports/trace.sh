# What a cut looks like: a mark on the track of the power, an operation that is cut off, another boot.
cat >cut.yaml <<'END'
name: A cut while the slot is written
board:
  partitions: |
    nvs,data,nvs,,0x4000
    otadata,data,ota,,0x2000
    phy_init,data,phy,,0x1000
    ota_0,app,ota_0,,64K
    ota_1,app,ota_1,,64K
images:
  old: {version: 1.0.0, size: 20K}
  new: {version: 2.0.0, size: 20K}
flash:
  ota_0: old
steps:
  - boot
  - power_loss: {operation: 20, tear: "prefix:7"}
  - update: {image: new}
END
ota-sim run --trace trace.json cut.yaml >text
names() {
    jq -r --argjson track "$1" '.traceEvents[] | select(.tid == $track and .ph != "M") | [.ph, .name] | join(" ")' trace.json
}
names 1 && names 2 | uniq && names 3 | grep -v busy | uniq && names 4 && names 5
#--- stdout
X boot
X power_loss at operation 20
X update to new
X bootloader
X esp_ota_get_next_update_partition
X esp_partition_find_err
X esp_flash_read
X esp_partition_find_first_err
X esp_ota_begin
X esp_ota_write
X esp_partition_erase_range
X esp_flash_erase_region
X esp_partition_write
X esp_flash_write
X bootloader
X erase otadata
X program otadata
X erase ota_1
X program ota_1
X program ota_1, cut off
X boot 1: power-on
X bootloader
X app old 1.0.0 in ota_0
i lost power
X boot 2: power-on
X bootloader
X app old 1.0.0 in ota_0
X powered
i power cut
X powered
