# One exit status for what the system could not write, in all commands: 3. A mistake in the command is 2.
# Not under Valgrind: it writes files of its own, which are limited here too
. "$TOP/tests/cli/host/device"
cp "$DATA/passes.yaml" x.yaml
full() {
    status=0
    # A limit stands for the full disk: writes fail there as well, half way.
    (trap '' XFSZ && ulimit -f 1 && exec ota-sim "$@") >/dev/null 2>&1 || status=$?
    echo "$1 $status"
}
full run --no-explore --json report.json x.yaml
full flash --table two.csv new.bin
full image make new.bin --size 100000
full otadata make new.bin
full parttool -q -p device.bin erase_partition -n ota_1
full otatool -q -p device.bin erase_otadata
full nvs make "$DATA/values.csv" new.bin --size 24K
full serve --flash new.bin
full inspect --json new.json device.bin
full replay x.yaml none --save-flash new.bin # a mistake in the command
for missing in 'flash --table two.csv' 'image make' 'otadata make'; do
    status=0
    # shellcheck disable=SC2086 # several words
    ota-sim $missing no-folder/new.bin 2>/dev/null || status=$?
    echo "$missing $status"
done
[ -z "$(find . -name '*.tmp' -o -name 'new.*' -o -name report.json)" ]
#--- stdout
run 3
flash 3
image 3
otadata 3
parttool 3
otatool 3
nvs 3
serve 3
inspect 3
replay 2
flash --table two.csv 3
image make 3
otadata make 3
