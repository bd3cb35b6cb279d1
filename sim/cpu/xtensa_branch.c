// Branches, jumps, loops, and calls but for what they do to the window.
#include "xtensa_execute.h"

#define BRANCH(name, condition)                                                                              \
    XTENSA_DO(name) {                                                                                        \
        const uint32_t s = cpu->a[op->s], t = cpu->a[op->t];                                                 \
        (void)s, (void)t;                                                                                    \
        return (condition) ? xtensa_jump(cpu, (uint32_t)op->imm) : xtensa_next(op);                          \
    }
#define SIGNED(x) ((int32_t)(x))

BRANCH(BEQZ, s == 0)
BRANCH(BNEZ, s != 0)
BRANCH(BLTZ, SIGNED(s) < 0)
BRANCH(BGEZ, SIGNED(s) >= 0)
BRANCH(BEQI, SIGNED(s) == xtensa_b4const[op->r])
BRANCH(BNEI, SIGNED(s) != xtensa_b4const[op->r])
BRANCH(BLTI, SIGNED(s) < xtensa_b4const[op->r])
BRANCH(BGEI, SIGNED(s) >= xtensa_b4const[op->r])
BRANCH(BLTUI, s < xtensa_b4constu[op->r])
BRANCH(BGEUI, s >= xtensa_b4constu[op->r])
BRANCH(BEQ, s == t)
BRANCH(BNE, s != t)
BRANCH(BLT, SIGNED(s) < SIGNED(t))
BRANCH(BGE, SIGNED(s) >= SIGNED(t))
BRANCH(BLTU, s < t)
BRANCH(BGEU, s >= t)
BRANCH(BNONE, (s & t) == 0)
BRANCH(BANY, (s & t) != 0)
BRANCH(BALL, (~s & t) == 0)
BRANCH(BNALL, (~s & t) != 0)
BRANCH(BBC, (s >> (t & 31) & 1) == 0)
BRANCH(BBS, (s >> (t & 31) & 1) != 0)
BRANCH(BBCI, (s >> op->r & 1) == 0)
BRANCH(BBSI, (s >> op->r & 1) != 0)
BRANCH(BF, (cpu->special[XTENSA_BR] >> op->s & 1) == 0)
BRANCH(BT, (cpu->special[XTENSA_BR] >> op->s & 1) != 0)

XTENSA_DO(J) {
    uint32_t target = (uint32_t)op->imm;
    return target == xtensa_pc_of(cpu, op) ? xtensa_stop_at(cpu, op, XTENSA_SELF_JUMP)
                                           : xtensa_jump(cpu, target);
}

XTENSA_DO(JX) {
    return xtensa_jump(cpu, cpu->a[op->s]);
}

XTENSA_DO(RET) {
    (void)op;
    return xtensa_jump(cpu, cpu->a[0]);
}

// ---- loops --------------------------------------------------------------------------------------

static void begin_loop(struct xtensa *cpu, const struct xtensa_op *op) {
    cpu->special[XTENSA_LCOUNT] = cpu->a[op->s] - 1;
    cpu->special[XTENSA_LBEG] = xtensa_pc_of(cpu, op) + op->length;
    cpu->special[XTENSA_LEND] = (uint32_t)op->imm;
    xtensa_find_loop_end(cpu);
}

XTENSA_DO(LOOP) {
    begin_loop(cpu, op);
    return xtensa_next(op);
}

XTENSA_DO(LOOPNEZ) {
    begin_loop(cpu, op);
    return cpu->a[op->s] == 0 ? xtensa_jump(cpu, (uint32_t)op->imm) : xtensa_next(op);
}

XTENSA_DO(LOOPGTZ) {
    begin_loop(cpu, op);
    return SIGNED(cpu->a[op->s]) <= 0 ? xtensa_jump(cpu, (uint32_t)op->imm) : xtensa_next(op);
}

// ---- calls --------------------------------------------------------------------------------------

// CALL0 to CALL12: the return address goes to the register that the callee will see as a0.
static const struct xtensa_op *call(struct xtensa *cpu, const struct xtensa_op *op, uint32_t target) {
    uint32_t back = xtensa_pc_of(cpu, op) + op->length, number = op->r;
    cpu->called = (uint8_t)number;
    if (number != 0) {
        cpu->special[XTENSA_PS] =
            (cpu->special[XTENSA_PS] & ~(uint32_t)XTENSA_PS_CALLINC) | number << XTENSA_PS_CALLINC_SHIFT;
        back = (back & 0x3FFFFFFF) | number << 30;
    }
    cpu->a[4 * number] = back;
    return xtensa_jump(cpu, target);
}

XTENSA_DO(CALL) {
    return call(cpu, op, (uint32_t)op->imm);
}

XTENSA_DO(CALLX) {
    return call(cpu, op, cpu->a[op->s]);
}
