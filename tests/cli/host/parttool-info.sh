. "$TOP/tests/cli/host/device"
ota-sim parttool -p device.bin get_partition_info -n nvs
ota-sim parttool -p device.bin get_partition_info --partition-type app --partition-subtype ota_1 --info name offset size readonly
ota-sim parttool -p device.bin get_partition_info -d --info name type subtype encrypted
ota-sim parttool -p device.bin get-partition-info -t data -s phy --part_list --info name
ota-sim parttool -p device.bin get_partition_info -n none
ota-sim parttool -p device.bin -f two.csv get_partition_info -n ota_1
