// Writes a program that runs every instruction of the LX6 over operands that matter and writes down what came out:
// `make_xtensa PROGRAM.elf`. Executed by qemu-xtensa and by sim/cpu, the output has to be the same.
#include <elf.h>
#include <stdio.h>
#include <stdlib.h>

#include "tests/cpu/xtensa_assembler.h"

#define BASE        0x10000u // operands, then code
#define CAPACITY    0x180000u
#define RESULTS     0x400000u // the next segment
#define RESULTS_MAX 0x100000u

enum { OUT = 8, TABLE = 9 }; // registers: where the next result goes, the operands

static const uint32_t operands[] = {0,          1,          2,          3,          31,
                                    32,         0x7F,       0x80,       0xFFFF,     0x10000,
                                    0x12345678, 0x7FFFFFFE, 0x7FFFFFFF, 0x80000000, 0x80000001,
                                    0xDEADBEEF, 0xFFFF0000, 0xFFFFFFFE, 0xFFFFFFFF};
#define OPERANDS (sizeof operands / sizeof operands[0])

static uint8_t bytes[CAPACITY];
static struct xtensa_program code = {bytes, 0, CAPACITY, BASE};

static void emit(uint32_t reg) {
    xt(&code, xt_s32i(reg, OUT, 0));
    xt(&code, xt_addi(OUT, OUT, 4));
}

static void take(uint32_t reg, uint32_t operand) {
    xt(&code, xt_l32i(reg, TABLE, 4 * operand));
}

// a4 := instruction(a2, a3), over all pairs; a4 was 55. `before` comes first when it is not 0.
static void pairs(uint32_t before, uint32_t instruction) {
    for (uint32_t i = 0; i < OPERANDS; i++)
        for (uint32_t k = 0; k < OPERANDS; k++) {
            take(2, i);
            take(3, k);
            xt(&code, xt_movi(4, 55));
            if (before != 0)
                xt(&code, before);
            xt(&code, instruction);
            emit(4);
        }
}

static void each(uint32_t instruction) { // a4 := instruction(a2)
    for (uint32_t i = 0; i < OPERANDS; i++) {
        take(2, i);
        xt(&code, xt_movi(4, 55));
        xt(&code, instruction);
        emit(4);
    }
}

// ---- what computes ------------------------------------------------------------------------------

#define SSR xt_rrr(4, 0, 0, 3, 0)
#define SSL xt_rrr(4, 0, 1, 3, 0)

static void arithmetic(void) {
    for (uint32_t op2 = 1; op2 < 16; op2++)
        if (op2 < 4 || op2 >= 8)
            pairs(0, xt_rrr(op2, 0, 4, 2, 3)); // AND OR XOR, ADD to SUBX8
    pairs(0, xt_rrr(12, 1, 4, 2, 3));          // MUL16U
    pairs(0, xt_rrr(13, 1, 4, 2, 3));          // MUL16S
    pairs(0, xt_rrr(8, 2, 4, 2, 3));        // MULL; MULUH and MULSH no processor of qemu has: test_xtensa.c
    for (uint32_t op2 = 4; op2 < 12; op2++) // MIN MAX MINU MAXU MOVEQZ MOVNEZ MOVLTZ MOVGEZ
        pairs(0, xt_rrr(op2, 3, 4, 2, 3));
    pairs(SSR, xt_rrr(8, 1, 4, 2, 2)); // SRC: a rotation
    pairs(SSR, xt_rrr(8, 1, 4, 2, 9));
    pairs(SSR, xt_rrr(9, 1, 4, 0, 2));                   // SRL
    pairs(SSR, xt_rrr(11, 1, 4, 0, 2));                  // SRA
    pairs(SSL, xt_rrr(10, 1, 4, 2, 0));                  // SLL
    pairs(xt_rrr(4, 0, 2, 3, 0), xt_rrr(8, 1, 4, 2, 2)); // SSA8L
    pairs(xt_rrr(4, 0, 3, 3, 0), xt_rrr(8, 1, 4, 2, 2)); // SSA8B
    pairs(0, xt_narrow(10, 4, 2, 3));                    // ADD.N
}

static void divisions(void) {
    for (uint32_t i = 0; i < OPERANDS; i++)
        for (uint32_t k = 1; k < OPERANDS; k++) // by anything but 0
            for (uint32_t op2 = 12; op2 < 16; op2++) {
                take(2, i);
                take(3, k);
                xt(&code, xt_rrr(op2, 2, 4, 2, 3)); // QUOU QUOS REMU REMS
                emit(4);
            }
}

