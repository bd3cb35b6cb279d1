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
#--- stdout
640 8192
device.bin
mine
one.bin
two.bin
two.csv
#--- stderr
ota-sim image: mine: is there already; --force replaces it
ota-sim otadata: mine: is there already; --force replaces it
ota-sim flash: mine: is there already; --force replaces it
ota-sim partitions: mine: is there already; --force replaces it
ota-sim parttool: mine: is there already; --force replaces it
ota-sim otatool: mine: is there already; --force replaces it
