#include "riscv_loop_value.h"

static const struct loop_value unknown = {.kind = LOOP_UNKNOWN};

struct loop_value loop_value_add(struct loop_value a, struct loop_value b) {
    bool a_linear = a.kind == LOOP_FIXED || a.kind == LOOP_AFFINE;
    bool b_linear = b.kind == LOOP_FIXED || b.kind == LOOP_AFFINE;
    if (!a_linear || !b_linear)
        return unknown;
    uint32_t step = a.step + b.step;
    return step == 0 ? loop_value_fixed(a.v + b.v) : loop_value_affine(a.v + b.v, step);
}

static struct loop_value subtract(struct loop_value a, struct loop_value b) {
    b.v = 0u - b.v;
    b.step = 0u - b.step;
    return loop_value_add(a, b);
}

static struct loop_value exclusive_or(struct loop_value a, struct loop_value b) {
    if ((a.kind != LOOP_FIXED && a.kind != LOOP_XOR) || (b.kind != LOOP_FIXED && b.kind != LOOP_XOR))
        return unknown;
    struct loop_value out = {
        .kind = LOOP_XOR, .v = a.v ^ b.v, .streams = a.streams ^ b.streams, .cells = a.cells ^ b.cells};
    if (out.streams == 0 && out.cells == 0)
        out.kind = LOOP_FIXED;
    return out;
}

static struct loop_value mask(struct loop_value a, uint32_t bits) {
    if (a.kind == LOOP_FIXED)
        return loop_value_fixed(a.v & bits);
    if (a.kind != LOOP_AFFINE)
        return unknown;
    // Bits below the step's lowest one never change.
    uint32_t lowest = a.step & (0u - a.step);
    if (bits < lowest)
        return loop_value_fixed(a.v & bits);
    return (struct loop_value){.kind = LOOP_MASKED, .v = a.v, .step = a.step, .mask = bits};
}

static struct loop_value of_fixed(enum riscv_code code, uint32_t a, uint32_t b) {
    switch (code) {
    case RV_OR:
        return loop_value_fixed(a | b);
    case RV_SLL:
        return loop_value_fixed(a << (b & 31));
    case RV_SRL:
        return loop_value_fixed(a >> (b & 31));
    case RV_SRA:
        return loop_value_fixed((uint32_t)((int32_t)a >> (b & 31)));
    case RV_SLT:
        return loop_value_fixed((int32_t)a < (int32_t)b);
    case RV_SLTU:
        return loop_value_fixed(a < b);
    default:
        return unknown;
    }
}

// Instructions with an immediate are those with two registers.
static enum riscv_code with_registers(enum riscv_code code) {
    static const uint8_t twins[] = {
        [RV_ADDI] = RV_ADD, [RV_SLTI] = RV_SLT, [RV_SLTIU] = RV_SLTU, [RV_XORI] = RV_XOR, [RV_ORI] = RV_OR,
        [RV_ANDI] = RV_AND, [RV_SLLI] = RV_SLL, [RV_SRLI] = RV_SRL,   [RV_SRAI] = RV_SRA};
    return (enum riscv_code)twins[code];
}

struct loop_value loop_value_of(const struct riscv_instruction *op, struct loop_value a,
                                struct loop_value b) {
    enum riscv_code code = (enum riscv_code)op->code;
    if (code >= RV_ADDI && code <= RV_SRAI) {
        code = with_registers(code);
        b = loop_value_fixed((uint32_t)op->imm);
    }
    switch (code) {
    case RV_ADD: // a move when one is 0
        if (b.kind == LOOP_FIXED && b.v == 0)
            return a;
        if (a.kind == LOOP_FIXED && a.v == 0)
            return b;
        return loop_value_add(a, b);
    case RV_SUB:
        return subtract(a, b);
    case RV_XOR:
        return exclusive_or(a, b);
    case RV_AND:
        return b.kind == LOOP_FIXED ? mask(a, b.v) : a.kind == LOOP_FIXED ? mask(b, a.v) : unknown;
    default:
        return a.kind == LOOP_FIXED && b.kind == LOOP_FIXED ? of_fixed(code, a.v, b.v) : unknown;
    }
}

bool loop_value_known(struct loop_value value) {
    return value.kind == LOOP_FIXED || value.kind == LOOP_AFFINE || value.kind == LOOP_MASKED;
}

uint32_t loop_value_at(struct loop_value value, uint32_t round) {
    uint32_t v = value.v + round * value.step;
    return value.kind == LOOP_MASKED ? v & value.mask : v;
}

bool loop_value_accumulates(struct loop_value value, uint32_t cell) {
    return value.kind == LOOP_XOR && value.cells == 1u << cell;
}

bool loop_value_of_streams(struct loop_value value) {
    return value.kind == LOOP_FIXED || (value.kind == LOOP_XOR && value.cells == 0);
}
