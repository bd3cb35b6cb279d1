#include "genuine_rom.h"
#include "machine_debug.h"
#include "machine_internal.h"

#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>

// The watchdog ends what never does (HW-93). A boot takes less than a million instructions and a few for each byte of the
// images that it reads.
#define INSTRUCTIONS_MAX 300000000u
// The ROM needs a few hundred thousand for itself; one that finds no bootloader tries again for ever (HW-71).
#define ROM_INSTRUCTIONS_MAX 20000000u

// ---- the end of a boot --------------------------------------------------------------------------

_Noreturn void machine_not_modelled(struct machine *machine, const char *format, ...) {
    char text[256];
    va_list arguments;
    va_start(arguments, format);
    (void)vsnprintf(text, sizeof text, format, arguments);
    va_end(arguments);
    machine_tell_time(machine);
    struct buffer place = {0};
    char where[160];
    machine_describe(machine, machine->model->core->pc(machine), &place);
    (void)snprintf(where, sizeof where, "%s",
                   buffer_string(&place)); // the boot does not come back to free it
    buffer_free(&place);
    board_stop_not_modelled("%s (pc %s)", text, where);
}

void machine_describe(struct machine *machine, uint32_t address, struct buffer *out) {
    struct error ignored; // readers have opened it before
    const char *elf = board_running_config()->boot_elf;
    if (elf != NULL && machine->symbols == NULL)
        machine->symbols = symbols_open(elf, &ignored);
    struct buffer name = {0};
    bool known = machine->symbols != NULL && symbols_describe(machine->symbols, address, &name);
    buffer_printf(out, "0x%08x%s%s", (unsigned)address, known ? ": " : "", buffer_string(&name));
    buffer_free(&name);
}

void machine_tell_place(struct machine *machine, const char *what) {
    const struct machine_core *core = machine->model->core;
    if (board_running_config()->boot_elf == NULL || !port_log_enabled())
        return;
    struct buffer line = {0};
    char text[200];
    buffer_printf(&line, "%s at ", what);
    uint32_t pc = core->pc(machine), rom = machine->model->rom.end - machine->model->rom.start;
    bool in_rom = pc - machine->model->rom.start < rom && core->caller != NULL;
    machine_describe(machine, in_rom ? core->caller(machine) : pc, &line);
    (void)snprintf(text, sizeof text, "%s", buffer_string(&line));
    buffer_free(&line);
    port_log(PORT_LOG_INFO, "elf", "%s", text);
}

_Noreturn void machine_crash(struct machine *machine, const char *why) {
    machine_tell_place(machine, "the end");
    port_halt(PORT_HALT_CRASH, why);
}

void machine_refuse_rom_contents(struct machine *machine, uint32_t address) {
    const struct machine_rom *rom = &machine->model->rom;
    if (address - rom->start < rom->end - rom->start ||
        address - rom->data_start < rom->data_end - rom->data_start)
        machine_not_modelled(machine, "an access to what the ROM contains, at 0x%08x", (unsigned)address);
}

void machine_tell_time(struct machine *machine) {
    uint64_t cycles = machine->model->core->cycles(machine);
    uint64_t passed = (cycles - machine->cycles_told) / machine->model->mhz; // microseconds
    board_program_pass_time(passed * 1000);
    machine->cycles_told += passed * machine->model->mhz;
}

void machine_pass_time(struct machine *machine, uint64_t us) {
    machine->model->core->pass_cycles(machine, us * machine->model->mhz);
    machine_tell_time(machine);
}

// The RTC watchdog's 9 seconds (HW-38) are an option of the build, and holding a pin or erasing partitions takes its time:
// a minute is more than any of that.
#define TIME_MAX_US 60000000u

