// `against_unicorn BOOTLOADER`: boots a second of a genuine ESP32-C3 bootloader by our processor and by Unicorn, each beneath
// the same machine: registers, flash windows and ROM functions are ours, and every look at flash is observed.
//
// Built where Debian's libunicorn-dev is; the product does not use it. It reaches into the machine, as Unicorn takes the place
// of a part of it.
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

#include <unicorn/unicorn.h>

#include "sim/base/file.h"
#include "sim/machine/machine_internal.h"
#include "sim/provision/app_image_builder.h"
#include "sim/provision/otadata_image.h"

#define APP      0x10000u
#define APP_SIZE 0x20000u
#define ENTRY    0x40380000u // of the app
#define SECONDS  3.0

static struct machine *machine; // Unicorn's
static uc_engine *unicorn;
static uint32_t counter; // of cycles

#define ILLEGAL_INSTRUCTION 2u

// ---- Unicorn in the processor's place -----------------------------------------------------------

static void need(uc_err error, const char *what) {
    if (error == UC_ERR_OK)
        return;
    uint32_t pc = 0;
    (void)uc_reg_read(unicorn, UC_RISCV_REG_PC, &pc);
    fprintf(stderr, "%s: %s (pc 0x%08x)\n", what, uc_strerror(error), (unsigned)pc);
    exit(1);
}

static uint64_t on_load(uc_engine *uc, uint64_t offset, unsigned size, void *base) {
    uint32_t value = 0, address = (uint32_t)(uintptr_t)base + (uint32_t)offset;
    (void)uc;
    (void)memory_load(&machine->memory, address, size, &value);
    return value;
}

static void on_store(uc_engine *uc, uint64_t offset, unsigned size, uint64_t value, void *base) {
    (void)uc;
    (void)memory_store(&machine->memory, (uint32_t)(uintptr_t)base + (uint32_t)offset, size, (uint32_t)value);
}

// ROM is full of returns; before one is executed, the function that is called there is done.
static void on_rom(uc_engine *uc, uint64_t address, uint32_t size, void *context) {
    (void)size, (void)context;
    for (int i = 1; i < 32; i++)
        (void)uc_reg_read(uc, UC_RISCV_REG_X0 + i, &machine->riscv.x[i]);
    (void)rom_function_call(machine, (uint32_t)address);
    (void)uc_reg_write(uc, UC_RISCV_REG_A0, &machine->riscv.x[RISCV_A0]);
    (void)uc_reg_write(uc, UC_RISCV_REG_A1, &machine->riscv.x[RISCV_A0 + 1]);
}

// What Unicorn's processor has not: the C3's own counter and protection registers, which may be ignored (HW-2).
static void on_exception(uc_engine *uc, uint32_t number, void *context) {
    uint32_t pc, word = 0, cycles = counter += 1000;
    (void)context;
    (void)uc_reg_read(uc, UC_RISCV_REG_PC, &pc); // behind it
    (void)uc_mem_read(uc, pc - 4, &word, 4);
    if (number != ILLEGAL_INSTRUCTION || (word & 0x7F) != 0x73)
        (void)uc_emu_stop(uc);
    else if ((word >> 7 & 31) != 0)
        (void)uc_reg_write(uc, UC_RISCV_REG_X0 + (int)(word >> 7 & 31), &cycles);
}

static void map_device(uint32_t start, uint32_t end) {
    void *base = (void *)(uintptr_t)start;
    need(uc_mmio_map(unicorn, start, end - start, on_load, base, on_store, base), "uc_mmio_map");
}

static void open_unicorn(void) {
    const struct machine_model *model = machine->model;
    uc_hook hooks[2];
    uint32_t at = 0;
    need(uc_open(UC_ARCH_RISCV, UC_MODE_RISCV32, &unicorn), "uc_open");
    need(uc_ctl_set_cpu_model(unicorn, UC_CPU_RISCV32_SIFIVE_E31), "uc_ctl_set_cpu_model"); // RV32IMAC
    for (size_t i = 0; i < model->ram_count; at += model->ram[i++].length) {
        const struct machine_ram *ram = &model->ram[i];
        need(uc_mem_map_ptr(unicorn, ram->address, ram->length, UC_PROT_ALL, machine->ram + at), "RAM");
        if (ram->second_view != 0)
            need(uc_mem_map_ptr(unicorn, ram->second_view, ram->length, UC_PROT_ALL, machine->ram + at),
                 "RAM");
    }
    for (size_t i = 0; i < model->area_count; i++)
        map_device(model->areas[i].start, model->areas[i].end);
    for (size_t i = 0; i < model->window_count; i++)
        map_device(model->windows[i].start, model->windows[i].end);
    uint32_t rom = model->rom.start, length = model->rom.end - rom;
    static uint16_t returns[0x30000];
    for (size_t i = 0; i < sizeof returns / sizeof returns[0]; i++)
        returns[i] = 0x8082; // ret
    need(uc_mem_map_ptr(unicorn, rom, length, UC_PROT_READ | UC_PROT_EXEC, returns), "ROM");
    need(
        uc_hook_add(unicorn, &hooks[0], UC_HOOK_CODE, (void *)(uintptr_t)on_rom, NULL, rom, rom + length - 1),
        "hook");
    need(uc_hook_add(unicorn, &hooks[1], UC_HOOK_INTR, (void *)(uintptr_t)on_exception, NULL, 1, 0), "hook");
}

