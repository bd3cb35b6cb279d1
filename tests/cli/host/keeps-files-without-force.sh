. "$TOP/tests/cli/host/device"
echo precious >mine
for command in 'image make' 'otadata make' 'flash --table two.csv' 'partitions two.csv' \
    'parttool -p device.bin read_partition -n nvs --output' 'otatool -p device.bin read_ota_partition --slot 0 --output'; do
    status=0
    # shellcheck disable=SC2086 # several words
    ota-sim $command mine || status=$?
    [ "$status" -eq 2 ]
    [ "$(cat mine)" = precious ]
done
chmod 640 mine
ota-sim otadata make mine --force
stat -c '%a %s' mine
ota-sim otadata make mine # the same again loses nothing
ls
