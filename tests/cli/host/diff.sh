. "$TOP/tests/cli/host/device"
cp device.bin other.bin
ota-sim diff device.bin other.bin
ota-sim otatool -q -p other.bin switch_ota_partition --slot 1
printf 'secret' | ota-sim parttool -q -p other.bin write_partition -n nvs --input -
ota-sim otatool -q -p other.bin erase_ota_partition --slot 0
ota-sim diff device.bin other.bin
#--- exit 1
#--- stdout
otadata entry 1: blank -> seq 2, UNDEFINED, CRC right -> ota_1
image in ota_0: app 1.0.0, whole, 20000 bytes -> erased
next boot (no rollback: all releases; rollback: all releases): ota_0 boots -> ota_1 boots
next boot (anti-rollback: all releases): ota_0 boots -> ota_1 boots
contents of nvs: 1 of 4 sectors differ
contents of otadata: 1 of 2 sectors differ
contents of ota_0: 5 of 256 sectors differ
