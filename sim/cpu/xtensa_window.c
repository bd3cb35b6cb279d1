// The register window: its ring, what is saved of it on the stack, and the instructions that turn it.
#include "xtensa_execute.h"

#define PANE (4 * sizeof(uint32_t))

static uint32_t base_of(const struct xtensa *cpu) {
    return cpu->special[XTENSA_WINDOWBASE];
}

void xtensa_window_out(struct xtensa *cpu) {
    for (uint32_t i = 0; i < 4; i++)
        memcpy(&cpu->ring[(base_of(cpu) + i) % XTENSA_PANES * 4], &cpu->a[4 * i], PANE);
}

void xtensa_window_in(struct xtensa *cpu) {
    for (uint32_t i = 0; i < 4; i++)
        memcpy(&cpu->a[4 * i], &cpu->ring[(base_of(cpu) + i) % XTENSA_PANES * 4], PANE);
}

void xtensa_rotate(struct xtensa *cpu, uint32_t panes) {
    xtensa_window_out(cpu);
    cpu->special[XTENSA_WINDOWBASE] = (base_of(cpu) + panes) % XTENSA_PANES;
    xtensa_window_in(cpu);
}

uint32_t xtensa_ring_register(const struct xtensa *cpu, unsigned number) {
    uint32_t within = (number - base_of(cpu) * 4) % XTENSA_REGISTERS;
    return within < 16 ? cpu->a[within] : cpu->ring[number % XTENSA_REGISTERS];
}

// ---- frames on the stack ------------------------------------------------------------------------
//
// A frame's a0 to a3 lie in the 16 bytes below its callee's stack pointer; a4 and further ones of a frame that called by
// CALL8 or CALL12 below those of its own caller, whose stack pointer is found there.

static uint32_t frame_register(const struct xtensa *cpu, uint32_t pane, uint32_t number) {
    return cpu->ring[(pane * 4 + number) % XTENSA_REGISTERS];
}

// The first pane from `pane` on, within 1 to 3, at which a frame begins; 0: none.
static uint32_t frame_distance(const struct xtensa *cpu, uint32_t pane) {
    for (uint32_t i = 1; i <= 3; i++)
        if ((cpu->special[XTENSA_WINDOWSTART] >> (pane + i) % XTENSA_PANES & 1) != 0)
            return i;
    return 0;
}

static bool save_word(struct xtensa *cpu, uint32_t address, uint32_t value) {
    cpu->fault_address = address;
    cpu->fault_is_store = true;
    return memory_store(cpu->memory, address, 4, value);
}

static bool load_word(struct xtensa *cpu, uint32_t address, uint32_t *value) {
    cpu->fault_address = address;
    cpu->fault_is_store = false;
    return memory_load(cpu->memory, address, 4, value);
}

// The frame at `pane`, whose callee's begins so many panes on. The ring is up to date.
static bool save_frame(struct xtensa *cpu, uint32_t pane, uint32_t panes) {
    uint32_t callee_sp = frame_register(cpu, pane, 4 * panes + 1), sp = frame_register(cpu, pane, 1),
             caller_sp;
    bool saved = true;
    for (uint32_t i = 0; saved && i < 4; i++)
        saved = save_word(cpu, callee_sp - 16 + 4 * i, frame_register(cpu, pane, i));
    if (!saved || panes == 1)
        return saved;
    saved = load_word(cpu, sp - 12, &caller_sp);
    for (uint32_t i = 4; saved && i < 4 * panes; i++)
        saved = save_word(cpu, caller_sp - 16 * panes + 4 * (i - 4), frame_register(cpu, pane, i));
    return saved;
}

bool xtensa_make_room(struct xtensa *cpu, uint32_t panes) {
    uint32_t start = base_of(cpu) + panes, *windows = &cpu->special[XTENSA_WINDOWSTART];
    uint32_t mask = 7u << (start + 1) % XTENSA_PANES;
    if ((*windows & (mask | mask >> XTENSA_PANES)) == 0)
        return true;
    xtensa_window_out(cpu);
    for (uint32_t i = 1; i <= 3; i++) {
        uint32_t pane = (start + i) % XTENSA_PANES;
        if ((*windows >> pane & 1) == 0 || pane == base_of(cpu))
            continue;
        uint32_t distance = frame_distance(cpu, pane);
        if (distance == 0 || !save_frame(cpu, pane, distance))
            return false;
        *windows &= ~(1u << pane);
    }
    return true;
}

// The caller's registers, at the return to it; the window is still the callee's.
static bool load_frame(struct xtensa *cpu, uint32_t pane, uint32_t panes) {
    uint32_t callee_sp = cpu->a[1], frame[12], caller_sp;
    bool loaded = true;
    for (uint32_t i = 0; loaded && i < 4; i++)
        loaded = load_word(cpu, callee_sp - 16 + 4 * i, &frame[i]);
    if (loaded && panes > 1)
        loaded = load_word(cpu, frame[1] - 12, &caller_sp);
    for (uint32_t i = 4; loaded && i < 4 * panes; i++)
        loaded = load_word(cpu, caller_sp - 16 * panes + 4 * (i - 4), &frame[i]);
    for (uint32_t i = 0; loaded && i < 4 * panes; i++)
        cpu->ring[(pane * 4 + i) % XTENSA_REGISTERS] = frame[i];
    return loaded;
}

