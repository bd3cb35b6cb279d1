// Decoding by table: a row says which bits make an instruction and what its immediate means (Xtensa ISA reference manual,
// chapter 7: instruction formats and opcode encodings).
#include "xtensa_decode.h"

#include <stddef.h>

const int32_t xtensa_b4const[16] = {-1, 1, 2, 3, 4, 5, 6, 7, 8, 10, 12, 16, 32, 64, 128, 256};
const uint32_t xtensa_b4constu[16] = {32768, 65536, 2, 3, 4, 5, 6, 7, 8, 10, 12, 16, 32, 64, 128, 256};

static const char *const names[] = {
#define XTENSA_NAME(name) #name,
    XTENSA_INSTRUCTIONS(XTENSA_NAME)
#undef XTENSA_NAME
};

const char *xtensa_name(enum xtensa_code code) {
    return names[code];
}

// ---- immediates ---------------------------------------------------------------------------------

struct fields { // of the word
    uint32_t pc, word;
    uint32_t r, s, t, op1, op2, imm8;
};

typedef void (*immediate)(const struct fields *in, struct xtensa_instruction *out);

static int32_t sign_extend(uint32_t value, unsigned bits) {
    return (int32_t)(value << (32 - bits)) >> (32 - bits);
}

static void none(const struct fields *in, struct xtensa_instruction *out) {
    (void)in, (void)out;
}
static void signed8(const struct fields *in, struct xtensa_instruction *out) {
    out->imm = sign_extend(in->imm8, 8);
}
static void signed8_256(const struct fields *in, struct xtensa_instruction *out) {
    out->imm = sign_extend(in->imm8, 8) * 256;
}
static void offset1(const struct fields *in, struct xtensa_instruction *out) {
    out->imm = (int32_t)in->imm8;
}
static void offset2(const struct fields *in, struct xtensa_instruction *out) {
    out->imm = (int32_t)in->imm8 * 2;
}
static void offset4(const struct fields *in, struct xtensa_instruction *out) {
    out->imm = (int32_t)in->imm8 * 4;
}
static void signed12(const struct fields *in, struct xtensa_instruction *out) {
    out->imm = sign_extend(in->s << 8 | in->imm8, 12);
}
static void target8(const struct fields *in, struct xtensa_instruction *out) {
    out->imm = (int32_t)(in->pc + 4 + (uint32_t)sign_extend(in->imm8, 8));
}
static void target12(const struct fields *in, struct xtensa_instruction *out) {
    out->imm = (int32_t)(in->pc + 4 + (uint32_t)sign_extend(in->word >> 12 & 0xFFF, 12));
}
static void target18(const struct fields *in, struct xtensa_instruction *out) {
    out->imm = (int32_t)(in->pc + 4 + (uint32_t)sign_extend(in->word >> 6 & 0x3FFFF, 18));
}
static void bit_target8(const struct fields *in, struct xtensa_instruction *out) { // the bit's number in r
    target8(in, out);
    out->r = (uint8_t)(in->t | (in->r & 1) << 4);
}
static void loop_target(const struct fields *in, struct xtensa_instruction *out) {
    out->imm = (int32_t)(in->pc + 4 + in->imm8);
}
static void call_target(const struct fields *in, struct xtensa_instruction *out) { // which call in r
    out->imm = (int32_t)((in->pc & ~3u) + 4 + (uint32_t)sign_extend(in->word >> 6 & 0x3FFFF, 18) * 4);
    out->r = in->t & 3;
}
static void call_number(const struct fields *in, struct xtensa_instruction *out) {
    out->r = in->t & 3;
}
static void literal(const struct fields *in, struct xtensa_instruction *out) {
    out->imm = (int32_t)(((in->pc + 3) & ~3u) + (0xFFFC0000 | (in->word >> 8 & 0xFFFF) << 2));
}
static void frame_size(const struct fields *in, struct xtensa_instruction *out) {
    out->imm = (int32_t)(in->word >> 12 & 0xFFF) * 8;
}
static void shift_left(const struct fields *in, struct xtensa_instruction *out) {
    out->imm = (int32_t)(32 - (in->t | (in->op2 & 1) << 4));
}
static void shift_arithmetic(const struct fields *in, struct xtensa_instruction *out) {
    out->imm = (int32_t)(in->s | (in->op2 & 1) << 4);
}
static void field_s(const struct fields *in, struct xtensa_instruction *out) {
    out->imm = (int32_t)in->s;
}
static void extract(const struct fields *in, struct xtensa_instruction *out) { // the number of bits in s
    out->imm = (int32_t)(in->s | (in->op1 & 1) << 4);
    out->s = (uint8_t)(in->op2 + 1);
}
static void sign_bit(const struct fields *in, struct xtensa_instruction *out) {
    out->imm = (int32_t)in->t + 7;
}
static void shift_amount(const struct fields *in, struct xtensa_instruction *out) {
    out->imm = (int32_t)(in->s | (in->t & 1) << 4);
}
static void special(const struct fields *in, struct xtensa_instruction *out) {
    out->imm = (int32_t)(in->word >> 8 & 0xFF);
}
static void user(const struct fields *in, struct xtensa_instruction *out) {
    out->imm = (int32_t)(in->word >> 4 & 0xFF);
}
static void exception_offset(const struct fields *in, struct xtensa_instruction *out) {
    out->imm = (int32_t)in->r * 4 - 64;
}
static void signed_t(const struct fields *in, struct xtensa_instruction *out) {
    out->imm = sign_extend(in->t, 4);
}

