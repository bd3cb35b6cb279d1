# The user's own code as bootloader: it says which image starts; what stands for it in flash has to be whole.
cc -shared -fPIC -g -I "$TOP/ota/include" -I "$TOP/sim/guest/include" "$DATA/guest/bootloader.c" -o boot.so
cat >own.yaml <<END
name: Its own bootloader
board:
  size: 1M
  partitions: |
    select,  data, 0x40,  0xe000,  0x1000
    journal, data, 0x41,  0xf000,  0x1000
    ota_0,   app,  ota_0, 0x10000, 64K
    ota_1,   app,  ota_1, ,        64K
  bootloader: {guest: boot.so}
images:
  old: {version: 1.0.0, size: 1K}
  new: {version: 2.0.0, size: 1K}
flash: {ota_0: old, ota_1: new}
steps:
  - boot:
    expect: {booted: ota_0}
  - esp_partition_write: {partition: select, bytes: "01"}
    name: select
  - restart:
    expect: {booted: ota_1, version: 2.0.0}
explore:
  faults: [clean, prefix]
  depth: 2
  between: [select, select]
  invariants: [boots]
END
ota-sim run -v own.yaml
ota-sim run --no-memo --json no-memo.json own.yaml >text
ota-sim run -j3 --json memo.json own.yaml >text
for file in no-memo memo; do jq -S 'del(.scenarios[].exploration.elapsed_s)' $file.json >$file; done
cmp no-memo memo
sed 's/guest: boot.so/guest: boot.so, release: v5.1/' own.yaml >options.yaml
ota-sim run options.yaml 2>text || head -n 1 text
{ sed '/^explore/,$d; s/- boot:/- corrupt: {at: 0x1400, bytes: "00"}\n  - boot:/; s/booted: ota_0/booted: nothing/' own.yaml; } >torn.yaml
ota-sim run -v torn.yaml | sed -n '/^step 1/,/^step 3/p' | grep rom | sort -u
#--- exit 1
#--- stdout glob
own.yaml [v6.0]: Its own bootloader
step 1: boot
  boot: power-on
    I rom: load:0x3fff0000,len:0x100
    I rom: load:0x40078000,len:0x400
    I rom: entry 0x40078000
    I app: boot number 0: slot 0
  esp_flash_write
       0.002009 s  program 0x00f000 +0x4  journal  39.1 us
  app old 1.0.0 in ota_0 runs
  as expected: booted: ota_0
step 2: esp_partition_write select
  esp_partition_write
       0.002154 s  program 0x00e000 +0x1  select  30.0 us
  esp_partition_write: ESP_OK
step 3: restart
  the app restarts
  boot: software reset
    I rom: load:0x3fff0000,len:0x100
    I rom: load:0x40078000,len:0x400
    I rom: entry 0x40078000
    I app: boot number 1: slot 1
  esp_flash_write
       0.004194 s  program 0x00f004 +0x4  journal  39.1 us
  app new 2.0.0 in ota_1 runs
  as expected: booted: ota_1
  as expected: version: 2.0.0
PASS  own.yaml [v6.0]                             3 expectations, 2 boots
      6 crash states, 5 distinct; 85 recoveries run, 0 saved; not closed: at
        most 2 cuts in a row; in * s
      bounded: at most 2 cuts in a row

1 scenario: 1 passed, 0 failed, 0 errors, in * s

ERROR options.yaml:9:32: `release` beside `guest`
1 scenario: 0 passed, 0 failed, 1 error, in * s
options.yaml:9:32: error[E0314]: `release` beside `guest`
    E rom: Checksum failure. Calculated 0xe3 stored 0xe1
    I rom: load:0x3fff0000,len:0x100
    I rom: load:0x40078000,len:0x400
