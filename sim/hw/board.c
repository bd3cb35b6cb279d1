// The board as a whole: made, run, stopped, saved and loaded.
#include "board_internal.h"

#include <assert.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "../base/buffer.h"

#define RTC_WATCHDOG_NS 9000000000ull // CONFIG_BOOTLOADER_WDT_TIME_MS, default 9000 (CH-60)

static _Thread_local struct board *running_board;

struct board *board_current(void) {
    assert(running_board != NULL && "a firmware function was called outside board_run");
    return running_board;
}

// ---- life ---------------------------------------------------------------------------------------

// RAM after a reset: zeros, but for what was built in.
static void clear_ram(struct board *board) {
    firmware_clear(&board->ram);
    board->ram.target = board->config.target;
    board->ram.bootloader_build = &board->config.bootloader;
    board->ram.app_build = &board->config.app;
    board->ram.bootloaders = board->config.bootloaders;
    board->ram.bootloader_count = board->config.bootloader_count;
}

static struct known_bootloader *bootloaders_copied(const struct board_config *config) {
    size_t size = config->bootloader_count * sizeof *config->bootloaders;
    if (size == 0)
        return NULL;
    struct known_bootloader *copy = memory_new(size);
    memcpy(copy, config->bootloaders, size);
    return copy;
}

struct board *board_new(const struct board_config *config) {
    assert(config->target != NULL && config->chip.read_bytes_per_us != 0);
    struct board *board = memory_zeroed(1, sizeof *board);
    board->config = *config;
    board->bootloaders = bootloaders_copied(config);
    board->config.bootloaders = board->bootloaders;
    flash_init(&board->nv.flash, config->chip.size);
    board->nv.efuse[PORT_EFUSE_CHIP_REVISION] = config->target->revision;
    board->nv.reset_reason = PORT_RESET_POWER_ON;
    board->journal.chip = &board->config.chip;
    board->erase_counts = memory_zeroed(config->chip.size / NOR_SECTOR_SIZE, sizeof *board->erase_counts);
    clear_ram(board);
    return board;
}

struct board *board_new_like(const struct board *board) {
    struct board *other = board_new(&board->config);
    other->digests = board->digests;
    other->likely = board->likely;
    return other;
}

void board_free(struct board *board) {
    if (board == NULL)
        return;
    assert(!board->running);
    board_release_mappings(board);
    board_free_network(board);
    for (int i = 0; i < BOARD_ATTACHMENTS; i++)
        if (board->attachments[i].free != NULL)
            board->attachments[i].free(board->attachments[i].state);
    nv_state_free(&board->nv);
    journal_free(&board->journal);
    free(board->erase_counts);
    free(board->bootloaders);
    free(board->io_faults);
    free(board->stuck);
    free(board->asking.reads);
    free(board);
}

// ---- looking into it ----------------------------------------------------------------------------

const struct board_config *board_config(const struct board *board) {
    return &board->config;
}

struct flash *board_flash(struct board *board) {
    return &board->nv.flash;
}

struct firmware *board_ram(struct board *board) {
    return &board->ram;
}

uint32_t board_efuse(const struct board *board, enum port_efuse field) {
    assert(field < PORT_EFUSE_FIELDS);
    return board->nv.efuse[field];
}

void board_efuse_set(struct board *board, enum port_efuse field, uint32_t value) {
    assert(field < PORT_EFUSE_FIELDS);
    board->nv.efuse[field] = value;
}

uint32_t board_erase_count(const struct board *board, uint32_t address) {
    assert(address < board->config.chip.size);
    return board->erase_counts[address / NOR_SECTOR_SIZE];
}

const struct board_statistics *board_statistics(const struct board *board) {
    return &board->statistics;
}

uint64_t board_disturbed_reads(const struct board *board) {
    return board->disturbed_reads;
}

uint64_t board_time_ns(const struct board *board) {
    return board->time_ns;
}

void board_time_pass(struct board *board, uint64_t ns) {
    board->time_ns += ns;
}

const struct journal *board_journal(const struct board *board) {
    return &board->journal;
}

void board_journal_clear(struct board *board) {
    journal_clear(&board->journal);
}

void board_journal_enable(struct board *board, bool enabled) {
    board->journal_off = !enabled;
}

void board_step_set(struct board *board, uint32_t step) {
    board->step = step;
}

uint64_t board_operations(const struct board *board) {
    return board->operations;
}

void board_pin_hold(struct board *board, enum port_pin pin, uint32_t ms) {
    board->pin_hold_ms[pin] = ms;
}

void board_listen(struct board *board, board_listener *listener, void *context) {
    board->listener = listener;
    board->listener_context = context;
}

void board_trace(struct board *board, const struct board_tracer *tracer) {
    board->tracer = tracer;
}

void board_observe(struct board *board, const struct board_observer *observer) {
    board->observed = observer != NULL;
    if (observer != NULL)
        board->observer = *observer;
    memset(board->burned, 0, sizeof board->burned);
    memset(board->touched_sectors, 0, board->config.chip.size / NOR_SECTOR_SIZE / 8);
    memset(board->own_sectors, 0, board->config.chip.size / NOR_SECTOR_SIZE / 8);
    memset(board->mixed_sectors, 0, board->config.chip.size / NOR_SECTOR_SIZE / 8);
}