static void immediates(void) {
    static const int32_t values[] = {0, 1, -1, 127, -128, 85};
    for (uint32_t i = 0; i < 6; i++) {
        each(xt_addi(4, 2, values[i]));
        each(xt_rri8(13, 2, 2, 4, (uint32_t)values[i])); // ADDMI
        each(xt_movi(4, values[i] * 16));
    }
    each(xt_rrr(6, 0, 4, 0, 2));  // NEG
    each(xt_rrr(6, 0, 4, 1, 2));  // ABS
    each(xt_rrr(4, 0, 14, 2, 4)); // NSA
    each(xt_rrr(4, 0, 15, 2, 4)); // NSAU
    for (uint32_t i = 0; i < 16; i++) {
        each(xt_rrr(2, 3, 4, 2, i));  // SEXT
        each(xt_rrr(3, 3, 4, 2, i));  // CLAMPS
        each(xt_rrr(4, 1, 4, i, 2));  // SRLI
        each(xt_narrow(11, 4, 2, i)); // ADDI.N
    }
    for (uint32_t i = 0; i < 32; i++) {
        if (i != 0)
            each(xt_rrr((32 - i) >> 4 & 1, 1, 4, 2, (32 - i) & 15)); // SLLI
        each(xt_rrr(2 | i >> 4, 1, 4, i & 15, 2));                   // SRAI
        for (uint32_t bits = 1; bits <= 16; bits += 5)
            each(xt_rrr(bits - 1, 4 | i >> 4, 4, i & 15, 2)); // EXTUI
        xt(&code, xt_rrr(4, 0, 4, i & 15, i >> 4));           // SSAI
        xt(&code, xt_rsr(3, 4));
        emit(4);
    }
    for (uint32_t i = 0; i < 128; i++) {
        xt(&code, xt_narrow(12, i & 15, 4, i >> 4)); // MOVI.N
        emit(4);
    }
    each(xt_narrow(13, 0, 2, 4)); // MOV.N
}

// qemu keeps BR twice within a run of code that no jump ends.
static void jump_to_next(void) {
    xt(&code, xt_j(xt_here(&code), xt_here(&code) + 3));
}

static void booleans(void) { // BR := a2, then ANDB to XORB, ANY4 to ALL8, MOVF, MOVT
    for (uint32_t i = 0; i < OPERANDS; i++)
        for (uint32_t op2 = 0; op2 < 11; op2++) {
            take(2, i);
            xt(&code, xt_movi(3, 0x6A5));
            xt(&code, xt_rrr(3, 0, 2, 2, 3)); // XOR
            xt(&code, xt_wsr(4, 2));
            xt(&code, xt_movi(4, 55));
            jump_to_next();
            if (op2 < 5)
                xt(&code, xt_rrr(op2, 2, 15, i & 7, 3)); // b15 := b[i & 7] op b3
            else if (op2 < 9)
                xt(&code, xt_rrr(0, 0, op2 + 3, op2 < 7 ? 4 : 8, 1)); // b1 := any, all of four or eight
            else
                xt(&code, xt_rrr(op2 + 3, 3, 4, 2, 5)); // a4 := a2 by b5
            emit(4);
            jump_to_next();
            xt(&code, xt_rsr(4, 4));
            emit(4);
        }
}

// ---- branches and loops -------------------------------------------------------------------------

static void branch_over(uint32_t branch) { // its distance is filled in: over what clears a4
    xt(&code, branch | 2u << 16);
    xt(&code, xt_movi(4, 0));
    emit(4);
}

