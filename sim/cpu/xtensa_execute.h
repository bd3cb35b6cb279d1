// The inside of the Xtensa interpreter: an instruction is a function that answers which one comes next.
#ifndef SIM_CPU_XTENSA_EXECUTE_H
#define SIM_CPU_XTENSA_EXECUTE_H

#include "xtensa_decode.h"

// NULL: the processor stops (cpu->stop, cpu->pc).
typedef const struct xtensa_op *(*xtensa_execute)(struct xtensa *cpu, const struct xtensa_op *op);

struct xtensa_op {
    xtensa_execute execute;
    int32_t imm;
    uint8_t r, s, t, length;
};

#define XTENSA_DECLARE(name)                                                                                 \
    const struct xtensa_op *xtensa_do_##name(struct xtensa *cpu, const struct xtensa_op *op);
XTENSA_INSTRUCTIONS(XTENSA_DECLARE)
#undef XTENSA_DECLARE

#define XTENSA_DO(name)                                                                                      \
    const struct xtensa_op *xtensa_do_##name(struct xtensa *cpu, const struct xtensa_op *op)

static inline const struct xtensa_op *xtensa_next(const struct xtensa_op *op) {
    return op + op->length; // a page has an entry for each byte
}

static inline uint32_t xtensa_pc_of(const struct xtensa *cpu, const struct xtensa_op *op) {
    return cpu->base + (uint32_t)(op - cpu->entries);
}

// Goes on in the page of `pc`; stops when the program has no code there.
const struct xtensa_op *xtensa_enter(struct xtensa *cpu, uint32_t pc);

static inline const struct xtensa_op *xtensa_jump(struct xtensa *cpu, uint32_t target) {
    uint32_t offset = target - cpu->base;
    return offset < MEMORY_PAGE_SIZE ? cpu->entries + offset : xtensa_enter(cpu, target);
}

// Stops in front of the instruction, which counts as not executed.
const struct xtensa_op *xtensa_stop_at(struct xtensa *cpu, const struct xtensa_op *op,
                                       enum xtensa_stop reason);
const struct xtensa_op *xtensa_fault_at(struct xtensa *cpu, const struct xtensa_op *op, uint32_t address,
                                        bool is_store);

// LBEG or LEND has changed.
void xtensa_find_loop_end(struct xtensa *cpu);

// ---- xtensa_window.c ----------------------------------------------------------------------------

// Turns the ring by so many panes.
void xtensa_rotate(struct xtensa *cpu, uint32_t panes);
// The window's registers go to the ring, or come from it.
void xtensa_window_out(struct xtensa *cpu);
void xtensa_window_in(struct xtensa *cpu);
// Saves what frames lie in the panes of the window that begins so many panes further on. False: a store failed.
bool xtensa_make_room(struct xtensa *cpu, uint32_t panes);

#endif
