# A merged file where one image belongs: what it holds and where, and how to say which part is meant.
ota-sim partitions >two.bin - <<'CSV'
nvs,     data, nvs,   0x9000,  0x4000
otadata, data, ota,   0xd000,  0x2000
ota_0,   app,  ota_0, 0x10000, 64K
ota_1,   app,  ota_1, ,        64K
CSV
ota-sim image make --size 20000 --app-version 2.0.0 --project demo app.bin
ota-sim flash --size 1MB --table two.bin --part ota_0=app.bin flash.bin
head -c 85536 flash.bin | tail -c +4097 >merged.bin
ota-sim image info merged.bin
scenario() {
    printf '%s\n' 'name: A merged file' 'board: {size: 1M, partitions: two.bin}' 'images:' '  old: {version: 1.0.0}' "  new: $1" \
        'flash: {ota_0: old}' 'steps:' '  - update: new' '  - restart:' '    expect: {version: 2.0.0}'
}
scenario '{file: merged.bin}' >all.yaml
scenario '{file: merged.bin, part: factory}' >another.yaml
scenario '{file: app.bin, part: ota_0}' >none.yaml
for part in ota_0 0x10000; do
    scenario "{file: merged.bin, part: $part}" >part.yaml
    ota-sim run part.yaml | grep PASS
done
for file in all another none; do ota-sim run "$file.yaml" >/dev/null || echo "status $?"; done
printf '%s\n' 'name: In flash' 'board: {size: 1M, partitions: two.bin}' 'flash: {ota_0: {file: merged.bin}}' 'steps: [boot]' >place.yaml
printf '%s\n' 'name: A dump' 'board: {size: 1M}' 'flash: {dump: merged.bin}' 'steps: [boot]' >dump.yaml
sed 's/ota_0: {file/0x18000: {file/' place.yaml >far.yaml
for file in place far dump; do ota-sim run "$file.yaml" >/dev/null || echo "status $?"; done
ota-sim flash --table two.bin --size 1MB --part ota_1=merged.bin other.bin || echo "status $?"
#--- stdout
a merged file, from 0x1000 on:
0x008000     3072 bytes  partition_table
0x010000    20000 bytes  ota_0, demo 2.0.0
PASS  part.yaml [v6.0]                            1 expectation, 2 boots
PASS  part.yaml [v6.0]                            1 expectation, 2 boots
status 2
status 2
status 2
status 2
status 2
status 2
status 2
#--- stderr
all.yaml:5:15: error[E0315]: `merged.bin` is more than one image: it holds partition_table at 0x8000, ota_0 (demo 2.0.0) at 0x10000
  |
5 |   new: {file: merged.bin}
  |               ^^^^^^^^^^
  = help: say which: `{file: merged.bin, part: ota_0}`; all of it, as it is: `{data: {file: merged.bin}}`
another.yaml:5:33: error[E0315]: `merged.bin` has no part `factory`: it holds partition_table at 0x8000, ota_0 (demo 2.0.0) at 0x10000
  |
5 |   new: {file: merged.bin, part: factory}
  |                                 ^^^^^^^
none.yaml:5:30: error[E0315]: `app.bin` is no merged file: it has no parts
  |
5 |   new: {file: app.bin, part: ota_0}
  |                              ^^^^^
  = help: leave `part` out
place.yaml:3:23: error[E0303]: 81440 bytes do not fit into the 65536 that ota_0 has here
  |
2 | board: {size: 1M, partitions: two.bin}
  |                               ------- its size is given here
3 | flash: {ota_0: {file: merged.bin}}
  |                       ^^^^^^^^^^
  = help: it holds partition_table at 0x8000, ota_0 (demo 2.0.0) at 0x10000; one part of it is `{file: merged.bin, part: NAME}`
far.yaml:3:25: error[E0315]: `merged.bin` begins at 0x1000, not at 0x18000: it holds partition_table at 0x8000, ota_0 (demo 2.0.0) at 0x10000
  |
3 | flash: {0x18000: {file: merged.bin}}
  |                         ^^^^^^^^^^
  = help: one part of it is `{file: merged.bin, part: NAME}`; all of it is `0x1000: {file: merged.bin}`
dump.yaml:3:15: error[E0315]: a dump begins at 0, this one does not: it holds partition_table at 0x8000, ota_0 (demo 2.0.0) at 0x10000
  |
3 | flash: {dump: merged.bin}
  |               ^^^^^^^^^^
  = help: write `0x1000: {file: merged.bin}` instead of `dump`
ota-sim flash: merged.bin: a merged file, not an app image: it holds partition_table at 0x8000, ota_0 (demo 2.0.0) at 0x10000
