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