void machine_watch_time(struct machine *machine) {
    if (port_time_us() - machine->started_us > TIME_MAX_US)
        machine_crash(machine, "the bootloader does not come to an end; a watchdog resets the chip");
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
    machine->model->core->forget(machine, frame, offset, size);
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

struct machine *machine_new(const struct chip_target *target, const struct buffer *rom) {
    const struct machine_model *model = machine_model_of(target);
    if (model == NULL)
        return NULL;
    struct machine *machine = memory_zeroed(1, sizeof *machine);
    machine->model = model;
    memory_init(&machine->memory, &(struct memory_device){machine, on_load, on_store, on_code_changed});
    make_ram(machine);
    model->core->start(machine);
    machine->snapshots = snapshots_new();
    rom_functions_find(machine);
    for (size_t i = 0; i < model->area_count; i++)
        memory_map_device(&machine->memory, model->areas[i].start, model->areas[i].end);
    for (size_t i = 0; i < model->window_count; i++)
        memory_map_device(&machine->memory, model->windows[i].start, model->windows[i].end);
    if (rom != NULL)
        genuine_rom_install(machine, rom);
    return machine;
}

void machine_free(struct machine *machine) {
    if (machine == NULL)
        return;
    for (uint32_t i = 0; i < machine->frame_count; i++)
        machine->model->core->forget_all(&machine->frames[i]);
    for (uint32_t i = 0; i < machine->sector_count; i++)
        free(machine->sectors[i]);
    for (uint32_t i = 0; i < REGISTER_PAGES_MAX; i++)
        free(machine->registers[i]);
    genuine_rom_free(machine);
    symbols_free(machine->symbols);
    digests_reset(machine);
    snapshots_free(machine->snapshots);
    free(machine->rom_functions);
    free(machine->sectors);
    free(machine->frames);
    free(machine->ram);
    buffer_free(&machine->line);
    buffer_free(&machine->md5_input);
    memory_free(&machine->memory);
    machine->model->core->free(machine);
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
        model->core->forget_all(frame);
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
    memset(machine->sha, 0, sizeof machine->sha);
    machine->second_stage = false;
    model->core->reset(machine, model->stack);
    if (machine->rom_frames == NULL && model->rom.flash_chip_pointer != 0)
        (void)memory_store(&machine->memory, model->rom.flash_chip_pointer, 4, model->rom.flash_chip);
}

void machine_elsewhere(struct machine *machine, uint32_t pc) {
    if (machine->rom_frames != NULL && !machine->second_stage)
        genuine_rom_leave(machine, pc);
    else if (machine->rom_frames != NULL || !rom_function_call(machine, pc))
        app_start(machine, pc);
}

static void free_machine(void *machine) {
    machine_free(machine);
}

struct machine *machine_running(void) {
    return board_attachment(BOARD_MACHINE)->state;
}

void machine_bootloader(void) {
    struct board_attachment *attachment = board_attachment(BOARD_MACHINE);
    if (attachment->state == NULL)
        *attachment = (struct board_attachment){
            machine_new(port_ram()->target, board_running_config()->mask_rom), free_machine};
    machine_boot(attachment->state);
}

static void run_looked_at(struct machine *machine, const struct machine_debugger *debugger) {
    const struct machine_core *core = machine->model->core;
    debugger->before_instruction(debugger->context, machine, core->pc(machine));
    core->step(machine);
}

void machine_boot(struct machine *machine) {
    const char *outer = port_call_begin("bootloader");
    machine->statistics.boots++;
    machine->started_us = port_time_us();
    struct firmware *ram = port_ram();
    const struct machine_core *core = machine->model->core;
    if (snapshot_resume(machine)) {
        machine->statistics.resumed++;
    } else {
        reset(machine);
        snapshot_watch(machine);
        core->set_pc(machine,
                     machine->rom_frames != NULL ? machine->model->rom.start : rom_stage_load(machine));
    }
    const struct machine_debugger *debugger = port_log_enabled() ? board_running_config()->debugger : NULL;
    while (ram->running_size == 0) {
        bool in_rom = machine->rom_frames != NULL && !machine->second_stage;
        uint64_t most = in_rom ? ROM_INSTRUCTIONS_MAX : INSTRUCTIONS_MAX;
        if (debugger != NULL)
            run_looked_at(machine, debugger);
        else
            core->run(machine, most);
        if (ram->running_size == 0 && core->instructions(machine) >= most)
            machine_crash(machine, "the bootloader does not come to an end; a watchdog resets the chip");
    }
    machine_tell_time(machine);
    port_call_end(outer);
}
