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
#--- stderr
ota-sim flash: large: not an app image: it does not begin with E9
ota-sim flash: one.bin: the table has no partition `none`
ota-sim flash: the table has no OTA slot `none` to boot
ota-sim flash: missing: cannot open: No such file or directory
ota-sim flash: --table FILE says where everything goes: it is needed
`ota-sim flash --help` shows what there is.
ota-sim flash: --size takes 1MB, 2MB, 4MB, 8MB, 16MB or 32MB, not `3MB`
`ota-sim flash --help` shows what there is.
ota-sim flash: two.csv:5: Partitions tables occupies 2.1MB of flash (2162688 bytes) which does not fit in configured flash size 1MB. Change the flash size in menuconfig under the 'Serial Flasher Config' menu.
ota-sim flash: --part takes PARTITION=FILE, at most 96 times, not `ota_0`
`ota-sim flash --help` shows what there is.
ota-sim flash: large: 2000000 bytes do not fit at 0x9000, where there is room for 16384
ota-sim flash: one.bin: made for ESP32 (chip id 0), not for ESP32-C3
