// Loads and stores.
#include "xtensa_execute.h"

// Whoever is asked may look at the processor, or leave it by longjmp.
static __attribute__((noinline)) const struct xtensa_op *asked(struct xtensa *cpu, const struct xtensa_op *op,
                                                               const struct xtensa_op *next) {
    if (!cpu->stop_requested)
        return next;
    cpu->stop = XTENSA_REQUEST;
    cpu->pc = xtensa_pc_of(cpu, op) + op->length;
    return NULL;
}

// Puts the value into register t.
static __attribute__((noinline)) const struct xtensa_op *
load_slow(struct xtensa *cpu, const struct xtensa_op *op, uint32_t address, unsigned size, bool is_signed) {
    uint32_t value;
    cpu->pc = xtensa_pc_of(cpu, op);
    if (!memory_load(cpu->memory, address, size, &value))
        return xtensa_fault_at(cpu, op, address, false);
    cpu->a[op->t] = is_signed ? (uint32_t)(int16_t)value : value;
    return asked(cpu, op, xtensa_next(op));
}

static __attribute__((noinline)) const struct xtensa_op *
store_slow(struct xtensa *cpu, const struct xtensa_op *op, uint32_t address, unsigned size, uint32_t value) {
    cpu->pc = xtensa_pc_of(cpu, op);
    if (!memory_store(cpu->memory, address, size, value))
        return xtensa_fault_at(cpu, op, address, true);
    return asked(cpu, op, xtensa_next(op));
}

#define LOAD(name, size, type, is_signed)                                                                    \
    XTENSA_DO(name) {                                                                                        \
        uint32_t address = cpu->a[op->s] + (uint32_t)op->imm, value;                                         \
        if (!memory_load_plain(cpu->memory, address, size, &value))                                          \
            return load_slow(cpu, op, address, size, is_signed);                                             \
        cpu->a[op->t] = (uint32_t)(type)value;                                                               \
        return xtensa_next(op);                                                                              \
    }

#define STORE(name, size)                                                                                    \
    XTENSA_DO(name) {                                                                                        \
        uint32_t address = cpu->a[op->s] + (uint32_t)op->imm;                                                \
        if (!memory_store_plain(cpu->memory, address, size, cpu->a[op->t]))                                  \
            return store_slow(cpu, op, address, size, cpu->a[op->t]);                                        \
        return xtensa_next(op);                                                                              \
    }

LOAD(L8UI, 1, uint8_t, false)
LOAD(L16UI, 2, uint16_t, false)
LOAD(L16SI, 2, int16_t, true)
LOAD(L32I, 4, uint32_t, false)
LOAD(L32E, 4, uint32_t, false)
STORE(S8I, 1)
STORE(S16I, 2)
STORE(S32I, 4)
STORE(S32E, 4)

XTENSA_DO(L32R) {
    uint32_t value;
    if (!memory_load_plain(cpu->memory, (uint32_t)op->imm, 4, &value))
        return load_slow(cpu, op, (uint32_t)op->imm, 4, false);
    cpu->a[op->t] = value;
    return xtensa_next(op);
}

// Stores t if memory holds what SCOMPARE1 does; t becomes what it held.
XTENSA_DO(S32C1I) {
    uint32_t address = cpu->a[op->s] + (uint32_t)op->imm, held;
    cpu->pc = xtensa_pc_of(cpu, op);
    if (!memory_load(cpu->memory, address, 4, &held))
        return xtensa_fault_at(cpu, op, address, false);
    if (held == cpu->special[XTENSA_SCOMPARE1] && !memory_store(cpu->memory, address, 4, cpu->a[op->t]))
        return xtensa_fault_at(cpu, op, address, true);
    cpu->a[op->t] = held;
    return asked(cpu, op, xtensa_next(op));
}
