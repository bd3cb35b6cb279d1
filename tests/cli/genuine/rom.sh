# `rom:` runs a mask ROM from its reset vector: one of our own, which fills its variables, finds the bootloader and starts it. What
# is no ROM of this chip is refused, and one without a bootloader's file.
clang --target=riscv32 -march=rv32imc -mabi=ilp32 -nostdlib -fuse-ld=lld -Wl,--section-start=.text=0x40000000 \
    -Wl,--section-start=.rodata=0x40040000 -Wl,-Tdata=0x3fcdf000 -o rom.elf "$TOP/tests/genuine/own/rom.S"
printf '\xe9\1\2\x20\x10\xe7\x3c\x40\xee\0\0\0\5\0\0\0\0\0\0\0\0\0\0\0\x10\xe7\x3c\x40\4\0\0\0\x6f\0\0\0' >loops.bin
printf '\0\0\0\0\0\0\0\0\0\0\0\x80' >>loops.bin
cat >small.yaml <<'YAML'
name: A genuine ROM
board:
  partitions: |
    otadata, data, ota,   0xd000,  0x2000
    ota_0,   app,  ota_0, 0x10000, 64K
  bootloader: {binary: loops.bin, rom: rom.elf}
images:
  app: {version: 1.0.0, size: 20K}
flash:
  ota_0: app
steps:
  - boot:
    expect: {booted: nothing}
YAML
ota-sim run -v --no-explore small.yaml >text
grep -m 3 -E 'console:|for ever|PASS' text
sed 's/binary: loops.bin, //' small.yaml >lonely.yaml
ota-sim run --no-explore lonely.yaml >text || echo "status $?"
ota-sim run --no-explore --rom loops.bin small.yaml >text || echo "status $?"
ota-sim twin --rom rom.elf --boards 1 loops.bin | sed -n 1,3p || true
ota-sim twin --rom small.yaml --boards 1 loops.bin || echo "status $?"
printf '\0' | dd of=loops.bin bs=1 seek=5 conv=notrunc status=none # its entry is elsewhere: the ROM runs away
ota-sim run -v --no-explore small.yaml >text || true
grep -m 1 -o "touched an address.*\|runs what.*" text
#--- stdout
    I console: own ROM
  the bootloader loops for ever; a watchdog resets the chip
    I console: own ROM
status 2
status 2
DIFFERENT  random board --seed 1 --boards 1
boot 1, power-on, differs in the choice:
  the binary is lost: the bootloader loops for ever; a watchdog resets the chip
status 2
runs what is not its code; a watchdog resets the chip
#--- stderr
lonely.yaml:6:21: error[E0314]: `rom` without `binary`
  |
6 |   bootloader: {rom: rom.elf}
  |                     ^^^^^^^
  = help: the genuine ROM loads a genuine bootloader: name its file
small.yaml:6:40: error[E0313]: this is no ROM of the esp32c3 as an ELF file
  |
6 |   bootloader: {binary: loops.bin, rom: rom.elf}
  |                                        ^^^^^^^
  = help: the ROMs are published as ELF files (esp-rom-elfs; `resources/roms/` of espflash)
ota-sim twin: small.yaml: this is no ROM of the esp32c3 as an ELF file