// The operands of 16-bit forms go where the long form has them.
static void narrow_add(const struct fields *in, struct xtensa_instruction *out) {
    out->t = (uint8_t)in->r;
    out->imm = in->t == 0 ? -1 : (int32_t)in->t;
}
static void narrow_constant(const struct fields *in, struct xtensa_instruction *out) {
    uint32_t value = (in->t & 7) << 4 | in->r;
    out->t = (uint8_t)in->s;
    out->imm = value >= 96 ? (int32_t)value - 128 : (int32_t)value;
}
static void narrow_offset(const struct fields *in, struct xtensa_instruction *out) {
    out->imm = (int32_t)in->r * 4;
}
static void narrow_target(const struct fields *in, struct xtensa_instruction *out) {
    out->imm = (int32_t)(in->pc + 4 + ((in->t & 3) << 4 | in->r));
}

// ---- instructions -------------------------------------------------------------------------------

struct row {
    uint32_t mask, value;
    uint8_t code;
    immediate immediate;
};

// By op2, op1, r, s, t, op0.
#define BITS(op2, op1, r, s, t, op0)                                                                         \
    ((uint32_t)(op2) << 20 | (uint32_t)(op1) << 16 | (uint32_t)(r) << 12 | (uint32_t)(s) << 8 |              \
     (uint32_t)(t) << 4 | (op0))
#define OP12(op2, op1) 0xFF000F, BITS(op2, op1, 0, 0, 0, 0)

