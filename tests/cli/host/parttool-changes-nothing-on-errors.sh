. "$TOP/tests/cli/host/device"
cp device.bin before
head -c 20000 /dev/zero >large
for wrong in 'write_partition -n nvs --input large' 'write_partition -n nvs --input missing' 'erase_partition -n none' \
    'erase_partition' 'erase_partition -n nvs -d' 'erase_partition -t app' 'erase_partition -t app -s strange' \
    'write_partition -n nvs' 'frobnicate -n nvs' 'erase_partition -n nvs --partition-table-offset 0x9000'; do
    status=0
    # shellcheck disable=SC2086 # several words
    ota-sim parttool -p device.bin $wrong || status=$?
    [ "$status" -eq 2 ]
    cmp before device.bin
done
#--- stderr
ota-sim parttool: Input file size exceeds partition size: 20000 bytes for partition `nvs` of 16384
ota-sim parttool: missing: cannot open: No such file or directory
ota-sim parttool: there is no partition `none`
ota-sim parttool: which partition? -n NAME, or -t TYPE with -s SUBTYPE, or -d
`ota-sim parttool --help` shows what there is.
ota-sim parttool: which partition? -n NAME, or -t TYPE with -s SUBTYPE, or -d
`ota-sim parttool --help` shows what there is.
ota-sim parttool: which partition? -n NAME, or -t TYPE with -s SUBTYPE, or -d
`ota-sim parttool --help` shows what there is.
ota-sim parttool: `strange` is no subtype of that type: a number, or one of factory, test, ota_0, ota_1, ota_2, ota_3, ota_4, ota_5, ota_6, ota_7, ota_8, ota_9, ota_10, ota_11, ota_12, ota_13, ota_14, ota_15, tee_0, tee_1
`ota-sim parttool --help` shows what there is.
ota-sim parttool: write_partition needs --input FILE
`ota-sim parttool --help` shows what there is.
ota-sim parttool: there is no command `frobnicate`
`ota-sim parttool --help` shows what there is.
ota-sim parttool: the partition table at 0x9000: there is none; --partition-table-offset says where it lies
