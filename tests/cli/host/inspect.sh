. "$TOP/tests/cli/host/device"
ota-sim inspect device.bin
