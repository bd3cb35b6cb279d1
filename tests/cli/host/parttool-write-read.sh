. "$TOP/tests/cli/host/device"
printf 'calibration' >in
ota-sim parttool -p device.bin write_partition -n nvs --input in
ota-sim parttool -q -p device.bin read_partition -n nvs --output out
head -c 11 out && echo
stat -c %s out device.bin
ota-sim parttool -p device.bin erase_partition -n nvs
ota-sim parttool -p device.bin read_partition -n nvs --output - | tr -d '\377' | wc -c
#--- stdout
11 bytes of in are in partition `nvs` at 0x9000
calibration
16384
4194304
partition `nvs` at 0x9000 is erased
0
