. "$TOP/tests/cli/host/device"
ota-sim otadata make records --entry0 1:valid --entry1 2:valid
ota-sim parttool -q -p device.bin write_partition -n otadata --input records
cp device.bin before
ota-sim otatool -p device.bin switch_ota_partition --slot 0 --explore
ota-sim otatool -p device.bin switch_ota_partition --slot 0 --explore --safe
cmp before device.bin
