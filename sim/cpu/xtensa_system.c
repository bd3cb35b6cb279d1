// Instructions that concern the processor itself: special registers, exceptions.
#include "xtensa_execute.h"

XTENSA_DO(NOP) {
    (void)cpu;
    return xtensa_next(op);
}

XTENSA_DO(ILLEGAL) {
    return xtensa_stop_at(cpu, op, XTENSA_ILLEGAL);
}

XTENSA_DO(SYSCALL) {
    return xtensa_stop_at(cpu, op, XTENSA_SYSCALL);
}

XTENSA_DO(BREAK) {
    return xtensa_stop_at(cpu, op, XTENSA_BREAK);
}

// ---- special registers --------------------------------------------------------------------------

static uint32_t cycles(const struct xtensa *cpu) {
    return (uint32_t)(cpu->instructions + cpu->cycles_added);
}

static uint32_t special_read(const struct xtensa *cpu, uint32_t number) {
    return number == XTENSA_CCOUNT ? cpu->special[number] + cycles(cpu) : cpu->special[number];
}

static void special_write(struct xtensa *cpu, uint32_t number, uint32_t value) {
    switch (number) {
    case XTENSA_CCOUNT:
        cpu->special[number] = value - cycles(cpu);
        return;
    case XTENSA_PRID:
        return;
    case XTENSA_WINDOWBASE:
        xtensa_rotate(cpu, value - cpu->special[number]);
        return;
    case XTENSA_BR:
    case XTENSA_WINDOWSTART:
        value &= 0xFFFF;
        break;
    case XTENSA_SAR:
        value &= 63;
        break;
    default:
        break;
    }
    cpu->special[number] = value;
    if (number == XTENSA_LBEG || number == XTENSA_LEND)
        xtensa_find_loop_end(cpu);
}

XTENSA_DO(RSR) {
    cpu->a[op->t] = special_read(cpu, (uint32_t)op->imm);
    return xtensa_next(op);
}

XTENSA_DO(WSR) {
    special_write(cpu, (uint32_t)op->imm, cpu->a[op->t]);
    return xtensa_next(op);
}

XTENSA_DO(XSR) {
    uint32_t held = special_read(cpu, (uint32_t)op->imm);
    special_write(cpu, (uint32_t)op->imm, cpu->a[op->t]);
    cpu->a[op->t] = held;
    return xtensa_next(op);
}

// External registers are those of the debug unit: no debugger is attached.
XTENSA_DO(RER) {
    cpu->a[op->t] = 0;
    return xtensa_next(op);
}

XTENSA_DO(RUR) {
    cpu->a[op->r] = cpu->user[(uint32_t)op->imm];
    return xtensa_next(op);
}

XTENSA_DO(WUR) {
    cpu->user[(uint32_t)op->imm] = cpu->a[op->t];
    return xtensa_next(op);
}

// ---- interrupts, of which none ever comes, and exceptions ---------------------------------------

XTENSA_DO(RSIL) {
    uint32_t *ps = &cpu->special[XTENSA_PS];
    cpu->a[op->t] = *ps;
    *ps = (*ps & ~(uint32_t)XTENSA_PS_INTLEVEL) | (uint32_t)op->imm;
    return xtensa_next(op);
}

XTENSA_DO(WAITI) {
    return xtensa_stop_at(cpu, op, XTENSA_SELF_JUMP);
}

XTENSA_DO(RFE) {
    (void)op;
    cpu->special[XTENSA_PS] &= ~(uint32_t)XTENSA_PS_EXCM;
    return xtensa_jump(cpu, cpu->special[XTENSA_EPC1]);
}

XTENSA_DO(RFDE) {
    (void)op;
    return xtensa_jump(cpu, cpu->special[XTENSA_DEPC]);
}

XTENSA_DO(RFI) {
    uint32_t level = (uint32_t)op->imm;
    if (level < 2 || level > 7)
        return xtensa_stop_at(cpu, op, XTENSA_ILLEGAL);
    cpu->special[XTENSA_PS] = cpu->special[XTENSA_EPS2 + level - 2];
    return xtensa_jump(cpu, cpu->special[XTENSA_EPC1 + level - 1]);
}

enum { USER_VECTOR = 0x340, KERNEL_VECTOR = 0x300, DOUBLE_VECTOR = 0x3C0 }; // of the ESP32's core

void xtensa_trap(struct xtensa *cpu, uint32_t cause, uint32_t address) {
    uint32_t *ps = &cpu->special[XTENSA_PS];
    uint32_t vector = (*ps & XTENSA_PS_EXCM) != 0 ? DOUBLE_VECTOR
                      : (*ps & XTENSA_PS_UM) != 0 ? USER_VECTOR
                                                  : KERNEL_VECTOR;
    cpu->special[(*ps & XTENSA_PS_EXCM) != 0 ? XTENSA_DEPC : XTENSA_EPC1] = cpu->pc;
    cpu->special[XTENSA_EXCCAUSE] = cause;
    cpu->special[XTENSA_EXCVADDR] = address;
    *ps |= XTENSA_PS_EXCM;
    cpu->pc = cpu->special[XTENSA_VECBASE] + vector;
}