static const struct row rows_0[] = {
    // op1 = 0
    {0xFFF0CF, BITS(0, 0, 0, 0, 12, 0), XT_CALLX, call_number},
    {0xFFF0FF, BITS(0, 0, 0, 0, 8, 0), XT_RET, none},
    {0xFFF0FF, BITS(0, 0, 0, 0, 9, 0), XT_RETW, none},
    {0xFFF0FF, BITS(0, 0, 0, 0, 10, 0), XT_JX, none},
    {0xFFF00F, BITS(0, 0, 1, 0, 0, 0), XT_MOVSP, none},
    {0xFFF00F, BITS(0, 0, 2, 0, 0, 0), XT_NOP, none}, // ISYNC, RSYNC, ESYNC, DSYNC, EXCW, MEMW, EXTW, NOP
    {0xFFFFFF, BITS(0, 0, 3, 0, 0, 0), XT_RFE, none},
    {0xFFFFFF, BITS(0, 0, 3, 2, 0, 0), XT_RFDE, none},
    {0xFFFFFF, BITS(0, 0, 3, 4, 0, 0), XT_RFWO, none},
    {0xFFFFFF, BITS(0, 0, 3, 5, 0, 0), XT_RFWU, none},
    {0xFFF0FF, BITS(0, 0, 3, 0, 1, 0), XT_RFI, field_s},
    {0xFFF00F, BITS(0, 0, 4, 0, 0, 0), XT_BREAK, none},
    {0xFFFFFF, BITS(0, 0, 5, 0, 0, 0), XT_SYSCALL, none},
    {0xFFF00F, BITS(0, 0, 6, 0, 0, 0), XT_RSIL, field_s},
    {0xFFF0FF, BITS(0, 0, 7, 0, 0, 0), XT_WAITI, field_s},
    {0xFFF00F, BITS(0, 0, 8, 0, 0, 0), XT_ANY4, none},
    {0xFFF00F, BITS(0, 0, 9, 0, 0, 0), XT_ALL4, none},
    {0xFFF00F, BITS(0, 0, 10, 0, 0, 0), XT_ANY8, none},
    {0xFFF00F, BITS(0, 0, 11, 0, 0, 0), XT_ALL8, none},
    {OP12(1, 0), XT_AND, none},
    {OP12(2, 0), XT_OR, none},
    {OP12(3, 0), XT_XOR, none},
    {0xFFF0FF, BITS(4, 0, 0, 0, 0, 0), XT_SSR, none},
    {0xFFF0FF, BITS(4, 0, 1, 0, 0, 0), XT_SSL, none},
    {0xFFF0FF, BITS(4, 0, 2, 0, 0, 0), XT_SSA8L, none},
    {0xFFF0FF, BITS(4, 0, 3, 0, 0, 0), XT_SSA8B, none},
    {0xFFF0EF, BITS(4, 0, 4, 0, 0, 0), XT_SSAI, shift_amount},
    {0xFFF00F, BITS(4, 0, 6, 0, 0, 0), XT_RER, none},
    {0xFFF00F, BITS(4, 0, 7, 0, 0, 0), XT_NOP, none}, // WER
    {0xFFFF0F, BITS(4, 0, 8, 0, 0, 0), XT_ROTW, signed_t},
    {0xFFF00F, BITS(4, 0, 14, 0, 0, 0), XT_NSA, none},
    {0xFFF00F, BITS(4, 0, 15, 0, 0, 0), XT_NSAU, none},
    {0xFFF00F, BITS(5, 0, 6, 0, 0, 0), XT_NOP, none},  // WITLB, WDTLB: access rights, which are not checked
    {0xFFF00F, BITS(5, 0, 14, 0, 0, 0), XT_NOP, none}, // (as HW-2 has it)
    {0xFF0F0F, BITS(6, 0, 0, 0, 0, 0), XT_NEG, none},
    {0xFF0F0F, BITS(6, 0, 0, 1, 0, 0), XT_ABS, none},
    {OP12(8, 0), XT_ADD, none},
    {OP12(9, 0), XT_ADDX2, none},
    {OP12(10, 0), XT_ADDX4, none},
    {OP12(11, 0), XT_ADDX8, none},
    {OP12(12, 0), XT_SUB, none},
    {OP12(13, 0), XT_SUBX2, none},
    {OP12(14, 0), XT_SUBX4, none},
    {OP12(15, 0), XT_SUBX8, none},
    // op1 = 1
    {0xEF000F, BITS(0, 1, 0, 0, 0, 0), XT_SLLI, shift_left},
    {0xEF000F, BITS(2, 1, 0, 0, 0, 0), XT_SRAI, shift_arithmetic},
    {OP12(4, 1), XT_SRLI, field_s},
    {OP12(6, 1), XT_XSR, special},
    {OP12(8, 1), XT_SRC, none},
    {0xFF0F0F, BITS(9, 1, 0, 0, 0, 0), XT_SRL, none},
    {0xFF00FF, BITS(10, 1, 0, 0, 0, 0), XT_SLL, none},
    {0xFF0F0F, BITS(11, 1, 0, 0, 0, 0), XT_SRA, none},
    {OP12(12, 1), XT_MUL16U, none},
    {OP12(13, 1), XT_MUL16S, none},
    // op1 = 2
    {OP12(0, 2), XT_ANDB, none},
    {OP12(1, 2), XT_ANDBC, none},
    {OP12(2, 2), XT_ORB, none},
    {OP12(3, 2), XT_ORBC, none},
    {OP12(4, 2), XT_XORB, none},
    {OP12(8, 2), XT_MULL, none},
    {OP12(10, 2), XT_MULUH, none},
    {OP12(11, 2), XT_MULSH, none},
    {OP12(12, 2), XT_QUOU, none},
    {OP12(13, 2), XT_QUOS, none},
    {OP12(14, 2), XT_REMU, none},
    {OP12(15, 2), XT_REMS, none},
    // op1 = 3
    {OP12(0, 3), XT_RSR, special},
    {OP12(1, 3), XT_WSR, special},
    {OP12(2, 3), XT_SEXT, sign_bit},
    {OP12(3, 3), XT_CLAMPS, sign_bit},
    {OP12(4, 3), XT_MIN, none},
    {OP12(5, 3), XT_MAX, none},
    {OP12(6, 3), XT_MINU, none},
    {OP12(7, 3), XT_MAXU, none},
    {OP12(8, 3), XT_MOVEQZ, none},
    {OP12(9, 3), XT_MOVNEZ, none},
    {OP12(10, 3), XT_MOVLTZ, none},
    {OP12(11, 3), XT_MOVGEZ, none},
    {OP12(12, 3), XT_MOVF, none},
    {OP12(13, 3), XT_MOVT, none},
    {OP12(14, 3), XT_RUR, user},
    {OP12(15, 3), XT_WUR, special},
    // op1 = 4, 5, 9
    {0x0E000F, BITS(0, 4, 0, 0, 0, 0), XT_EXTUI, extract},
    {OP12(0, 9), XT_L32E, exception_offset},
    {OP12(4, 9), XT_S32E, exception_offset},
};

