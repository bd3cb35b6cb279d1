#include "machine_internal.h"

#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>

// The watchdog ends what never does (HW-93). A boot takes less than a million instructions and a few for each byte of the
// images that it reads.
#define INSTRUCTIONS_MAX 300000000u

// ---- the end of a boot --------------------------------------------------------------------------

_Noreturn void machine_not_modelled(struct machine *machine, const char *format, ...) {
    char text[256];
    va_list arguments;
    va_start(arguments, format);
    (void)vsnprintf(text, sizeof text, format, arguments);
    va_end(arguments);
    machine_tell_time(machine);
    board_stop_not_modelled("%s (pc 0x%08x)", text, (unsigned)machine->riscv.pc);
}

void machine_tell_time(struct machine *machine) {
    uint64_t cycles = machine->riscv.instructions + machine->riscv.cycles_added;
    uint64_t passed = (cycles - machine->cycles_told) / machine->model->mhz; // microseconds
    board_program_pass_time(passed * 1000);
    machine->cycles_told += passed * machine->model->mhz;
}

void machine_pass_time(struct machine *machine, uint64_t us) {
    machine->riscv.cycles_added += us * machine->model->mhz;
    machine_tell_time(machine);
}

// The RTC watchdog's 9 seconds (HW-38) are an option of the build, and holding a pin or erasing partitions takes its time:
// a minute is more than any of that.
#define TIME_MAX_US 60000000u

void machine_watch_time(struct machine *machine) {
    if (port_time_us() - machine->started_us > TIME_MAX_US)
        port_halt(PORT_HALT_CRASH, "the bootloader does not come to an end; a watchdog resets the chip");
}

// ---- what the processor meets -------------------------------------------------------------------

static bool on_load(void *context, uint32_t address, unsigned size, uint32_t *value) {
    struct machine *machine = context;
    return window_contains(machine, address) ? window_load(machine, address, size, value)
                                             : register_load(machine, address, size, value);
}

static bool on_store(void *context, uint32_t address, unsigned size, uint32_t value) {
    struct machine *machine = context;
    return !window_contains(machine, address) && register_store(machine, address, size, value);
}

static void on_code_changed(void *context, struct memory_frame *frame, uint32_t offset, uint32_t size) {
    struct machine *machine = context;
    riscv_forget(&machine->riscv, frame, offset, size);
}

// ---- life ---------------------------------------------------------------------------------------

bool machine_supports(const struct chip_target *target) {
    return machine_model_of(target) != NULL;
}

static void make_ram(struct machine *machine) {
    const struct machine_model *model = machine->model;
    uint32_t length = 0;
    for (size_t i = 0; i < model->ram_count; i++)
        length += model->ram[i].length;
    machine->frame_count = length / MEMORY_PAGE_SIZE;
    machine->ram = memory_zeroed(1, length);
    machine->frames = memory_zeroed(machine->frame_count, sizeof *machine->frames);
    uint32_t next = 0;
    for (size_t i = 0; i < model->ram_count; i++) {
        const struct machine_ram *ram = &model->ram[i];
        for (uint32_t at = 0; at < ram->length; at += MEMORY_PAGE_SIZE, next++) {
            struct memory_frame *frame = &machine->frames[next];
            frame->bytes = machine->ram + next * MEMORY_PAGE_SIZE;
            frame->writable = true;
            memory_map_frame(&machine->memory, ram->address + at, frame);
            if (ram->second_view != 0)
                memory_map_frame(&machine->memory, ram->second_view + at, frame);
        }
    }
}

struct machine *machine_new(const struct chip_target *target) {
    const struct machine_model *model = machine_model_of(target);
    if (model == NULL)
        return NULL;
    struct machine *machine = memory_zeroed(1, sizeof *machine);
    machine->model = model;
    memory_init(&machine->memory, &(struct memory_device){machine, on_load, on_store, on_code_changed});
    make_ram(machine);
    riscv_know_loops(&machine->riscv, true);
    machine->snapshots = snapshots_new();
    rom_functions_find(machine);
    for (size_t i = 0; i < model->area_count; i++)
        memory_map_device(&machine->memory, model->areas[i].start, model->areas[i].end);
    for (size_t i = 0; i < model->window_count; i++)
        memory_map_device(&machine->memory, model->windows[i].start, model->windows[i].end);
    return machine;
}

