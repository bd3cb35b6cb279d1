// A machine with a RISC-V processor.
#include "../cpu/riscv_loop.h"
#include "machine_internal.h"

// ---- life ---------------------------------------------------------------------------------------

static void start(struct machine *machine) {
    riscv_know_loops(&machine->riscv, true);
}

static void release(struct machine *machine) {
    riscv_free(&machine->riscv);
}

static void reset(struct machine *machine, uint32_t stack) {
    riscv_reset(&machine->riscv, &machine->memory, 0);
    machine->riscv.x[RISCV_SP] = stack;
}

// ---- running ------------------------------------------------------------------------------------

// An exception: the bootloader has a handler, or the watchdog finds the processor lost.
static void take_exception(struct machine *machine, uint32_t cause, uint32_t value, const char *what) {
    enum { MTVEC = 0x305 };
    if (machine->riscv.csr[MTVEC] == 0 || !memory_is_own(&machine->memory, machine->riscv.csr[MTVEC] & ~3u))
        machine_crash(machine, what);
    riscv_trap(&machine->riscv, cause, value);
}

static void go_on(struct machine *machine, enum riscv_stop stop) {
    struct riscv *cpu = &machine->riscv;
    switch (stop) {
    case RISCV_ELSEWHERE:
        machine_elsewhere(machine, cpu->pc);
        return;
    case RISCV_ILLEGAL: {
        uint32_t word = 0;
        (void)memory_load(&machine->memory, cpu->pc, 4, &word);
        machine_not_modelled(machine, "illegal instruction 0x%08x", (unsigned)word);
    }
    case RISCV_ACCESS_FAULT:
        take_exception(machine, cpu->fault_is_store ? 7 : 5, cpu->fault_address,
                       "the bootloader touched an address where nothing is; a watchdog resets the chip");
        return;
    case RISCV_ECALL:
        take_exception(machine, 11, 0, "the bootloader made a system call; a watchdog resets the chip");
        return;
    case RISCV_EBREAK:
        take_exception(machine, 3, cpu->pc, "the bootloader met a breakpoint; a watchdog resets the chip");
        return;
    case RISCV_SELF_JUMP:
        machine_crash(machine, "the bootloader loops for ever; a watchdog resets the chip");
    case RISCV_BUDGET:
    case RISCV_REQUEST:
        return;
    }
}

static void run(struct machine *machine, uint64_t budget) {
    uint64_t before = machine->riscv.instructions;
    enum riscv_stop stop = riscv_run(&machine->riscv, budget);
    machine->statistics.instructions += machine->riscv.instructions - before;
    go_on(machine, stop);
}

static void step(struct machine *machine) {
    enum riscv_stop stop = riscv_step(&machine->riscv);
    machine->statistics.instructions++;
    go_on(machine, stop);
}

// ---- looking ------------------------------------------------------------------------------------

static uint32_t pc(const struct machine *machine) {
    return machine->riscv.pc;
}

static void set_pc(struct machine *machine, uint32_t address) {
    machine->riscv.pc = address;
}

static uint64_t instructions(const struct machine *machine) {
    return machine->riscv.instructions;
}

static uint64_t cycles(const struct machine *machine) {
    return machine->riscv.instructions + machine->riscv.cycles_added;
}

static void pass_cycles(struct machine *machine, uint64_t count) {
    machine->riscv.cycles_added += count;
}

static uint32_t get_register(const struct machine *machine, unsigned number) {
    return machine->riscv.x[number & 31];
}

static void set_register(struct machine *machine, unsigned number, uint32_t value) {
    if (number != 0)
        machine->riscv.x[number & 31] = value;
}

static uint32_t caller(const struct machine *machine) {
    return machine->riscv.x[RISCV_RA] - 2;
}

// ---- the calling convention ---------------------------------------------------------------------

static uint32_t argument(struct machine *machine, unsigned number) {
    if (number < 8)
        return machine->riscv.x[RISCV_A0 + number];
    return machine_read_word(machine, machine->riscv.x[RISCV_SP] + 4 * (number - 8));
}

static void set_result(struct machine *machine, unsigned word, uint32_t value) {
    machine->riscv.x[RISCV_A0 + word] = value;
}

static void leave(struct machine *machine) {
    machine->riscv.pc = machine->riscv.x[RISCV_RA];
}

// ---- code and snapshots -------------------------------------------------------------------------

static void forget(struct machine *machine, struct memory_frame *frame, uint32_t offset, uint32_t size) {
    riscv_forget(&machine->riscv, frame, offset, size);
}

struct saved {
    struct riscv riscv;
    struct riscv_loops loops;
};

static void *save(const struct machine *machine) {
    struct saved *saved = memory_new(sizeof *saved);
    saved->riscv = machine->riscv;
    saved->loops = *machine->riscv.loops;
    return saved;
}

static void restore(struct machine *machine, const void *from) {
    const struct saved *saved = from;
    struct riscv_loops *loops = machine->riscv.loops;
    machine->riscv = saved->riscv;
    machine->riscv.loops = loops;
    *loops = saved->loops;
}

const struct machine_core machine_core_riscv = {
    .start = start,
    .free = release,
    .reset = reset,
    .run = run,
    .step = step,
    .pc = pc,
    .set_pc = set_pc,
    .instructions = instructions,
    .cycles = cycles,
    .pass_cycles = pass_cycles,
    .get_register = get_register,
    .set_register = set_register,
    .caller = caller,
    .argument = argument,
    .set_result = set_result,
    .leave = leave,
    .forget = forget,
    .forget_all = riscv_forget_all,
    .save = save,
    .restore = restore,
};