bool board_mixed_sector(const struct board *board, uint32_t address) {
    uint32_t sector = address / NOR_SECTOR_SIZE;
    return (board->mixed_sectors[sector / 64] >> (sector % 64) & 1) != 0;
}

void board_inspect(struct board *board, uint32_t address, void *buffer, uint32_t length) {
    board_note_read(board, address, length);
    flash_read(&board->nv.flash, address, buffer, length);
}

void board_inspect_record(struct board *board, uint32_t address, void *buffer, uint32_t length) {
    board_note_record(board, address, length);
    flash_read(&board->nv.flash, address, buffer, length);
}

void board_inspect_sha256(struct board *board, uint32_t address, uint32_t length, uint8_t sha256[32]) {
    board_note_read(board, address, length);
    digest_of_range(board->digests, &board->nv.flash, address, length, sha256);
}

uint32_t board_inspect_efuse(struct board *board, enum port_efuse field) {
    if (board->asking.active)
        board_note_asked(board, ASKED_EFUSE, (uint32_t)field, 0);
    else if (board->observed)
        board->observer.efuse(board->observer.context, field);
    return board->nv.efuse[field];
}

void board_share_with(struct board *board, const struct flash *likely) {
    board->likely = likely;
}

void board_use_seals(struct board *board, struct seals *seals) {
    board->seals = seals;
}

void board_use_digest_cache(struct board *board, struct digest_cache *cache) {
    board->digests = cache;
}

// ---- running ------------------------------------------------------------------------------------

const char *board_end_name(enum board_end end) {
    static const char *const names[] = {[BOARD_RETURNED] = "returned",
                                        [BOARD_RESTARTED] = "restarted",
                                        [BOARD_PANICKED] = "panicked",
                                        [BOARD_CRASHED] = "crashed",
                                        [BOARD_HUNG] = "hung",
                                        [BOARD_SLEEPING] = "sleeping",
                                        [BOARD_WATCHDOG] = "was reset by a watchdog",
                                        [BOARD_BROWNED_OUT] = "browned out",
                                        [BOARD_POWER_LOST] = "lost power",
                                        [BOARD_NOT_MODELLED] = "did what is not modelled"};
    return names[end];
}

enum port_reset_reason board_next_reset_reason(const struct board *board) {
    return board->nv.reset_reason;
}

enum port_reset_reason board_reset_reason_after(enum board_end end) {
    switch (end) {
    case BOARD_RETURNED:
    case BOARD_RESTARTED:
        return PORT_RESET_SOFTWARE;
    case BOARD_PANICKED:
    case BOARD_CRASHED:
        return PORT_RESET_PANIC;
    case BOARD_HUNG:
    case BOARD_WATCHDOG:
        return PORT_RESET_WATCHDOG;
    case BOARD_BROWNED_OUT:
        return PORT_RESET_BROWNOUT;
    case BOARD_SLEEPING:
        return PORT_RESET_DEEP_SLEEP;
    case BOARD_POWER_LOST:
    case BOARD_NOT_MODELLED:
        break;
    }
    return PORT_RESET_POWER_ON;
}

void board_release_mappings(struct board *board) {
    while (board->mappings != NULL) {
        struct mapping *mapping = board->mappings;
        board->mappings = mapping->next;
        free(mapping);
    }
}

// What every reset does: nothing of the program is left.
static void reset(struct board *board) {
    board_release_mappings(board);
    board_reset_network(board);
    board->calls.depth = 0;
    clear_ram(board);
}

void board_power_off(struct board *board) {
    reset(board);
    memset(board->nv.retained, 0, sizeof board->nv.retained);
    board->retained_epoch++;
    board->nv.reset_reason = PORT_RESET_POWER_ON;
}

_Noreturn void board_stop(struct board *board, enum board_end end, const char *why) {
    if (board->asking.active)
        board_end_question(board, end);
    board->end = end;
    board->end_why = why;
    if (board->leave != NULL)
        board->leave(board->leave_context);
    longjmp(board->escape, 1);
}

void board_program_leaves_by(void (*leave)(void *context), void *context) {
    struct board *board = board_current();
    board->leave = leave;
    board->leave_context = context;
}

void board_program_tells_origin(struct journal_origin (*origin)(void *context), void *context) {
    struct board *board = board_current();
    board->origin = origin;
    board->origin_context = context;
}

void board_program_between_operations(void (*between)(void *context), void *context) {
    struct board *board = board_current();
    board->between = between;
    board->between_context = context;
}

_Noreturn void board_escape(void) {
    longjmp(board_current()->escape, 1);
}

_Noreturn void board_stop_not_modelled(const char *format, ...) {
    struct board *board = board_current();
    va_list arguments;
    va_start(arguments, format);
    (void)vsnprintf(board->not_modelled, sizeof board->not_modelled, format, arguments);
    va_end(arguments);
    board_stop(board, BOARD_NOT_MODELLED, board->not_modelled);
}