static const struct row rows_1[] = {{0xF, 1, XT_L32R, literal}};

static const struct row rows_2[] = {
    {0xF00F, BITS(0, 0, 0, 0, 0, 2), XT_L8UI, offset1},
    {0xF00F, BITS(0, 0, 1, 0, 0, 2), XT_L16UI, offset2},
    {0xF00F, BITS(0, 0, 2, 0, 0, 2), XT_L32I, offset4},
    {0xF00F, BITS(0, 0, 4, 0, 0, 2), XT_S8I, offset1},
    {0xF00F, BITS(0, 0, 5, 0, 0, 2), XT_S16I, offset2},
    {0xF00F, BITS(0, 0, 6, 0, 0, 2), XT_S32I, offset4},
    {0xF00F, BITS(0, 0, 7, 0, 0, 2), XT_NOP,
     none}, // cache instructions: the processor has no cache of its own
    {0xF00F, BITS(0, 0, 9, 0, 0, 2), XT_L16SI, offset2},
    {0xF00F, BITS(0, 0, 10, 0, 0, 2), XT_MOVI, signed12},
    {0xF00F, BITS(0, 0, 11, 0, 0, 2), XT_L32I,
     offset4}, // L32AI: with one core the order is that of the program
    {0xF00F, BITS(0, 0, 12, 0, 0, 2), XT_ADDI, signed8},
    {0xF00F, BITS(0, 0, 13, 0, 0, 2), XT_ADDI, signed8_256}, // ADDMI
    {0xF00F, BITS(0, 0, 14, 0, 0, 2), XT_S32C1I, offset4},
    {0xF00F, BITS(0, 0, 15, 0, 0, 2), XT_S32I, offset4}, // S32RI
};

static const struct row rows_5[] = {{0xF, 5, XT_CALL, call_target}};

static const struct row rows_6[] = {
    {0x3F, BITS(0, 0, 0, 0, 0, 6), XT_J, target18},
    {0xFF, BITS(0, 0, 0, 0, 1, 6), XT_BEQZ, target12},
    {0xFF, BITS(0, 0, 0, 0, 5, 6), XT_BNEZ, target12},
    {0xFF, BITS(0, 0, 0, 0, 9, 6), XT_BLTZ, target12},
    {0xFF, BITS(0, 0, 0, 0, 13, 6), XT_BGEZ, target12},
    {0xFF, BITS(0, 0, 0, 0, 2, 6), XT_BEQI, target8},
    {0xFF, BITS(0, 0, 0, 0, 6, 6), XT_BNEI, target8},
    {0xFF, BITS(0, 0, 0, 0, 10, 6), XT_BLTI, target8},
    {0xFF, BITS(0, 0, 0, 0, 14, 6), XT_BGEI, target8},
    {0xFF, BITS(0, 0, 0, 0, 3, 6), XT_ENTRY, frame_size},
    {0xF0FF, BITS(0, 0, 0, 0, 7, 6), XT_BF, target8},
    {0xF0FF, BITS(0, 0, 1, 0, 7, 6), XT_BT, target8},
    {0xF0FF, BITS(0, 0, 8, 0, 7, 6), XT_LOOP, loop_target},
    {0xF0FF, BITS(0, 0, 9, 0, 7, 6), XT_LOOPNEZ, loop_target},
    {0xF0FF, BITS(0, 0, 10, 0, 7, 6), XT_LOOPGTZ, loop_target},
    {0xFF, BITS(0, 0, 0, 0, 11, 6), XT_BLTUI, target8},
    {0xFF, BITS(0, 0, 0, 0, 15, 6), XT_BGEUI, target8},
};

