. "$TOP/tests/cli/host/device"
ota-sim inspect --json - - <device.bin >out.json
jq -r '.chip.target, .partition_table.md5, .otadata.entries[0].state, .images[1].version, .boot[0].boots, (.boot[0].firmware | length)' out.json
jq -r '.calls[0].answers["esp_ota_get_next_update_partition(NULL)"]' out.json
#--- stdout
esp32
right
VALID
1.0.0
ota_0
33
ota_1 at 0x110000
