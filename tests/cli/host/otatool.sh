. "$TOP/tests/cli/host/device"
ota-sim otatool -p device.bin read_otadata
ota-sim otatool -p device.bin switch_ota_partition --slot 1
ota-sim otatool -p device.bin read_otadata | tail -n 1
ota-sim otatool -p device.bin --esptool-args before=no_reset after=hard_reset switch_ota_partition --name ota_0
ota-sim otatool -p device.bin read_otadata | tail -n 1
ota-sim otatool -q -p device.bin read_ota_partition --slot 1 --output out
cmp -n 30000 out two.bin
ota-sim otatool -p device.bin write_ota_partition --name ota_1 --input one.bin
ota-sim otatool -p device.bin erase_ota_partition --slot 0
ota-sim otatool -p device.bin erase_otadata
ota-sim otatool -p device.bin read_otadata | tail -n 1
