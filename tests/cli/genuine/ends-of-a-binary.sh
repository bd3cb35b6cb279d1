# A bootloader's file is executed as it is. What it does that is not modelled is an error, never a verdict; a loop without end is
# the watchdog's; a file that is none is refused.
binary() { # CODE, as printf takes it: four bytes
    printf '\xe9\1\2\x20\x10\xe7\x3c\x40\xee\0\0\0\5\0\0\0\0\0\0\0\0\0\0\0\x10\xe7\x3c\x40\4\0\0\0'"$1"
    printf '\0\0\0\0\0\0\0\0\0\0\0'"$2"
}
cat >small.yaml <<'EOF'
name: A genuine bootloader
board:
  partitions: |
    otadata, data, ota,   0xd000,  0x2000
    ota_0,   app,  ota_0, 0x10000, 64K
images:
  app: {version: 1.0.0, size: 20K}
flash:
  ota_0: app
steps:
  - boot:
    expect: {booted: nothing}
EOF
binary '\x6f\0\0\0' '\x80' >loops.bin # jal zero, 0
ota-sim run -v --no-explore --bootloader loops.bin small.yaml >text
grep -m 4 -E 'rom:|watchdog|for ever|PASS' text
binary '\xff\xff\xff\xff' '\xef' >illegal.bin
ota-sim run --bootloader illegal.bin small.yaml 2>&1 | grep -A1 -o 'the bootloader cannot .*' || true
status=0
ota-sim run --bootloader illegal.bin small.yaml >text || status=$?
echo "status $status"
binary '\xff\xff\xff\xff' '\0' >torn.bin
ota-sim run -v --no-explore --bootloader torn.bin small.yaml >text
grep -m 1 -o 'Checksum failure.*' text
ota-sim run --bootloader small.yaml small.yaml
#--- exit 2
#--- stdout glob
    I rom: load:0x403ce710,len:0x4
    I rom: entry 0x403ce710
  the bootloader loops for ever; a watchdog resets the chip
    I rom: load:0x403ce710,len:0x4
the bootloader cannot be executed to its end: illegal
status 2
Checksum failure. Calculated 0xef stored 0x0

ERROR small.yaml: this is no bootloader image: it does not begin with the byte
      0xe9
1 scenario: 0 passed, 0 failed, 1 error, in * s
#--- stderr
small.yaml: error[E0313]: this is no bootloader image: it does not begin with the byte 0xe9
  = help: idf.py build leaves it in build/bootloader/bootloader.bin; chips that can be executed: esp32, esp32c3, esp32c6, esp32h2, esp32c2