static void branches(void) {
    for (uint32_t i = 0; i < OPERANDS; i++) {
        for (uint32_t k = 0; k < OPERANDS; k++)
            for (uint32_t r = 0; r < 16; r++) { // also BBCI and BBSI, whose bit is 3 or 19
                take(2, i);
                take(3, k);
                xt(&code, xt_movi(4, 1));
                branch_over(xt_rri8(r, 7, 2, 3, 0));
            }
        for (uint32_t t = 2; t < 16;
             t++) // BEQI BNEI BLTI BGEI, BLTUI BGEUI; BZ and others have formats of their own
            for (uint32_t constant = 0; (t & 3) == 2 || t == 11 || t == 15 ? constant < 16 : false;
                 constant++) {
                take(2, i);
                xt(&code, xt_movi(4, 1));
                branch_over(xt_rri8(constant, 6, 2, t, 0));
            }
        for (uint32_t t = 1; t < 16; t += 4) { // BEQZ BNEZ BLTZ BGEZ
            take(2, i);
            xt(&code, xt_movi(4, 1));
            xt(&code, xt_bri12(t, 2, 2));
            xt(&code, xt_movi(4, 0));
            emit(4);
        }
        for (uint32_t t = 8; t < 16; t += 4) { // BEQZ.N BNEZ.N
            take(2, i);
            xt(&code, xt_movi(4, 1));
            xt(&code, xt_narrow(12, 1, 2, t));
            xt(&code, xt_movi(4, 0));
            emit(4);
        }
        take(2, i);
        xt(&code, xt_wsr(4, 2));
        for (uint32_t r = 0; r < 2; r++) { // BF BT
            xt(&code, xt_movi(4, 1));
            branch_over(xt_rri8(r, 6, i & 15, 7, 0));
        }
    }
}

static void loops(void) {
    static const int32_t counts[] = {1, 2, 10, 0, -1, -100};
    for (uint32_t r = 8; r <= 10; r++)
        for (uint32_t i = 0; i < (r == 8 ? 3u : r == 9 ? 4u : 6u); i++) { // counts that end soon
            xt(&code, xt_movi(2, counts[i]));
            xt(&code, xt_movi(4, 0));
            uint32_t here = xt_here(&code);
            xt(&code, xt_loop(r, 2, here, here + 9));
            xt(&code, xt_addi(4, 4, 3));
            xt(&code, xt_addi(4, 4, 4));
            emit(4);
            xt(&code, xt_rsr(2, 4)); // LCOUNT
            emit(4);
        }
}

// ---- memory -------------------------------------------------------------------------------------

static void memory_accesses(void) {
    static const uint8_t stores[] = {4, 5, 6}, loads[] = {0, 1, 2, 9}; // S8I S16I S32I; L8UI L16UI L32I L16SI
    for (uint32_t i = 0; i < OPERANDS; i++) {
        for (uint32_t k = 0; k < 3; k++) { // on top of what the table's first words are
            take(2, i);
            take(3, 15);
            xt(&code, xt_s32i(3, OUT, 64));
            xt(&code, xt_rri8(stores[k], 2, OUT, 2, 64u >> k));
            xt(&code, xt_l32i(4, OUT, 64));
            emit(4);
        }
        for (uint32_t k = 0; k < 4; k++)
            for (uint32_t byte = 0; byte < 4; byte += k == 0 ? 1 : k == 2 ? 4 : 2) {
                uint32_t size_log2 = k == 0 ? 0 : k == 2 ? 2 : 1;
                xt(&code, xt_rri8(loads[k], 2, TABLE, 4, (4 * i + byte) >> size_log2));
                emit(4);
            }
        xt(&code, xt_narrow(8, i & 15, TABLE, 4)); // L32I.N
        xt(&code, xt_narrow(9, 15, OUT, 4));       // S32I.N
        xt(&code, xt_l32i(4, OUT, 60));
        emit(4);
    }
    for (uint32_t i = 0; i < 2; i++) { // S32C1I: equal or not
        take(2, 10);
        xt(&code, xt_s32i(2, OUT, 64));
        take(2, 10 + i);
        xt(&code, xt_wsr(12, 2));
        take(4, 15);
        xt(&code, xt_rri8(14, 2, OUT, 4, 16));
        emit(4);
        xt(&code, xt_l32i(4, OUT, 60));
        emit(4);
    }
}

// ---- calls --------------------------------------------------------------------------------------

