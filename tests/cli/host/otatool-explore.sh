. "$TOP/tests/cli/host/device"
ota-sim otadata make records --entry0 1:valid --entry1 2:valid
ota-sim parttool -q -p device.bin write_partition -n otadata --input records
cp device.bin before
ota-sim otatool -p device.bin switch_ota_partition --slot 0 --explore
ota-sim otatool -p device.bin switch_ota_partition --slot 0 --explore --safe
cmp before device.bin
#--- stdout
before the switch ota_1 boots, after it ota_0 boots.
10 flash operations in 91.8 ms; the power cut in 6782 ways:
  ota_1 boots: 98 states, 49.0 ms of the switch; for example erase of 4096 bytes at 0xd000, right before it
  ota_0 boots: 6684 states, 42.8 ms of the switch; for example erase of 4096 bytes at 0xe000, zero-front:1
in 2859 of them (41.2 ms) no record of otadata counts any more: the choice of slot is lost, whatever it was.
before the switch ota_1 boots, after it ota_0 boots.
5 flash operations in 45.9 ms; the power cut in 1571 ways:
  ota_1 boots: 1347 states, 45.2 ms of the switch; for example erase of 4096 bytes at 0xd000, right before it
  ota_0 boots: 224 states, 0.7 ms of the switch; for example program of 64 bytes at 0xd000, prefix:32
a record of otadata counts in all of them.
