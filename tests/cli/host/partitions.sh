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
#--- stdout
384aca7296deac6a1f368bcbf8daa7cc  -
# ESP-IDF Partition Table
# Name, Type, SubType, Offset, Size, Flags
nvs,data,nvs,0x9000,16K,
otadata,data,ota,0xd000,8K,
phy_init,data,phy,0xf000,4K,
ota_0,app,ota_0,0x10000,1M,
ota_1,app,ota_1,0x110000,1M,
384aca7296deac6a1f368bcbf8daa7cc  -
#--- stderr
ota-sim partitions: two.csv: Partitions tables occupies 2.1MB of flash (2162688 bytes) which does not fit in configured flash size 2MB. Change the flash size in menuconfig under the 'Serial Flasher Config' menu.
ota-sim partitions: --flash-size takes 1MB, 2MB, 4MB ... 128MB, not `3MB`
`ota-sim partitions --help` shows what there is.
ota-sim partitions: two.csv: CSV Error at line 1: Partitions overlap. Partition sets offset 0x9000. But partition table occupies the whole sector 0x10000. Use a free offset 0x11000 or higher.
ota-sim partitions: one.bin: neither a binary partition table (it would begin with AA 50) nor text in UTF-8
ota-sim partitions: which table? INPUT is a CSV or binary file, `-` standard input
`ota-sim partitions --help` shows what there is.
ota-sim partitions: missing: cannot open: No such file or directory
ota-sim partitions: the bootloader at 0x9000 does not lie below the table at 0x8000
`ota-sim partitions --help` shows what there is.
