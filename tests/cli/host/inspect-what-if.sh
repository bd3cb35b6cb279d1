# Not under Valgrind: an exploration takes it minutes; the sanitizers see this test
. "$TOP/tests/cli/host/device"
status=0
ota-sim inspect --what-if-power-fails device.bin >out || status=$?
[ "$status" -eq 0 ] || [ "$status" -eq 1 ]
sed -n '/^what if/,$p' out >answer
grep -q 'crash states' answer
status=0
ota-sim inspect --json - --what-if-power-fails --rollback device.bin >out.json || status=$?
[ "$status" -eq 0 ] || [ "$status" -eq 1 ]
jq -r '.what_if_power_fails.scenarios | length' out.json
# The next update of a device on which nothing boots cannot be tried.
head -c 4194304 /dev/zero | tr '\0' '\377' >erased
status=0
ota-sim inspect --what-if-power-fails erased >out || status=$?
[ "$status" -eq 2 ]
#--- stdout
1
#--- stderr
ota-sim inspect: no update can be tried: nothing boots (the bootloader found no valid partition table)
