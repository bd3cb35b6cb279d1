// A little assembler for hand-made RISC-V programs.
#ifndef TESTS_UNIT_RISCV_EXAMPLE_H
#define TESTS_UNIT_RISCV_EXAMPLE_H

#include <stddef.h>
#include <stdint.h>

enum { ZERO, RA, SP, T0 = 5, T1 = 6, T2 = 7, A0 = 10, A1, A2, A3, A4, A5 };

static inline uint32_t lui(uint32_t rd, uint32_t value) {
    return (value & 0xFFFFF000) | rd << 7 | 0x37;
}
static inline uint32_t immediate(uint32_t opcode, uint32_t function, uint32_t rd, uint32_t rs1, int32_t imm) {
    return (uint32_t)imm << 20 | rs1 << 15 | function << 12 | rd << 7 | opcode;
}
static inline uint32_t addi(uint32_t rd, uint32_t rs1, int32_t imm) {
    return immediate(0x13, 0, rd, rs1, imm);
}
static inline uint32_t lw(uint32_t rd, uint32_t rs1, int32_t imm) {
    return immediate(0x03, 2, rd, rs1, imm);
}
static inline uint32_t jalr(uint32_t rd, uint32_t rs1, int32_t imm) {
    return immediate(0x67, 0, rd, rs1, imm);
}
static inline uint32_t sw(uint32_t rs2, uint32_t rs1, int32_t imm) {
    uint32_t value = (uint32_t)imm;
    return (value >> 5 & 127) << 25 | rs2 << 20 | rs1 << 15 | 2u << 12 | (value & 31) << 7 | 0x23;
}
static inline uint32_t jal(uint32_t rd, int32_t distance) {
    uint32_t value = (uint32_t)distance;
    return (value >> 20 & 1) << 31 | (value >> 1 & 1023) << 21 | (value >> 11 & 1) << 20 |
           (value >> 12 & 255) << 12 | rd << 7 | 0x6F;
}
static inline uint32_t bne(uint32_t rs1, uint32_t rs2, int32_t distance) {
    uint32_t value = (uint32_t)distance;
    return (value >> 12 & 1) << 31 | (value >> 5 & 63) << 25 | rs2 << 20 | rs1 << 15 | 1u << 12 |
           (value >> 1 & 15) << 8 | (value >> 11 & 1) << 7 | 0x63;
}
#define CSRR(rd, number) ((uint32_t)(number) << 20 | 2u << 12 | (uint32_t)(rd) << 7 | 0x73)
#define ECALL            0x00000073u
#define EBREAK           0x00100073u
// rd := value, in two instructions.
#define LI(rd, value)                                                                                        \
    lui(rd, (uint32_t)(value) + 0x800), addi(rd, rd, (int32_t)((uint32_t)(value) << 20) >> 20)
// Calls a function far away.
#define CALL(address) LI(T2, address), jalr(RA, T2, 0)
#define HANG          jal(ZERO, 0)

#endif