const char *board_not_modelled(const struct board *board) {
    return board->not_modelled;
}

struct board_attachment *board_attachment(enum board_attachment_place place) {
    return &board_current()->attachments[place];
}

uint64_t board_retained_epoch(void) {
    return board_current()->retained_epoch;
}

const struct board_config *board_running_config(void) {
    return &board_current()->config;
}

void board_program_pass_time(uint64_t ns) {
    board_current()->time_ns += ns;
}

_Noreturn void board_lose_power(struct board *board) {
    board->cut_at_operation = board->cut_at_time = false;
    if (board->cut_end != BOARD_POWER_LOST)
        board_stop(board, board->cut_end, "a reset, and the power stays");
    board->statistics.power_cuts++;
    board_stop(board, BOARD_POWER_LOST, "the power went");
}

enum board_end board_run(struct board *board, void (*program)(void *context), void *context,
                         const char **why) {
    struct board *outer = running_board;
    assert(!board->running && "a board runs one program at a time");
    running_board = board;
    board->running = true;
    board->end = BOARD_RETURNED;
    board->end_why = "";
    board->leave = NULL;
    board->origin = NULL;
    board->between = NULL;
    if (setjmp(board->escape) == 0)
        program(context);
    board->running = false;
    board->called = NULL;
    running_board = outer;
    if (board->tracer != NULL)
        board->tracer->program_ends(board->tracer->context, board->end);
    if (why != NULL)
        *why = board->end_why;
    if (board->end == BOARD_POWER_LOST) {
        board_power_off(board);
    } else if (board->end != BOARD_RETURNED) {
        if (board->end == BOARD_HUNG)
            board->time_ns += RTC_WATCHDOG_NS;
        reset(board);
        board->nv.reset_reason = board_reset_reason_after(board->end);
    }
    return board->end;
}

enum board_end board_ask(struct board *board, void (*program)(void *context), void *context) {
    const struct board_tracer *tracer = board->tracer;
    uint32_t faults = board->io_fault_count;
    uint64_t time_ns = board->time_ns, io_reads = board->io_reads;
    struct board_statistics statistics = board->statistics;
    struct firmware ram = board->ram;
    board->tracer = NULL;
    board->io_fault_count = 0;
    enum board_end end = board_run(board, program, context, NULL);
    board->tracer = tracer;
    board->io_fault_count = faults;
    board->time_ns = time_ns;
    board->io_reads = io_reads;
    board->statistics = statistics;
    if (end == BOARD_RETURNED)
        board->ram = ram;
    return end;
}

static void run_bootloader(void *context) {
    const struct board *board = context;
    board->config.boot();
}

void board_enter_app(struct board *board, uint32_t address, uint32_t size) {
    uint32_t flash_size = board->ram.flash_size; // ROM keeps it for the app
    reset(board);
    board->ram.flash_size = flash_size;
    board->ram.running_address = address;
    board->ram.running_size = size;
}

void board_app_is_built(struct board *board, const struct firmware_build *build) {
    assert(!board->running && build->partition_table_offset == board->config.app.partition_table_offset);
    board->own_build = *build;
    board->ram.app_build = &board->own_build;
}

enum board_end board_boot(struct board *board, enum port_reset_reason reason, const char **why) {
    assert(board->config.boot != NULL && "a board that is booted was made with a bootloader");
    if (reason == PORT_RESET_POWER_ON)
        board_power_off(board);
    else
        reset(board);
    board->nv.reset_reason = reason;
    board->statistics.boots++;
    if (board->tracer != NULL)
        board->tracer->boot_begins(board->tracer->context, reason);
    enum board_end end = board_run(board, run_bootloader, board, why);
    if (end == BOARD_RETURNED) // the app is another program: the bootloader leaves it but the place to start
        board_enter_app(board, board->ram.running_address, board->ram.running_size);
    return end;
}

// ---- saving and loading -------------------------------------------------------------------------

void board_save(const struct board *board, struct nv_state *out) {
    nv_state_copy(out, &board->nv);
}

void board_load(struct board *board, const struct nv_state *state) {
    assert(!board->running && state->flash.size == board->config.chip.size);
    struct nv_state old = board->nv;
    nv_state_copy(&board->nv, state);
    nv_state_free(&old);
    board->retained_epoch++;
    reset(board);
    board->time_ns = 0;
    board->operations = 0;
    board->statistics = (struct board_statistics){0};
    journal_clear(&board->journal);
    board->journal.operations = 0;
    memset(board->erase_counts, 0, board->config.chip.size / NOR_SECTOR_SIZE * sizeof *board->erase_counts);
    memset(board->pin_hold_ms, 0, sizeof board->pin_hold_ms);
    board->cut_at_operation = board->cut_at_time = false;
    board->io_fault_count = 0;
    board->io_reads = board->io_programs = board->io_erases = 0;
    board->disturbed_reads = 0;
    board->not_modelled[0] = 0;
    memset(board->own_sectors, 0, board->config.chip.size / NOR_SECTOR_SIZE / 8);
}