// sum(n) by CALL4, CALL8, CALL12, deeper than the ring of windows, with a stack that moves by MOVSP.
static void calls(void) {
    uint32_t functions[4];
    uint32_t skip = code.length;
    xt(&code, 0x000006); // J, filled in below
    for (uint32_t number = 1; number <= 3; number++) {
        xt_align(&code);
        uint32_t sum = functions[number] = xt_here(&code);
        xt(&code, xt_entry(1, 64));
        xt(&code, xt_beqz(2, xt_here(&code), sum + 24)); // the return
        xt(&code, xt_mov(3, 2));
        xt(&code, xt_addi(7, 1, -32));
        xt(&code, xt_rrr(0, 0, 1, 7, 1)); // MOVSP a1, a7
        xt(&code, xt_addi(4 * number + 2, 2, -1));
        xt(&code, xt_call(number, xt_here(&code), sum));
        xt(&code, xt_add(2, 3, 4 * number + 2));
        assert(xt_here(&code) == sum + 24);
        xt(&code, number == 2 ? XT_RETW : xt_narrow(13, 15, 0, 1)); // RETW.N
    }
    uint32_t jump = xt_j(BASE + skip, xt_here(&code));
    for (uint32_t i = 0; i < 3; i++)
        bytes[skip + i] = (uint8_t)(jump >> 8 * i);
    xt(&code,
       xt_addi(3, 1, -16)); // the outermost frame has a caller's stack pointer where the ABI looks for one
    xt(&code, xt_addi(4, 1, 64));
    xt(&code, xt_s32i(4, 3, 4));
    for (uint32_t number = 1; number <= 3; number++)
        for (int32_t n = 0; n <= 40; n += 5) {
            xt(&code, xt_mov(3, OUT)); // a8 to a15 are the callee's
            xt(&code, xt_mov(2, TABLE));
            xt(&code, xt_movi(10, n));
            xt(&code, xt_movi(7, 77));
            xt(&code, xt_call(2, xt_here(&code), functions[number]));
            xt(&code, xt_mov(4, 10));
            xt(&code, xt_mov(OUT, 3));
            xt(&code, xt_mov(TABLE, 2));
            emit(4);
            emit(7);
        }
}

// ---- the file -----------------------------------------------------------------------------------

static void system_call(uint32_t number) { // Linux: the number in a2, arguments in a6, a3, a4
    xt(&code, xt_movi(2, (int32_t)number));
    xt(&code, XT_SYSCALL);
}

static void finish(void) {
    xt(&code, xt_l32i(3, TABLE, 4 * OPERANDS)); // RESULTS
    xt(&code, xt_rrr(12, 0, 4, OUT, 3));        // SUB: how many bytes
    xt(&code, xt_movi(6, 1));
    system_call(13); // write
    xt(&code, xt_movi(6, 0));
    system_call(118); // exit
}

static uint32_t write_program(void) {
    for (uint32_t i = 0; i < OPERANDS; i++)
        xt_bytes(&code, operands[i], 4);
    xt_bytes(&code, RESULTS, 4);
    xt_bytes(&code, BASE, 4);
    uint32_t entry = xt_here(&code);
    xt(&code, xt_l32r(TABLE, xt_here(&code), BASE + 4 * OPERANDS + 4));
    xt(&code, xt_l32r(OUT, xt_here(&code), BASE + 4 * OPERANDS));
    arithmetic();
    divisions();
    immediates();
    booleans();
    branches();
    loops();
    memory_accesses();
    calls();
    finish();
    return entry;
}

int main(int argc, char **argv) {
    FILE *file = argc == 2 ? fopen(argv[1], "wb") : NULL;
    if (file == NULL) {
        fprintf(stderr, "make_xtensa PROGRAM.elf\n");
        return 2;
    }
    enum { START = 0x1000 };
    Elf32_Ehdr header = {.e_ident = {ELFMAG0, ELFMAG1, ELFMAG2, ELFMAG3, ELFCLASS32, ELFDATA2LSB, EV_CURRENT},
                         .e_type = ET_EXEC,
                         .e_machine = EM_XTENSA,
                         .e_version = EV_CURRENT,
                         .e_entry = write_program(),
                         .e_phoff = sizeof header,
                         .e_ehsize = sizeof header,
                         .e_phentsize = sizeof(Elf32_Phdr),
                         .e_phnum = 2};
    Elf32_Phdr parts[] = {{.p_type = PT_LOAD,
                           .p_offset = START,
                           .p_vaddr = BASE,
                           .p_filesz = code.length,
                           .p_memsz = code.length,
                           .p_flags = PF_R | PF_X,
                           .p_align = START},
                          {.p_type = PT_LOAD,
                           .p_offset = START,
                           .p_vaddr = RESULTS,
                           .p_memsz = RESULTS_MAX,
                           .p_flags = PF_R | PF_W,
                           .p_align = START}};
    (void)fwrite(&header, sizeof header, 1, file);
    (void)fwrite(parts, sizeof parts, 1, file);
    (void)fseek(file, START, SEEK_SET);
    (void)fwrite(bytes, 1, code.length, file);
    return fclose(file) == 0 ? 0 : 1;
}
