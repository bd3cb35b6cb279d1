// Xtensa instructions, decoded.
#ifndef SIM_CPU_XTENSA_DECODE_H
#define SIM_CPU_XTENSA_DECODE_H

#include "xtensa.h"

// One row an instruction; forms of 16 bits become the ones that they stand for. Operands are named as the manual does: r, s,
// t by their fields, `imm` what an immediate means (an address where it is a distance).
#define XTENSA_INSTRUCTIONS(row)                                                                             \
    row(ILLEGAL) /* r := s, t */                                                                             \
        row(AND) row(OR) row(XOR) row(ADD) row(ADDX2) row(ADDX4) row(ADDX8) row(SUB) row(SUBX2) row(SUBX4)   \
            row(SUBX8) row(SRC) row(MUL16U) row(MUL16S) row(MULL) row(MULUH) row(MULSH) row(MIN) row(MAX)    \
                row(MINU) row(MAXU) row(MOVEQZ) row(MOVNEZ) row(MOVLTZ) row(MOVGEZ) row(MOVF) row(MOVT)      \
                    row(QUOU) row(QUOS) row(REMU) row(REMS) /* r := s or t, imm */                           \
        row(NEG) row(ABS) row(SLLI) row(SRAI) row(SRLI) row(SLL) row(SRL) row(SRA) row(EXTUI) row(SEXT)      \
            row(CLAMPS)                                            /* t := s, imm */                         \
        row(ADDI) row(MOVI) row(MOV) row(MOVSP) row(NSA) row(NSAU) /* the shift amount */                    \
        row(SSR) row(SSL) row(SSA8L) row(SSA8B) row(SSAI)          /* booleans */                            \
        row(ANDB) row(ANDBC) row(ORB) row(ORBC) row(XORB) row(ANY4) row(ALL4) row(ANY8)                      \
            row(ALL8) /* memory */                                                                           \
        row(L8UI) row(L16UI) row(L16SI) row(L32I) row(L32R) row(S8I) row(S16I) row(S32I) row(S32C1I)         \
            row(L32E) row(S32E) /* jumps */                                                                  \
        row(J) row(JX) row(RET) row(RETW) row(CALL) row(CALLX) row(ENTRY) row(LOOP) row(LOOPNEZ)             \
            row(LOOPGTZ) row(BEQZ) row(BNEZ) row(BLTZ) row(BGEZ) row(BEQI) row(BNEI) row(BLTI) row(BGEI)     \
                row(BLTUI) row(BGEUI) row(BNONE) row(BEQ) row(BLT) row(BLTU) row(BALL) row(BBC) row(BBCI)    \
                    row(BANY) row(BNE) row(BGE) row(BGEU) row(BNALL) row(BBS) row(BBSI) row(BF)              \
                        row(BT) /* the processor itself */                                                   \
        row(NOP) row(RSR) row(WSR) row(XSR) row(RER) row(RUR) row(WUR) row(RSIL) row(WAITI) row(ROTW)        \
            row(RFE) row(RFDE) row(RFI) row(RFWO) row(RFWU) row(SYSCALL) row(BREAK)

enum xtensa_code {
#define XTENSA_CODE(name) XT_##name,
    XTENSA_INSTRUCTIONS(XTENSA_CODE)
#undef XTENSA_CODE
};

struct xtensa_instruction {
    enum xtensa_code code;
    uint8_t r, s, t;
    uint8_t length; // 2 or 3 bytes
    int32_t imm;
};

// Decodes what stands at `pc`: up to 3 bytes in `word`, the first one lowest. What no instruction is has code XT_ILLEGAL.
struct xtensa_instruction xtensa_decode(uint32_t pc, uint32_t word);

const char *xtensa_name(enum xtensa_code code);

// 3 bytes, or 2, by the first one.
static inline unsigned xtensa_length(uint32_t word) {
    return (word & 8) != 0 ? 2 : 3;
}

// The constants of branches that compare with one, by their 4-bit numbers.
extern const int32_t xtensa_b4const[16];
extern const uint32_t xtensa_b4constu[16];

#endif
