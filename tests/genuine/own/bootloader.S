// A bootloader of our own for the ESP32-C3 that does three things a debugger can follow: calls a function of its own, erases a
// sector by the ROM, and loops for ever.
    .option norvc
    .section .text, "ax"
    .globl _start
    .type _start, @function
_start:
    addi t0, zero, 1
    jal  ra, erase_a_sector
    addi t0, zero, 2
lost:
    j    lost
    .size _start, . - _start

    .globl erase_a_sector
    .type erase_a_sector, @function
erase_a_sector:
    addi sp, sp, -16
    sw   ra, 12(sp)
    lui  a1, 0x400          // the chip: 4 MiB
    lui  a2, 0x10
    lui  a3, 0x1
    addi a4, zero, 0x100
    lui  t2, %hi(0x40000134) // esp_rom_spiflash_config_param
    jalr ra, %lo(0x40000134)(t2)
    addi a0, zero, 15
    lui  t2, %hi(0x40000128) // esp_rom_spiflash_erase_sector
    jalr ra, %lo(0x40000128)(t2)
    lw   ra, 12(sp)
    addi sp, sp, 16
    ret
    .size erase_a_sector, . - erase_a_sector