void machine_free(struct machine *machine) {
    if (machine == NULL)
        return;
    for (uint32_t i = 0; i < machine->frame_count; i++)
        riscv_forget_all(&machine->frames[i]);
    for (uint32_t i = 0; i < machine->sector_count; i++)
        free(machine->sectors[i]);
    for (uint32_t i = 0; i < REGISTER_PAGES_MAX; i++)
        free(machine->registers[i]);
    digests_reset(machine);
    snapshots_free(machine->snapshots);
    free(machine->rom_functions);
    free(machine->sectors);
    free(machine->frames);
    free(machine->ram);
    buffer_free(&machine->line);
    buffer_free(&machine->md5_input);
    memory_free(&machine->memory);
    riscv_free(&machine->riscv);
    free(machine);
}

struct machine_statistics machine_statistics(const struct machine *machine) {
    return machine->statistics;
}

// ---- a boot -------------------------------------------------------------------------------------

// What is in RAM at power-on is undefined (HW-11); zeros here.
static void reset(struct machine *machine) {
    const struct machine_model *model = machine->model;
    for (uint32_t i = 0; i < machine->frame_count; i++) {
        struct memory_frame *frame = &machine->frames[i];
        memset(frame->bytes, 0, MEMORY_PAGE_SIZE);
        memset(frame->own, 0, sizeof frame->own);
        riscv_forget_all(frame);
        frame->holds_code = false;
        memory_clean(&machine->memory, frame);
    }
    registers_reset(machine);
    window_reset(machine);
    digests_reset(machine);
    machine->line.length = 0;
    machine->random = 0x2545F491;
    machine->cycles_told = 0;
    machine->flash_write_enabled = false;
    riscv_reset(&machine->riscv, &machine->memory, 0);
    machine->riscv.x[RISCV_SP] = model->stack;
    if (model->rom.flash_chip_pointer != 0)
        (void)memory_store(&machine->memory, model->rom.flash_chip_pointer, 4, model->rom.flash_chip);
}

// An exception: the bootloader has a handler, or the watchdog finds the processor lost.
static void take_exception(struct machine *machine, uint32_t cause, uint32_t value, const char *what) {
    enum { MTVEC = 0x305 };
    if (machine->riscv.csr[MTVEC] == 0 || !memory_is_own(&machine->memory, machine->riscv.csr[MTVEC] & ~3u))
        port_halt(PORT_HALT_CRASH, what);
    riscv_trap(&machine->riscv, cause, value);
}

static void go_on(struct machine *machine, enum riscv_stop stop) {
    struct riscv *cpu = &machine->riscv;
    switch (stop) {
    case RISCV_ELSEWHERE:
        if (!rom_function_call(machine, cpu->pc))
            app_start(machine, cpu->pc);
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
        port_halt(PORT_HALT_CRASH, "the bootloader loops for ever; a watchdog resets the chip");
    case RISCV_BUDGET:
        if (cpu->instructions >= INSTRUCTIONS_MAX)
            port_halt(PORT_HALT_CRASH, "the bootloader does not come to an end; a watchdog resets the chip");
        return;
    case RISCV_REQUEST:
        return;
    }
}

static void free_machine(void *machine) {
    machine_free(machine);
}

struct machine *machine_running(void) {
    return board_attachment()->state;
}

void machine_bootloader(void) {
    struct board_attachment *attachment = board_attachment();
    if (attachment->state == NULL)
        *attachment = (struct board_attachment){machine_new(port_ram()->target), free_machine};
    machine_boot(attachment->state);
}

void machine_boot(struct machine *machine) {
    const char *outer = port_call_begin("bootloader");
    machine->statistics.boots++;
    machine->started_us = port_time_us();
    struct firmware *ram = port_ram();
    if (snapshot_resume(machine)) {
        machine->statistics.resumed++;
    } else {
        reset(machine);
        snapshot_watch(machine);
        machine->riscv.pc = rom_stage_load(machine);
    }
    while (ram->running_size == 0) {
        uint64_t before = machine->riscv.instructions;
        enum riscv_stop stop = riscv_run(&machine->riscv, INSTRUCTIONS_MAX);
        machine->statistics.instructions += machine->riscv.instructions - before;
        go_on(machine, stop);
    }
    machine_tell_time(machine);
    port_call_end(outer);
}
