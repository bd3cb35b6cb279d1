. "$TOP/tests/cli/host/device"
ota-sim otadata make records --entry0 3:valid --entry1 2:invalid
ota-sim parttool -q -p device.bin write_partition -n otadata --input records
cp device.bin original.bin
ota-sim otatool -p original.bin switch_ota_partition --slot 1 # HT-29: without effect
ota-sim inspect original.bin | grep -A 1 'whatever the build'  | sed -n 2p
ota-sim otatool -p device.bin switch_ota_partition --slot 1 --safe
ota-sim inspect device.bin | grep -A 1 'whatever the build' | sed -n 2p
ota-sim otatool -p device.bin switch_ota_partition --slot 1 --safe
#--- stdout
slot 1 (`ota_1`) is selected
    ota_0 boots
slot 1 (`ota_1`) is selected
    ota_1 boots
slot 1 (`ota_1`) is selected already; nothing is written