// ---- instructions -------------------------------------------------------------------------------

#define MAY_TURN(ps) (((ps)&XTENSA_PS_WOE) != 0 && ((ps)&XTENSA_PS_EXCM) == 0)

XTENSA_DO(ENTRY) {
    uint32_t ps = cpu->special[XTENSA_PS], panes = ps >> XTENSA_PS_CALLINC_SHIFT & 3;
    if (op->s > 3 || !MAY_TURN(ps))
        return xtensa_stop_at(cpu, op, XTENSA_ILLEGAL);
    cpu->pc = xtensa_pc_of(cpu, op);
    if (!xtensa_make_room(cpu, panes))
        return xtensa_fault_at(cpu, op, cpu->fault_address, cpu->fault_is_store);
    cpu->a[4 * panes + op->s] = cpu->a[op->s] - (uint32_t)op->imm;
    xtensa_rotate(cpu, panes);
    cpu->special[XTENSA_WINDOWSTART] |= 1u << base_of(cpu);
    return xtensa_next(op);
}

XTENSA_DO(RETW) {
    uint32_t panes = cpu->a[0] >> 30, ps = cpu->special[XTENSA_PS],
             *windows = &cpu->special[XTENSA_WINDOWSTART];
    uint32_t target = (xtensa_pc_of(cpu, op) & 0xC0000000) | (cpu->a[0] & 0x3FFFFFFF);
    uint32_t base = base_of(cpu), caller = (base - panes) % XTENSA_PANES, nearest = 0;
    for (uint32_t i = 3; i >= 1; i--)
        if ((*windows >> (base - i) % XTENSA_PANES & 1) != 0)
            nearest = i;
    if (panes == 0 || !MAY_TURN(ps) || (nearest != 0 && nearest != panes))
        return xtensa_stop_at(cpu, op, XTENSA_ILLEGAL);
    xtensa_window_out(cpu);
    cpu->pc = xtensa_pc_of(cpu, op);
    if (nearest == 0 && !load_frame(cpu, caller, panes))
        return xtensa_fault_at(cpu, op, cpu->fault_address, cpu->fault_is_store);
    *windows = (*windows & ~(1u << base)) | 1u << caller;
    cpu->special[XTENSA_WINDOWBASE] = caller;
    xtensa_window_in(cpu);
    return xtensa_jump(cpu, target);
}

XTENSA_DO(ROTW) {
    uint32_t panes = (uint32_t)op->imm;
    cpu->pc = xtensa_pc_of(cpu, op);
    if (MAY_TURN(cpu->special[XTENSA_PS]) && !xtensa_make_room(cpu, panes))
        return xtensa_fault_at(cpu, op, cpu->fault_address, cpu->fault_is_store);
    xtensa_rotate(cpu, panes);
    return xtensa_next(op);
}

// The stack pointer moves. When the caller's registers have been saved below it already, they move along (on a chip: the
// exception ALLOCA).
XTENSA_DO(MOVSP) {
    uint32_t to = cpu->a[op->s], from = cpu->a[op->t], word;
    uint32_t base = base_of(cpu), callers = 0;
    for (uint32_t i = 1; i <= 3; i++)
        callers |= cpu->special[XTENSA_WINDOWSTART] >> (base - i) % XTENSA_PANES & 1;
    cpu->pc = xtensa_pc_of(cpu, op);
    for (uint32_t i = 0; callers == 0 && i < 4; i++)
        if (!load_word(cpu, from - 16 + 4 * i, &word) || !save_word(cpu, to - 16 + 4 * i, word))
            return xtensa_fault_at(cpu, op, cpu->fault_address, cpu->fault_is_store);
    cpu->a[op->t] = to;
    return xtensa_next(op);
}

// The ends of a program's own window handlers (RFWO, RFWU), should one call them.
static const struct xtensa_op *return_from_window(struct xtensa *cpu, bool is_overflow) {
    uint32_t *ps = &cpu->special[XTENSA_PS], *windows = &cpu->special[XTENSA_WINDOWSTART];
    uint32_t bit = 1u << base_of(cpu);
    *windows = is_overflow ? *windows & ~bit : *windows | bit;
    *ps &= ~(uint32_t)XTENSA_PS_EXCM;
    xtensa_rotate(cpu, (*ps >> 8 & 15) - base_of(cpu));
    return xtensa_jump(cpu, cpu->special[XTENSA_EPC1]);
}

XTENSA_DO(RFWO) {
    (void)op;
    return return_from_window(cpu, true);
}

XTENSA_DO(RFWU) {
    (void)op;
    return return_from_window(cpu, false);
}
