// A little assembler for hand-made Xtensa programs: an instruction as its 3 bytes (Xtensa ISA reference manual, chapter 7).
#ifndef TESTS_CPU_XTENSA_ASSEMBLER_H
#define TESTS_CPU_XTENSA_ASSEMBLER_H

#include <assert.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

// Code that grows, and the address that it will have.
struct xtensa_program {
    uint8_t *bytes;
    uint32_t length, capacity;
    uint32_t address;
};

static inline uint32_t xt_here(const struct xtensa_program *program) {
    return program->address + program->length;
}

static inline void xt_bytes(struct xtensa_program *program, uint32_t word, uint32_t count) {
    assert(program->length + count <= program->capacity);
    for (uint32_t i = 0; i < count; i++)
        program->bytes[program->length++] = (uint8_t)(word >> 8 * i);
}

static inline void xt(struct xtensa_program *program, uint32_t instruction) {
    xt_bytes(program, instruction, (instruction & 8) != 0 ? 2 : 3);
}

static inline void xt_align(struct xtensa_program *program) { // with bytes that are never executed
    while (program->length % 4 != 0)
        xt_bytes(program, 0, 1);
}

// ---- formats ------------------------------------------------------------------------------------

static inline uint32_t xt_rrr(uint32_t op2, uint32_t op1, uint32_t r, uint32_t s, uint32_t t) {
    return op2 << 20 | op1 << 16 | r << 12 | s << 8 | t << 4;
}
static inline uint32_t xt_rri8(uint32_t r, uint32_t op0, uint32_t s, uint32_t t, uint32_t imm8) {
    return (imm8 & 0xFF) << 16 | r << 12 | s << 8 | t << 4 | op0;
}
static inline uint32_t xt_bri12(uint32_t t, uint32_t s, uint32_t imm12) {
    return (imm12 & 0xFFF) << 12 | s << 8 | t << 4 | 6;
}

// ---- instructions -------------------------------------------------------------------------------

#define XT_NOP        0x0020F0u
#define XT_ILL        0x000000u
#define XT_RETW       0x000090u
#define XT_RET        0x000080u
#define XT_SYSCALL    0x005000u
#define XT_BREAK      0x004000u
#define XT_JUMP(here) xt_j(here, here)

static inline uint32_t xt_movi(uint32_t t, int32_t value) {
    return xt_rri8(10, 2, (uint32_t)value >> 8 & 15, t, (uint32_t)value);
}
static inline uint32_t xt_addi(uint32_t t, uint32_t s, int32_t value) {
    return xt_rri8(12, 2, s, t, (uint32_t)value);
}
static inline uint32_t xt_add(uint32_t r, uint32_t s, uint32_t t) {
    return xt_rrr(8, 0, r, s, t);
}
static inline uint32_t xt_mov(uint32_t r, uint32_t s) {
    return xt_rrr(2, 0, r, s, s);
}
static inline uint32_t xt_l32i(uint32_t t, uint32_t s, uint32_t offset) {
    return xt_rri8(2, 2, s, t, offset / 4);
}
static inline uint32_t xt_s32i(uint32_t t, uint32_t s, uint32_t offset) {
    return xt_rri8(6, 2, s, t, offset / 4);
}
static inline uint32_t xt_l32r(uint32_t t, uint32_t here, uint32_t literal) {
    return (literal - ((here + 3) & ~3u)) >> 2 << 8 | t << 4 | 1;
}
static inline uint32_t xt_j(uint32_t here, uint32_t target) {
    return (target - here - 4) << 6 | 6;
}
static inline uint32_t xt_call(uint32_t number, uint32_t here,
                               uint32_t target) { // CALL0, 4, 8, 12: number 0 to 3
    return (target - (here & ~3u) - 4) >> 2 << 6 | number << 4 | 5;
}
static inline uint32_t xt_callx(uint32_t number, uint32_t s) {
    return xt_rrr(0, 0, 0, s, 12 | number);
}
static inline uint32_t xt_entry(uint32_t s, uint32_t size) {
    return xt_bri12(3, s, size / 8);
}
static inline uint32_t xt_branch(uint32_t r, uint32_t s, uint32_t t, uint32_t here,
                                 uint32_t target) { // BEQ: r = 1, ...
    return xt_rri8(r, 7, s, t, target - here - 4);
}
static inline uint32_t xt_beqz(uint32_t s, uint32_t here, uint32_t target) {
    return xt_bri12(1, s, target - here - 4);
}
static inline uint32_t xt_bnez(uint32_t s, uint32_t here, uint32_t target) {
    return xt_bri12(5, s, target - here - 4);
}
static inline uint32_t xt_loop(uint32_t r, uint32_t s, uint32_t here,
                               uint32_t end) { // LOOP: r = 8, NEZ 9, GTZ 10
    return xt_rri8(r, 6, s, 7, end - here - 4);
}
static inline uint32_t xt_special(uint32_t op2, uint32_t op1, uint32_t number,
                                  uint32_t t) { // RSR 0, 3; WSR 1, 3; XSR 6, 1
    return op2 << 20 | op1 << 16 | number << 8 | t << 4;
}
static inline uint32_t xt_rsr(uint32_t number, uint32_t t) {
    return xt_special(0, 3, number, t);
}
static inline uint32_t xt_wsr(uint32_t number, uint32_t t) {
    return xt_special(1, 3, number, t);
}

// 16-bit forms.
static inline uint32_t xt_narrow(uint32_t op0, uint32_t r, uint32_t s, uint32_t t) {
    return r << 12 | s << 8 | t << 4 | op0;
}

#endif