static void boot_unicorn(void) {
    for (uint32_t i = 0; i < machine->frame_count; i++) {
        memset(machine->frames[i].bytes, 0, MEMORY_PAGE_SIZE);
        memset(machine->frames[i].own, 0, sizeof machine->frames[i].own);
        machine->frames[i].holds_code = false;
    }
    registers_reset(machine);
    window_reset(machine);
    digests_reset(machine);
    machine->random = 1;
    machine->cycles_told = 0;
    machine->started_us = port_time_us();
    machine->model->core->reset(machine, machine->model->stack);
    (void)memory_store(&machine->memory, machine->model->rom.flash_chip_pointer, 4,
                       machine->model->rom.flash_chip);
    uint32_t entry = rom_stage_load(machine);
    (void)uc_reg_write(unicorn, UC_RISCV_REG_SP, &machine->riscv.x[RISCV_SP]);
    need(uc_emu_start(unicorn, entry, ENTRY, 0, 0), "uc_emu_start");
    uint32_t pc = 0;
    (void)uc_reg_read(unicorn, UC_RISCV_REG_PC, &pc);
    if (pc != ENTRY)
        board_stop_not_modelled("Unicorn stopped at 0x%08x", (unsigned)pc);
    app_start(machine, pc);
}

// ---- the same for both --------------------------------------------------------------------------

static struct board *new_board(const char *path, void (*boot)(void)) {
    struct buffer bootloader = {0}, image = {0};
    struct error error = {0};
    struct board_config config = {
        .chip = *nor_chip_find("W25Q32JV"), .target = chip_target_find("esp32c3"), .boot = boot};
    config.app = config.bootloader = firmware_build_default(release_profile_find("v5.5"), config.target);
    struct app_image_options options = app_image_options_default();
    options.target = config.target;
    options.size = 0x1C000;
    if (!file_read(path, 0x8000, &bootloader, &error) || !app_image_build(&options, &image, &error)) {
        fprintf(stderr, "%s\n", error.message);
        exit(2);
    }
    bootloader.bytes[3] = (uint8_t)((bootloader.bytes[3] & 15) | 2 << 4);           // 4 MiB
    static const uint8_t row[32] = {0xAA, 0x50, 0, 0, 0, 0, 1, 0, 0, 0, 2, 0, 'f'}; // factory
    struct board *board = board_new(&config);
    flash_set(board_flash(board), 0, bootloader.bytes, (uint32_t)bootloader.length);
    flash_set(board_flash(board), 0x8000, row, sizeof row);
    flash_set(board_flash(board), APP, image.bytes, (uint32_t)image.length);
    buffer_free(&bootloader);
    buffer_free(&image);
    return board;
}

static void no_line(void *context, enum port_log_level level, const char *tag, const char *line) {
    (void)context, (void)level, (void)tag, (void)line;
}

static double boots_per_second(struct board *board, const char *name) {
    const char *why = "";
    clock_t start = clock();
    uint32_t boots = 0;
    double seconds = 0;
    for (; seconds < SECONDS; boots++, seconds = (double)(clock() - start) / CLOCKS_PER_SEC)
        if (board_boot(board, PORT_RESET_POWER_ON, &why) != BOARD_RETURNED) {
            fprintf(stderr, "%s: %s\n", name, why);
            exit(1);
        }
    printf("%-52s %8.1f boots a second\n", name, boots / seconds);
    return boots / seconds;
}

int main(int argc, char **argv) {
    if (argc != 2) {
        fprintf(stderr, "against_unicorn BOOTLOADER (of an ESP32-C3)\n");
        return 2;
    }
    machine = machine_new(chip_target_find("esp32c3"), NULL);
    open_unicorn();
    struct board *theirs = new_board(argv[1], boot_unicorn), *ours = new_board(argv[1], machine_bootloader);
    double unicorn_rate = boots_per_second(theirs, "Unicorn");
    board_listen(ours, no_line, NULL); // who listens hears all: no snapshot
    double from_reset = boots_per_second(ours, "ours, each from its reset, its log written");
    board_listen(ours, NULL, NULL);
    double as_used = boots_per_second(ours, "ours");
    printf("ratio to Unicorn: %.2f from reset, %.2f as explorations use it\n", from_reset / unicorn_rate,
           as_used / unicorn_rate);
    board_free(theirs);
    board_free(ours);
    (void)uc_close(unicorn);
    machine_free(machine);
    return 0;
}
