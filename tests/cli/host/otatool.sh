. "$TOP/tests/cli/host/device"
ota-sim otatool -p device.bin read_otadata
ota-sim otatool -p device.bin switch_ota_partition --slot 1
ota-sim otatool -p device.bin read_otadata | tail -n 1
ota-sim otatool -p device.bin --esptool-args before=no_reset after=hard_reset switch_ota_partition --name ota_0
ota-sim otatool -p device.bin read_otadata | tail -n 1
ota-sim otatool -q -p device.bin read_ota_partition --slot 1 --output out
cmp -n 30000 out two.bin
ota-sim otatool -p device.bin write_ota_partition --name ota_1 --input one.bin
ota-sim otatool -p device.bin erase_ota_partition --slot 0
ota-sim otatool -p device.bin erase_otadata
ota-sim otatool -p device.bin read_otadata | tail -n 1
#--- stdout
             OTA_SEQ  	  CRC      | 	  OTA_SEQ  	   CRC     
Firmware:  0x000001 	0x4743989a | 	0xffffffff 	 0xffffffff
slot 1 (`ota_1`) is selected
Firmware:  0x000001 	0x4743989a | 	0x000002 	 0x55f63774
slot 0 (`ota_0`) is selected
Firmware:  0x000003 	0xed4a5011 | 	0x000002 	 0x55f63774
20000 bytes of one.bin are in `ota_1`
`ota_0` is erased
otadata at 0xd000 is erased
Firmware:  0xffffffff 	0xffffffff | 	0xffffffff 	 0xffffffff
