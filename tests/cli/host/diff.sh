. "$TOP/tests/cli/host/device"
cp device.bin other.bin
ota-sim diff device.bin other.bin
ota-sim otatool -q -p other.bin switch_ota_partition --slot 1
printf 'secret' | ota-sim parttool -q -p other.bin write_partition -n nvs --input -
ota-sim otatool -q -p other.bin erase_ota_partition --slot 0
ota-sim diff device.bin other.bin
