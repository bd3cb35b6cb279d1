# The program can be loaded anywhere, its tables are read-only once it runs, its stack is no code.
# Not under Valgrind: it runs nothing
program=$BUILD/ota-sim
readelf -W -h -l -d "$program" >elf
grep -c 'Type: *DYN' elf
grep -c 'GNU_RELRO' elf
grep -cE 'FLAGS_1.*NOW' elf
grep -cE 'GNU_STACK.* RW +0x' elf
#--- stdout
1
1
1
1