static const struct row rows_7[] = {
    {0xF00F, BITS(0, 0, 0, 0, 0, 7), XT_BNONE, target8},
    {0xF00F, BITS(0, 0, 1, 0, 0, 7), XT_BEQ, target8},
    {0xF00F, BITS(0, 0, 2, 0, 0, 7), XT_BLT, target8},
    {0xF00F, BITS(0, 0, 3, 0, 0, 7), XT_BLTU, target8},
    {0xF00F, BITS(0, 0, 4, 0, 0, 7), XT_BALL, target8},
    {0xF00F, BITS(0, 0, 5, 0, 0, 7), XT_BBC, target8},
    {0xE00F, BITS(0, 0, 6, 0, 0, 7), XT_BBCI, bit_target8},
    {0xF00F, BITS(0, 0, 8, 0, 0, 7), XT_BANY, target8},
    {0xF00F, BITS(0, 0, 9, 0, 0, 7), XT_BNE, target8},
    {0xF00F, BITS(0, 0, 10, 0, 0, 7), XT_BGE, target8},
    {0xF00F, BITS(0, 0, 11, 0, 0, 7), XT_BGEU, target8},
    {0xF00F, BITS(0, 0, 12, 0, 0, 7), XT_BNALL, target8},
    {0xF00F, BITS(0, 0, 13, 0, 0, 7), XT_BBS, target8},
    {0xE00F, BITS(0, 0, 14, 0, 0, 7), XT_BBSI, bit_target8},
};

// 16 bits
static const struct row rows_8[] = {{0xF, 8, XT_L32I, narrow_offset}};
static const struct row rows_9[] = {{0xF, 9, XT_S32I, narrow_offset}};
static const struct row rows_10[] = {{0xF, 10, XT_ADD, none}};
static const struct row rows_11[] = {{0xF, 11, XT_ADDI, narrow_add}};
static const struct row rows_12[] = {
    {0x8F, BITS(0, 0, 0, 0, 0, 12), XT_MOVI, narrow_constant},
    {0xCF, BITS(0, 0, 0, 0, 8, 12), XT_BEQZ, narrow_target},
    {0xCF, BITS(0, 0, 0, 0, 12, 12), XT_BNEZ, narrow_target},
};
static const struct row rows_13[] = {
    {0xF00F, BITS(0, 0, 0, 0, 0, 13), XT_MOV, none},   {0xFFFF, BITS(0, 0, 15, 0, 0, 13), XT_RET, none},
    {0xFFFF, BITS(0, 0, 15, 0, 1, 13), XT_RETW, none}, {0xF0FF, BITS(0, 0, 15, 0, 2, 13), XT_BREAK, none},
    {0xFFFF, BITS(0, 0, 15, 0, 3, 13), XT_NOP, none},
};

#define TABLE(rows)                                                                                          \
    { rows, sizeof(rows) / sizeof((rows)[0]) }
static const struct {
    const struct row *rows;
    size_t count;
} tables[16] = { // by op0; 3 is floating point, 4 MAC16
    TABLE(rows_0),  TABLE(rows_1),  TABLE(rows_2), {NULL, 0},     {NULL, 0},      TABLE(rows_5),
    TABLE(rows_6),  TABLE(rows_7),  TABLE(rows_8), TABLE(rows_9), TABLE(rows_10), TABLE(rows_11),
    TABLE(rows_12), TABLE(rows_13), {NULL, 0},     {NULL, 0}};

struct xtensa_instruction xtensa_decode(uint32_t pc, uint32_t word) {
    struct xtensa_instruction out = {.code = XT_ILLEGAL, .length = (uint8_t)xtensa_length(word)};
    word &= out.length == 2 ? 0xFFFF : 0xFFFFFF;
    struct fields in = {.pc = pc,
                        .word = word,
                        .r = word >> 12 & 15,
                        .s = word >> 8 & 15,
                        .t = word >> 4 & 15,
                        .op1 = word >> 16 & 15,
                        .op2 = word >> 20,
                        .imm8 = word >> 16};
    out.r = (uint8_t)in.r;
    out.s = (uint8_t)in.s;
    out.t = (uint8_t)in.t;
    for (size_t i = 0; i < tables[word & 15].count; i++) {
        const struct row *row = &tables[word & 15].rows[i];
        if ((word & row->mask) != row->value)
            continue;
        out.code = (enum xtensa_code)row->code;
        row->immediate(&in, &out);
        break;
    }
    return out;
}
