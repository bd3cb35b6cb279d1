# Who changes a flash file has it for itself; the others hear who that is, or wait.
. "$TOP/tests/cli/host/device"
ota-sim serve --flash device.bin --pty --control socket >served &
server=$!
for ((i = 0; i < 500; i++)); do [ ! -s served ] || break; sleep 0.01; done
for command in 'serve --flash device.bin --pty' 'otatool -q -p device.bin erase_otadata' \
    'parttool -q -p device.bin erase_partition -n ota_1'; do
    status=0
    # shellcheck disable=SC2086 # several words
    ota-sim $command 2>err || status=$?
    [ "$status" -eq 2 ]
    sed "s/$server/N/" err
done
ln -s device.bin other-name
status=0
ota-sim parttool -q -p other-name erase_partition -n ota_1 2>/dev/null || status=$?
[ "$status" -eq 2 ]
ota-sim parttool -q -p device.bin read_partition -n ota_0 --output app # reading is free
ota-sim parttool -p device.bin --wait erase_partition -n ota_1 &
waiting=$!
kill "$server"
wait "$server"
wait "$waiting"

# Killed with the lock in hand: the lock is nobody's, and goes with the next one.
ota-sim serve --flash device.bin --pty >served-again &
server=$!
for ((i = 0; i < 500; i++)); do [ ! -s served-again ] || break; sleep 0.01; done
kill -9 "$server"
wait "$server" 2>/dev/null || true
ls .device.bin.lock
ota-sim parttool -q -p device.bin erase_partition -n ota_0
[ ! -e .device.bin.lock ]

# No update is lost: each writer finds what those before it have written.
for ((i = 0; i < 8; i++)); do
    head -c 256 /dev/zero | tr '\0' "$i" >"part$i"
done
printf 'p%d,data,fat,%d,4K\n' 0 36864 1 40960 2 45056 3 49152 4 53248 5 57344 6 61440 7 65536 >eight.csv
ota-sim flash --table eight.csv --size 1MB eight.bin
for ((i = 0; i < 8; i++)); do
    ota-sim parttool -q -p eight.bin --wait write_partition -n "p$i" --input "part$i" &
done
wait
for ((i = 0; i < 8; i++)); do
    ota-sim parttool -q -p eight.bin read_partition -n "p$i" --output "read$i"
    head -c 256 "read$i" | cmp - "part$i"
done
#--- stdout
ota-sim serve: device.bin: is in use by ota-sim serve (process N); --wait waits until it is free
ota-sim otatool: device.bin: is in use by ota-sim serve (process N); --wait waits until it is free
ota-sim parttool: device.bin: is in use by ota-sim serve (process N); --wait waits until it is free
partition `ota_1` at 0x110000 is erased
.device.bin.lock
#--- stderr ignore
