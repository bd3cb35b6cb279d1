// Instructions that compute.
#include "xtensa_execute.h"

// A function for each: register `target` becomes `value`, in terms of s, t and imm.
#define COMPUTE(name, target, value)                                                                         \
    XTENSA_DO(name) {                                                                                        \
        const uint32_t s = cpu->a[op->s], t = cpu->a[op->t], imm = (uint32_t)op->imm;                        \
        (void)s, (void)t, (void)imm;                                                                         \
        cpu->a[op->target] = (uint32_t)(value);                                                              \
        return xtensa_next(op);                                                                              \
    }
#define SIGNED(x) ((int32_t)(x))

// ---- addition, logic, comparison ----------------------------------------------------------------

COMPUTE(AND, r, s &t)
COMPUTE(OR, r, s | t)
COMPUTE(XOR, r, s ^ t)
COMPUTE(ADD, r, s + t)
COMPUTE(ADDX2, r, s * 2 + t)
COMPUTE(ADDX4, r, s * 4 + t)
COMPUTE(ADDX8, r, s * 8 + t)
COMPUTE(SUB, r, s - t)
COMPUTE(SUBX2, r, s * 2 - t)
COMPUTE(SUBX4, r, s * 4 - t)
COMPUTE(SUBX8, r, s * 8 - t)
COMPUTE(ADDI, t, s + imm)
COMPUTE(MOVI, t, imm)
COMPUTE(MOV, t, s)
COMPUTE(NEG, r, 0 - t)
COMPUTE(ABS, r, SIGNED(t) < 0 ? 0 - t : t)
COMPUTE(MIN, r, SIGNED(s) < SIGNED(t) ? s : t)
COMPUTE(MAX, r, SIGNED(s) > SIGNED(t) ? s : t)
COMPUTE(MINU, r, s < t ? s : t)
COMPUTE(MAXU, r, s > t ? s : t)
COMPUTE(MOVEQZ, r, t == 0 ? s : cpu->a[op->r])
COMPUTE(MOVNEZ, r, t != 0 ? s : cpu->a[op->r])
COMPUTE(MOVLTZ, r, SIGNED(t) < 0 ? s : cpu->a[op->r])
COMPUTE(MOVGEZ, r, SIGNED(t) >= 0 ? s : cpu->a[op->r])

// ---- shifts -------------------------------------------------------------------------------------

#define SAR   (cpu->special[XTENSA_SAR] & 63)
#define WIDE  ((uint64_t)s << 32 | t)
#define NO_SX (uint64_t)

COMPUTE(SLLI, r, s << (imm & 31))
COMPUTE(SRLI, r, t >> imm)
COMPUTE(SRAI, r, SIGNED(t) >> imm)
COMPUTE(SRC, r, WIDE >> SAR)
COMPUTE(SLL, r, ((uint64_t)s << 32) >> SAR)
COMPUTE(SRL, r, NO_SX t >> SAR)
COMPUTE(SRA, r, (int64_t)SIGNED(t) >> SAR)

// Its s is no register, but a width of up to 16.
XTENSA_DO(EXTUI) {
    cpu->a[op->r] = cpu->a[op->t] >> op->imm & ((1u << op->s) - 1);
    return xtensa_next(op);
}

static int32_t sign_extend(uint32_t value, uint32_t bit) {
    return (int32_t)(value << (31 - bit)) >> (31 - bit);
}

static int32_t clamp(int32_t value, uint32_t bit) {
    int32_t most = (int32_t)(1u << bit) - 1;
    return value > most ? most : value < -most - 1 ? -most - 1 : value;
}

static uint32_t leading_zeros(uint32_t value) {
    return value == 0 ? 32 : (uint32_t)__builtin_clz(value);
}

COMPUTE(SEXT, r, sign_extend(s, imm))
COMPUTE(CLAMPS, r, clamp(SIGNED(s), imm))
COMPUTE(NSAU, t, leading_zeros(s))
COMPUTE(NSA, t, leading_zeros(SIGNED(s) < 0 ? ~s : s) - 1)

#define SET_SAR(name, value)                                                                                 \
    XTENSA_DO(name) {                                                                                        \
        const uint32_t s = cpu->a[op->s];                                                                    \
        (void)s;                                                                                             \
        cpu->special[XTENSA_SAR] = (uint32_t)(value);                                                        \
        return xtensa_next(op);                                                                              \
    }

SET_SAR(SSR, s & 31)
SET_SAR(SSL, 32 - (s & 31))
SET_SAR(SSA8L, (s & 3) * 8)
SET_SAR(SSA8B, 32 - (s & 3) * 8)
SET_SAR(SSAI, op->imm)

// ---- multiplication and division ----------------------------------------------------------------

COMPUTE(MUL16U, r, (s & 0xFFFF) * (t & 0xFFFF))
COMPUTE(MUL16S, r, (int16_t)s *(int16_t)t)
COMPUTE(MULL, r, s *t)
COMPUTE(MULUH, r, ((uint64_t)s * t) >> 32)
COMPUTE(MULSH, r, ((int64_t)SIGNED(s) * SIGNED(t)) >> 32)

#define DIVIDE(name, value)                                                                                  \
    XTENSA_DO(name) {                                                                                        \
        const uint32_t s = cpu->a[op->s], t = cpu->a[op->t];                                                 \
        const bool overflow = s == 0x80000000u && t == UINT32_MAX;                                           \
        (void)overflow;                                                                                      \
        if (t == 0)                                                                                          \
            return xtensa_stop_at(cpu, op, XTENSA_DIVIDE);                                                   \
        cpu->a[op->r] = (uint32_t)(value);                                                                   \
        return xtensa_next(op);                                                                              \
    }

DIVIDE(QUOU, s / t)
DIVIDE(REMU, s % t)
DIVIDE(QUOS, overflow ? SIGNED(s) : SIGNED(s) / SIGNED(t))
DIVIDE(REMS, overflow ? 0 : SIGNED(s) % SIGNED(t))

// ---- booleans: 16 bits of one special register --------------------------------------------------

static uint32_t boolean(const struct xtensa *cpu, unsigned number) {
    return cpu->special[XTENSA_BR] >> number & 1;
}

COMPUTE(MOVF, r, boolean(cpu, op->t) == 0 ? s : cpu->a[op->r])
COMPUTE(MOVT, r, boolean(cpu, op->t) != 0 ? s : cpu->a[op->r])

#define SET_BOOLEAN(name, target, value)                                                                     \
    XTENSA_DO(name) {                                                                                        \
        const uint32_t s = boolean(cpu, op->s), t = boolean(cpu, op->t);                                     \
        const uint32_t from_s = cpu->special[XTENSA_BR] >> op->s;                                            \
        (void)s, (void)t, (void)from_s;                                                                      \
        cpu->special[XTENSA_BR] = (cpu->special[XTENSA_BR] & ~(1u << op->target)) | ((uint32_t)(value)&1)    \
                                                                                        << op->target;       \
        return xtensa_next(op);                                                                              \
    }

SET_BOOLEAN(ANDB, r, s &t)
SET_BOOLEAN(ANDBC, r, s & ~t)
SET_BOOLEAN(ORB, r, s | t)
SET_BOOLEAN(ORBC, r, s | ~t)
SET_BOOLEAN(XORB, r, s ^ t)
SET_BOOLEAN(ANY4, t, (from_s & 15) != 0)
SET_BOOLEAN(ALL4, t, (from_s & 15) == 15)
SET_BOOLEAN(ANY8, t, (from_s & 255) != 0)
SET_BOOLEAN(ALL8, t, (from_s & 255) == 255)
