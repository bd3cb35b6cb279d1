# gdb at a bootloader that the replay executes: registers, memory, breakpoints, steps, to the end of the boots. With its ELF file
# the story names the places. Both need what they look into.
# Not under Valgrind: gdb waits for it.
clang --target=riscv32 -march=rv32imc -mabi=ilp32 -nostdlib -fuse-ld=lld -g -Wl,-Ttext=0x403ce710 -o boot.elf \
    "$TOP/tests/genuine/own/bootloader.S"
"$TOP/tests/genuine/own/image" boot.elf boot.bin
cat >small.yaml <<'YAML'
name: A bootloader that is looked into
board:
  partitions: |
    otadata, data, ota,   0xd000,  0x2000
    ota_0,   app,  ota_0, 0x10000, 64K
  bootloader: {binary: boot.bin, elf: boot.elf}
images:
  app: {version: 1.0.0, size: 20K}
flash:
  ota_0: app
steps:
  - boot:
    expect: {booted: nothing}
explore: {faults: none, invariants: {wear-bounded: off}} # it erases at each of its boots
YAML
ota-sim run -v --no-explore small.yaml >text
grep -m 2 elf: text
: >where
ota-sim replay --gdb 0 small.yaml boot/0/clean >story 2>where &
until grep -q remote where; do :; done
gdb-multiarch -q -nx -batch -ex 'set pagination off' -ex "target remote $(grep -o '127[0-9.:]*' where)" -ex 'p/x $pc' \
    -ex 'break erase_a_sector' -ex continue -ex 'p $t0' -ex stepi -ex 'p/x $pc - (long)erase_a_sector' -ex 'set var $t1 = 77' \
    -ex 'p $t1' -ex 'x/1xw 0x403ce710' -ex 'set var *(int *)0x3fc90000 = 0x1234' -ex 'p/x *(int *)0x3fc90000' \
    -ex 'x/1xw 0x10000000' -ex delete -ex 'break lost' -ex continue -ex 'p $t0' -ex kill boot.elf >talk 2>&1 || true
wait
grep -E '^\$|^0x|Cannot|exited' talk
grep '^the end' story
sed 's/  bootloader:.*//' small.yaml >none.yaml
ota-sim replay --gdb 0 none.yaml boot/0/clean || echo "status $?"
ota-sim run --no-explore --elf small.yaml small.yaml >text || echo "status $?"
#--- stdout
    I elf: erases at 0x403ce74a: erase_a_sector (bootloader.S:28)
    I elf: the end at 0x403ce71c: _start (bootloader.S:12)
$1 = 0x403ce710
$2 = 1
$3 = 0x4
$4 = 77
0x403ce710 <_start>:	0x00100293
$5 = 0x1234
0x10000000:	Cannot access memory at address 0x10000000
$6 = 2
the end: nothing bootable after 16 boots
status 2
status 2
#--- stderr
ota-sim replay: --gdb looks into a genuine bootloader: name one by --bootloader
small.yaml:6:39: error[E0313]: small.yaml: not a valid ELF file
  |
6 |   bootloader: {binary: boot.bin, elf: boot.elf}
  |                                       ^^^^^^^^
  = help: idf.py build leaves it in build/bootloader/bootloader.elf
