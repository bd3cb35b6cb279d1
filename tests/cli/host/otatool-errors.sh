. "$TOP/tests/cli/host/device"
for wrong in 'switch_ota_partition' 'switch_ota_partition --slot 7' 'switch_ota_partition --slot -1' \
    'switch_ota_partition --name none' 'switch_ota_partition --slot 0 --name ota_0' 'read_ota_partition --slot 0' '' \
    'switch_ota_partition --slot one' 'read_otadata extra'; do
    status=0
    # shellcheck disable=SC2086 # several words
    ota-sim otatool -p device.bin $wrong || status=$?
    [ "$status" -eq 2 ]
done
status=0 && ota-sim otatool -p /dev/null read_otadata || status=$?
[ "$status" -eq 2 ]
status=0 && ota-sim otatool read_otadata || status=$?
[ "$status" -eq 2 ]
#--- stderr
ota-sim otatool: switch_ota_partition needs either --slot N or --name NAME
`ota-sim otatool --help` shows what there is.
ota-sim otatool: Partition to switch to not found
ota-sim otatool: Partition to switch to not found
ota-sim otatool: Partition to switch to not found
ota-sim otatool: switch_ota_partition needs either --slot N or --name NAME
`ota-sim otatool --help` shows what there is.
ota-sim otatool: read_ota_partition needs --output FILE
`ota-sim otatool --help` shows what there is.
ota-sim otatool: which command? read_otadata, erase_otadata, switch_ota_partition, read_ota_partition, write_ota_partition or erase_ota_partition
`ota-sim otatool --help` shows what there is.
ota-sim otatool: --slot takes a number, not `one`; --name takes names
`ota-sim otatool --help` shows what there is.
ota-sim otatool: `extra` is not expected after read_otadata
`ota-sim otatool --help` shows what there is.
ota-sim otatool: /dev/null: is a device; ESP-IDF's own tool talks to it, this one changes flash files
ota-sim otatool: which flash file? --flash FILE (or -p FILE) says it
`ota-sim otatool --help` shows what there is.
