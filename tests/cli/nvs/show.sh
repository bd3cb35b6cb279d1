# A partition made from a CSV file, shown, compared with another; what is damaged is named, and what start-up would repair.
printf '%s\n' 'key,type,encoding,value' '# of the update code' ota,namespace,, progress,data,u32,0x10000 \
    'channel,data,string,"beta, nightly"' offset,data,i16,-5 token,data,hex2bin,0102030a 'hello,data,base64,aGVsbG8=' \
    key,file,binary,key.bin wifi,namespace,, ssid,data,string,home >a.csv
printf 'key of many bytes, all of them secret' >key.bin
ota-sim nvs make a.csv a.bin --size 16K
ota-sim nvs show a.bin --entries
ota-sim nvs check a.bin
sed 's/0x10000/0x20000/; /ssid/d' a.csv >b.csv
ota-sim nvs make b.csv b.bin --size 0x4000
status=0 && ota-sim nvs diff a.bin b.bin || status=$?
[ "$status" -eq 1 ]
ota-sim nvs diff a.bin a.bin
cp a.bin damaged.bin
printf '\0' | dd of=damaged.bin bs=1 seek=$((64 + 32 * 2 + 5)) conv=notrunc status=none # the CRC of `channel`
printf '\0' | dd of=damaged.bin bs=1 seek=$((64 + 32 * 6)) conv=notrunc status=none     # a byte of `token`
status=0 && ota-sim nvs check damaged.bin || status=$?
[ "$status" -eq 1 ]
#--- stdout
pages: 4
  page 0   0x00000  ACTIVE    seq 0  written 18, erased 0, empty 108
    [  0] written   namespace 0  ota  u8
    [  1] written   namespace 1  progress  u32
    [  2] written   namespace 1  channel  string, 14 bytes
    [  3] written   data
    [  4] written   namespace 1  offset  i16
    [  5] written   namespace 1  token  blob data, 4 bytes, chunk 0x00
    [  6] written   data
    [  7] written   namespace 1  token  blob index, 4 bytes in 1 from chunk 0x00
    [  8] written   namespace 1  hello  blob data, 5 bytes, chunk 0x00
    [  9] written   data
    [ 10] written   namespace 1  hello  blob index, 5 bytes in 1 from chunk 0x00
    [ 11] written   namespace 1  key  blob data, 37 bytes, chunk 0x00
    [ 12] written   data
    [ 13] written   data
    [ 14] written   namespace 1  key  blob index, 37 bytes in 1 from chunk 0x00
    [ 15] written   namespace 0  wifi  u8
    [ 16] written   namespace 2  ssid  string, 5 bytes
    [ 17] written   data
  page 1   0x01000  blank   
  page 2   0x02000  blank   
  page 3   0x03000  blank   
values: 7
  ota/progress  u32 65536
  ota/channel  string "beta, nightly"
  ota/offset  i16 -5
  ota/token  blob 01 02 03 0a (4 bytes)
  ota/hello  blob 68 65 6c 6c 6f (5 bytes)
  ota/key  blob 6b 65 79 20 6f 66 20 6d 61 6e 79 20 62 79 74 65 ... (37 bytes)
  wifi/ssid  string "home"
entries: 18 of 504 used, 2 namespaces
start-up has nothing to repair
a.bin: whole: 7 values, nothing to repair
- ota/progress  u32 65536
+ ota/progress  u32 131072
- wifi/ssid  string "home"
pages: 4
  page 0   0x00000  ACTIVE    seq 0  written 18, erased 0, empty 108
  page 1   0x01000  blank   
  page 2   0x02000  blank   
  page 3   0x03000  blank   
values: 5
  ota/progress  u32 65536
  ota/offset  i16 -5
  ota/hello  blob 68 65 6c 6c 6f (5 bytes)
  ota/key  blob 6b 65 79 20 6f 66 20 6d 61 6e 79 20 62 79 74 65 ... (37 bytes)
  wifi/ssid  string "home"
  ota/token  blob: damaged, it cannot be read
entries: 16 of 504 used, 2 namespaces
start-up would repair, in 4 operations:
  page 0: entry 2 (damaged) is erased
  page 0: entry 3 (damaged) is erased
