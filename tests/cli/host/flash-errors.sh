. "$TOP/tests/cli/host/device"
head -c 2000000 /dev/zero >large
for wrong in '--table two.csv --part ota_0=large' '--table two.csv --part none=one.bin' '--table two.csv --boot none' \
    '--table missing' '' '--table two.csv --size 3MB' '--table two.csv --size 1MB' '--table two.csv --part ota_0' \
    '--table two.csv --part nvs=large' '--table two.csv --target esp32c3 --part ota_0=one.bin'; do
    status=0
    # shellcheck disable=SC2086 # several words
    ota-sim flash $wrong new.bin || status=$?
    [ "$status" -eq 2 ]
    [ ! -e new.bin ]
done
