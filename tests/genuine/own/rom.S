// A mask ROM of our own for the ESP32-C3, as small as one can be: fills its variables from the copy in ROM, says so, loads the
// only segment of the bootloader that lies at the beginning of flash, and starts it.
    .option norvc
    .section .text, "ax"
    .globl _start
_start:
    la   t0, table
    lw   t1, 0(t0)          // to
    lw   t2, 4(t0)          // up to
    lw   t3, 8(t0)          // from
copy:
    lw   t4, 0(t3)
    sw   t4, 0(t1)
    addi t1, t1, 4
    addi t3, t3, 4
    bltu t1, t2, copy
    lui  t0, %hi(greeting)  // "own ROM", as it stands in RAM now
    addi t0, t0, %lo(greeting)
    lui  t2, 0x60000
say:
    lbu  t1, 0(t0)
    beqz t1, said
    sw   t1, 0(t2)
    addi t0, t0, 1
    j    say
said:
    lui  t0, 0x600c5        // entry 0 of the MMU shows the beginning of flash
    sw   zero, 0(t0)
    lui  t0, 0x3c000
    lw   a0, 4(t0)          // where it begins
    lw   t1, 24(t0)         // its segment: where to, how long
    lw   t2, 28(t0)
    add  t2, t2, t1
load:
    lw   t4, 32(t0)
    sw   t4, 0(t1)
    addi t0, t0, 4
    addi t1, t1, 4
    bltu t1, t2, load
    jr   a0

    .section .rodata, "a"
    .balign 4
table:
    .word greeting, greeting_end, source, 0
name:
    .asciz "esp32c3-own"
    .balign 4
source:
    .space 12

    .section .data, "aw"
greeting:
    .asciz "own ROM\n"
    .balign 4
greeting_end:
