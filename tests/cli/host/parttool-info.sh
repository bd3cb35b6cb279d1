. "$TOP/tests/cli/host/device"
ota-sim parttool -p device.bin get_partition_info -n nvs
ota-sim parttool -p device.bin get_partition_info --partition-type app --partition-subtype ota_1 --info name offset size readonly
ota-sim parttool -p device.bin get_partition_info -d --info name type subtype encrypted
ota-sim parttool -p device.bin get-partition-info -t data -s phy --part_list --info name
ota-sim parttool -p device.bin get_partition_info -n none
ota-sim parttool -p device.bin -f two.csv get_partition_info -n ota_1
#--- stdout
0x9000 0x4000
ota_1 0x110000 0x100000 False
ota_0 0 16 False
phy_init
0x110000 0x100000
