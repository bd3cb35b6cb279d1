# CSV from a file, as gen_esp32part reads it; an error in it is an error of that file.
cat >partitions.csv <<'CSV'
otadata, data, ota,   0xd000,  0x2000
ota_0,   app,  ota_0, 0x10000, 64K
ota_1,   app,  ota_1, ,        64K
CSV
awk '/partitions: \|/ { print "  partitions: partitions.csv"; skip = 3; next } skip > 0 { skip--; next } { print }' \
    "$DATA/passes.yaml" >table.yaml
ota-sim run table.yaml
sed -i 's/0x10000/0x10010/' partitions.csv
ota-sim run table.yaml
#--- exit 2
#--- stdout glob
PASS  table.yaml [v6.0]                           5 expectations, 2 boots

1 scenario: 1 passed, 0 failed, 0 errors, in * s

ERROR table.yaml:4:15: ./partitions.csv:2: Partition ota_0 invalid: Offset
      0x10010 is not aligned to 0x10000
1 scenario: 0 passed, 0 failed, 1 error, in * s
#--- stderr
table.yaml:4:15: error[E0301]: ./partitions.csv:2: Partition ota_0 invalid: Offset 0x10010 is not aligned to 0x10000
  |
4 |   partitions: partitions.csv
  |               ^^^^^^^^^^^^^^

table.yaml:8:3: warning[W0902]: the image `old` is never used
  |
8 |   old: {version: 1.0.0, at_boot: confirm}
  |   ^^^
