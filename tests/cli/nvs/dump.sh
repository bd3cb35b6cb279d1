# In a whole dump the partition is found by its table.
printf '%s\n' key,type,encoding,value n,namespace,, k,data,u8,7 >a.csv
ota-sim nvs make a.csv nvs.bin --size 0x4000
printf '%s\n' nvs,data,nvs,0x9000,0x4000 otadata,data,ota,,0x2000 keys,data,nvs,,0x3000 app,app,factory,0x20000,64K >table.csv
ota-sim partitions table.csv table.bin
head -c $((0x30000)) /dev/zero | tr '\0' '\377' >dump.bin
dd if=table.bin of=dump.bin bs=4096 seek=8 conv=notrunc status=none
dd if=nvs.bin of=dump.bin bs=4096 seek=9 conv=notrunc status=none
ota-sim nvs show dump.bin
ota-sim nvs show dump.bin --partition keys
ota-sim inspect dump.bin | sed -n '/^NVS/,/^$/p'
ota-sim inspect --json - dump.bin | jq -c '.nvs[] | [.label, .offset, .values]'
status=0 && ota-sim nvs show dump.bin --partition otadata || status=$?
[ "$status" -eq 2 ]
head -c $((0xa000)) dump.bin >short.bin
ota-sim nvs show short.bin
#--- exit 2
#--- stdout
pages: 4
  page 0   0x00000  ACTIVE    seq 0  written 2, erased 0, empty 124
  page 1   0x01000  blank   
  page 2   0x02000  blank   
  page 3   0x03000  blank   
values: 1
  n/k  u8 7
entries: 2 of 504 used, 1 namespace
start-up has nothing to repair
pages: 3, all blank
values: 0
entries: 0 of 378 used, 0 namespaces
start-up has nothing to repair
NVS nvs at 0x9000, read by v6.0
  pages: 4
    page 0   0x00000  ACTIVE    seq 0  written 2, erased 0, empty 124
    page 1   0x01000  blank   
    page 2   0x02000  blank   
    page 3   0x03000  blank   
  values: 1
    n/k  u8 7
  entries: 2 of 504 used, 1 namespace
  start-up has nothing to repair

["nvs",36864,[{"namespace":"n","key":"k","type":"u8","value":7}]]
#--- stderr
ota-sim nvs: dump.bin: its partition table has no NVS partition otadata
ota-sim nvs: short.bin: `nvs` (0x4000 bytes at 0x9000) ends beyond the file
