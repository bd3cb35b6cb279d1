. "$TOP/tests/cli/host/device"
ota-sim otadata make records --entry0 1:valid --entry1 2:valid
ota-sim parttool -q -p device.bin write_partition -n otadata --input records
cp device.bin before
ota-sim otatool -p device.bin switch_ota_partition --slot 0 --explore
ota-sim otatool -p device.bin switch_ota_partition --slot 0 --explore --safe
cmp before device.bin
#--- stdout
before the switch ota_1 boots, after it ota_0 boots.
134 flash operations in 253.3 ms; the power cut in 27334 ways:
  ota_1 boots: 3883 states, 77.7 ms of the switch; for example erase of 4096 bytes at 0xd000, right before it
  ota_0 boots: 23451 states, 175.6 ms of the switch; for example erase of 4096 bytes at 0xe000, zero-front:1
in 10948 of them (140.8 ms) no record of otadata counts any more: the choice of slot is lost, whatever it was.
before the switch ota_1 boots, after it ota_0 boots.
5 flash operations in 45.9 ms; the power cut in 4811 ways:
  ota_1 boots: 4587 states, 45.2 ms of the switch; for example erase of 4096 bytes at 0xd000, right before it
  ota_0 boots: 224 states, 0.7 ms of the switch; for example program of 64 bytes at 0xd000, prefix:32
a record of otadata counts in all of them.
