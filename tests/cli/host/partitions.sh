. "$TOP/tests/cli/host/device"
ota-sim partitions two.csv two.table
md5sum <two.table
ota-sim partitions two.table
ota-sim partitions two.table - | ota-sim partitions - again
cmp two.table again
ota-sim partitions --flash-size 4MB --secure v2 --extra-partition-subtypes 'data, mine, 0x41' 'app, test2, 0x21' -- two.csv - | md5sum
for wrong in '--flash-size 2MB two.csv' '--flash-size 3MB two.csv' '--offset 0x10000 two.csv' 'one.bin' '' 'missing' \
    '--primary-bootloader-offset 0x9000 two.csv'; do
    status=0
    # shellcheck disable=SC2086 # several words
    ota-sim partitions $wrong || status=$?
    [ "$status" -eq 2 ]
done
