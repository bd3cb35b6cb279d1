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
