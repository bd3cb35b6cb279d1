// A machine with an Xtensa processor.
#include "machine_internal.h"

// ---- life ---------------------------------------------------------------------------------------

static void start(struct machine *machine) {
    (void)machine;
}

static void release(struct machine *machine) {
    (void)machine;
}

static void reset(struct machine *machine, uint32_t stack) {
    xtensa_reset(&machine->xtensa, &machine->memory, 0, stack);
}

// ---- running ------------------------------------------------------------------------------------

// An exception: the bootloader has vectors of its own, or those of the ROM are in force, where the processor is lost.
static void take_exception(struct machine *machine, uint32_t cause, const char *what) {
    struct xtensa *cpu = &machine->xtensa;
    uint32_t address = cause == XTENSA_CAUSE_ACCESS ? cpu->fault_address : cpu->pc;
    if (!memory_is_own(&machine->memory, cpu->special[XTENSA_VECBASE]))
        port_halt(PORT_HALT_CRASH, what);
    xtensa_trap(cpu, cause, address);
}

_Noreturn static void illegal(struct machine *machine) {
    uint32_t word = 0;
    (void)memory_load(&machine->memory, machine->xtensa.pc, 4, &word);
    machine_not_modelled(machine, "illegal instruction 0x%06x", (unsigned)(word & 0xFFFFFF));
}

static void go_on(struct machine *machine, enum xtensa_stop stop) {
    struct xtensa *cpu = &machine->xtensa;
    switch (stop) {
    case XTENSA_ELSEWHERE:
        machine_elsewhere(machine, cpu->pc);
        return;
    case XTENSA_ILLEGAL:
        illegal(machine);
    case XTENSA_ACCESS_FAULT:
        machine_refuse_rom_contents(machine, cpu->fault_address);
        take_exception(machine, XTENSA_CAUSE_ACCESS,
                       "the bootloader touched an address where nothing is; a watchdog resets the chip");
        return;
    case XTENSA_DIVIDE:
        take_exception(machine, XTENSA_CAUSE_DIVIDE,
                       "the bootloader divided by zero; a watchdog resets the chip");
        return;
    case XTENSA_SYSCALL:
        take_exception(machine, XTENSA_CAUSE_SYSCALL,
                       "the bootloader made a system call; a watchdog resets the chip");
        return;
    case XTENSA_BREAK:
        port_halt(PORT_HALT_CRASH, "the bootloader met a breakpoint; a watchdog resets the chip");
    case XTENSA_SELF_JUMP:
        port_halt(PORT_HALT_CRASH, "the bootloader loops for ever; a watchdog resets the chip");
    case XTENSA_BUDGET:
    case XTENSA_REQUEST:
        return;
    }
}

static void run(struct machine *machine, uint64_t budget) {
    uint64_t before = machine->xtensa.instructions;
    enum xtensa_stop stop = xtensa_run(&machine->xtensa, budget);
    machine->statistics.instructions += machine->xtensa.instructions - before;
    go_on(machine, stop);
}

// ---- looking ------------------------------------------------------------------------------------

static uint32_t pc(const struct machine *machine) {
    return machine->xtensa.pc;
}

static void set_pc(struct machine *machine, uint32_t address) {
    machine->xtensa.pc = address;
}

static uint64_t instructions(const struct machine *machine) {
    return machine->xtensa.instructions;
}

static uint64_t cycles(const struct machine *machine) {
    return machine->xtensa.instructions + machine->xtensa.cycles_added;
}

static void pass_cycles(struct machine *machine, uint64_t count) {
    machine->xtensa.cycles_added += count;
}

// ---- the calling convention ---------------------------------------------------------------------
//
// The window has not turned yet: what will be the callee's a2 is the caller's a10 after a CALL8. Six arguments are in
// registers, further ones on the caller's stack.

static uint32_t argument(struct machine *machine, unsigned number) {
    const struct xtensa *cpu = &machine->xtensa;
    if (number < 6)
        return cpu->a[(4u * cpu->called + 2 + number) % 16];
    return machine_read_word(machine, cpu->a[1] + 4 * (number - 6));
}

static void set_result(struct machine *machine, unsigned word, uint32_t value) {
    struct xtensa *cpu = &machine->xtensa;
    cpu->a[(4u * cpu->called + 2 + word) % 16] = value;
}

static void leave(struct machine *machine) {
    struct xtensa *cpu = &machine->xtensa;
    uint32_t back = cpu->a[4u * cpu->called];
    cpu->pc = cpu->called == 0 ? back : (back & 0x3FFFFFFF) | (cpu->pc & 0xC0000000);
}

// ---- code and snapshots -------------------------------------------------------------------------

static void forget(struct machine *machine, struct memory_frame *frame, uint32_t offset, uint32_t size) {
    xtensa_forget(&machine->xtensa, frame, offset, size);
}

static void *save(const struct machine *machine) {
    struct xtensa *saved = memory_new(sizeof *saved);
    *saved = machine->xtensa;
    return saved;
}

static void restore(struct machine *machine, const void *saved) {
    machine->xtensa = *(const struct xtensa *)saved;
}

const struct machine_core machine_core_xtensa = {
    .start = start,
    .free = release,
    .reset = reset,
    .run = run,
    .pc = pc,
    .set_pc = set_pc,
    .instructions = instructions,
    .cycles = cycles,
    .pass_cycles = pass_cycles,
    .argument = argument,
    .set_result = set_result,
    .leave = leave,
    .forget = forget,
    .forget_all = xtensa_forget_all,
    .save = save,
    .restore = restore,
};
