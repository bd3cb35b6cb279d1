#include "library_board.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "../base/buffer.h"
#include "../explore/crash_address.h"

#define BOOTS_MAX 16u
#define VERIFY_SHARE                                                                                         \
    0.02 // of what is remembered, so much is run again: functions that do not do the same are found out
#define HOLDS (1u << INVARIANT_CUSTOM)

// ---- a start ------------------------------------------------------------------------------------

// Without an app, what runs lies nowhere: no address of flash belongs to it.
static const esp_partition_t nowhere = {.type = ESP_PARTITION_TYPE_APP,
                                        .subtype = ESP_PARTITION_SUBTYPE_APP_FACTORY,
                                        .address = NOR_SIZE_MAX,
                                        .size = NOR_SECTOR_SIZE,
                                        .erase_size = NOR_SECTOR_SIZE,
                                        .label = "nowhere"};

enum board_end library_start(const otasim *library, struct board *board, enum port_reset_reason reason,
                             const char **why) {
    if (library->has_app)
        return board_boot(board, reason, why);
    if (reason == PORT_RESET_POWER_ON)
        board_power_off(board);
    board_enter_app(board, nowhere.address, nowhere.size);
    board_ram(board)->running_partition = &nowhere;
    return BOARD_RETURNED;
}

struct question {
    const otasim_check *check;
    bool holds;
};

static void ask(void *context) {
    struct question *question = context;
    question->holds = question->check->holds(question->check->context);
}

static void run_boot(void *context) {
    const otasim_check *check = context;
    if (check->boot != NULL)
        check->boot(check->context);
}

// From a reset to rest.
static void come_back(const otasim *library, const otasim_check *check, struct board *board,
                      struct recovery *out) {
    enum port_reset_reason reason = board_next_reset_reason(board);
    uint32_t boots_max = check->boots == 0 ? BOOTS_MAX : check->boots;
    memset(out, 0, sizeof *out);
    out->image = -1;
    out->slot = SLOT_NONE;
    out->state = STATE_NOT_RECORDED;
    out->end = RECOVERY_NOTHING_BOOTABLE;
    while (out->boots < boots_max) {
        out->boots++;
        enum board_end end = library_start(library, board, reason, NULL);
        if (end == BOARD_RETURNED) {
            out->address = board_ram(board)->running_address;
            out->size = board_ram(board)->running_size;
            out->end = RECOVERY_BOOT_LOOP;
            end = board_run(board, run_boot, (void *)(uintptr_t)check, NULL);
            if (end == BOARD_RETURNED) {
                out->end = RECOVERY_SETTLED;
                break;
            }
        }
        if (end == BOARD_POWER_LOST) {
            out->end = RECOVERY_POWER_LOST;
            return;
        }
        reason = board_reset_reason_after(end);
    }
    struct question question = {.check = check};
    bool asked = out->end == RECOVERY_SETTLED && board_ask(board, ask, &question) == BOARD_RETURNED;
    if (!asked || !question.holds)
        out->custom_broken = 1;
}

// ---- what the explorer asks for -----------------------------------------------------------------

struct worker {
    const struct library_recording *recording;
    struct board *board;
};

static void *open_worker(void *shared, bool forgetful, struct board **board) {
    (void)forgetful;
    const struct library_recording *recording = shared;
    struct worker *worker = memory_zeroed(1, sizeof *worker);
    worker->recording = recording;
    worker->board = *board = board_new(&recording->library->config);
    return worker;
}

static void close_worker(void *context) {
    struct worker *worker = context;
    board_free(worker->board);
    free(worker);
}

static void recover(void *context, struct recovery *out) {
    const struct worker *worker = context;
    come_back(worker->recording->library, worker->recording->check, worker->board, out);
}

// ---- recording ----------------------------------------------------------------------------------

static void checkpoint(struct library_recording *out, uint32_t step) {
    out->checkpoints[step].operation = board_operations(out->board);
    out->checkpoints[step].step = step;
    out->checkpoints[step].time_ns = board_time_ns(out->board);
    board_save(out->board, &out->checkpoints[step].state);
    out->recording.checkpoint_count = step + 1;
}

static void name_places(struct library_recording *out) {
    const struct partition_table_layout *table = &out->library->table;
    out->places = memory_zeroed(table->count + 1, sizeof *out->places);
    for (size_t i = 0; i < table->count; i++)
        out->places[i] =
            (struct named_place){(uint32_t)table->entries[i].offset, (uint32_t)table->entries[i].size};
    out->recording.places = out->places;
    out->recording.place_count = (uint32_t)table->count;
}

otasim_status library_record(otasim *library, const otasim_check *check, struct library_recording *out) {
    static const char *const names[] = {"boot", "update", "end"};
    struct recovery first;
    const char *why = "";
    *out = (struct library_recording){.check = check};
    out->library = library;
    library->error[0] = '\0';
    out->board = board_new(&library->config);
    struct nv_state start;
    board_save(library->board, &start);
    board_load(out->board, &start);
    nv_state_free(&start);
    checkpoint(out, 0);
    come_back(library, check, out->board, &first);
    if (first.end != RECOVERY_SETTLED)
        return library_fail(library, OTASIM_NOT_SETTLED,
                            "before the update the device does not come to rest: %s",
                            recovery_end_name(first.end));
    if (first.custom_broken != 0)
        return library_fail(library, OTASIM_NOT_SETTLED, "`holds` is false already before the update");
    checkpoint(out, 1);
    enum board_end end = board_run(out->board, check->update, check->context, &why);
    if (end != BOARD_RETURNED && end != BOARD_RESTARTED)
        return library_fail(library, OTASIM_ENDED, "the update %s: %s", board_end_name(end), why);
    checkpoint(out, 2);
    name_places(out);
    out->recording.journal = board_journal(out->board);
    out->recording.end_ns = board_time_ns(out->board);
    out->recording.checkpoints = out->checkpoints;
    out->recording.step_names = out->recording.step_words = names;
    out->recording.last_step = 2;
    out->workload =
        (struct workload){.shared = out, .open = open_worker, .close = close_worker, .recover = recover};
    return OTASIM_OK;
}

void library_recording_free(struct library_recording *recording) {
    for (size_t i = 0; i < recording->recording.checkpoint_count; i++)
        nv_state_free(&recording->checkpoints[i].state);
    free(recording->places);
    board_free(recording->board);
}

// ---- exploring ----------------------------------------------------------------------------------

static struct explorer_options options_of(const otasim_check *check) {
    return (struct explorer_options){
        .models = fault_models_default(),
        .depth = check->cuts,
        .limits = {.checked = HOLDS,
                   .boots_max = check->boots == 0 ? BOOTS_MAX : check->boots,
                   .erases_max = UINT32_MAX},
        .late_bit_samples = 16,
        .seed = 1,
        .states_max = check->states_max,
        .threads = 1,
        .memo = true,
        .verify_share = VERIFY_SHARE,
    };
}

static bool simpler(const struct found_violation *a, const struct found_violation *b) {
    if (a->path.count != b->path.count)
        return a->path.count < b->path.count;
    return a->path.count > 0 && a->path.cuts[0].operation < b->path.cuts[0].operation;
}

static void tell_operation(const struct library_recording *recording, uint64_t number, struct buffer *out) {
    struct journal_cursor cursor = journal_seek(recording->recording.journal, number);
    struct journal_operation operation;
    if (!journal_next(&cursor, &operation)) {
        buffer_text(out, "after the update has ended");
        return;
    }
    const char *call = operation.entry->call[0] == '\0' ? "the code itself" : operation.entry->call;
    if (operation.kind == JOURNAL_EFUSE)
        buffer_printf(out, "a burn of eFuse in %s", call);
    else
        buffer_printf(out, "%s of %u bytes at 0x%08x in %s",
                      operation.kind == JOURNAL_PROGRAM ? "a program" : "an erase",
                      (unsigned)operation.length, (unsigned)operation.address, call);
    const struct partition_table_layout *table = &recording->library->table;
    for (size_t i = 0; i < table->count; i++)
        if (operation.kind != JOURNAL_EFUSE && operation.address >= table->entries[i].offset &&
            operation.address < table->entries[i].offset + table->entries[i].size)
            buffer_printf(out, " (%s)", table->entries[i].name);
}

static void tell_violation(const struct library_recording *recording, const struct found_violation *violation,
                           otasim_result *result) {
    struct buffer address = {0}, story = {0};
    crash_address_format(&recording->recording, &violation->path, &address);
    (void)snprintf(result->address, sizeof result->address, "%s", buffer_string(&address));
    if (violation->path.count == 0) {
        buffer_text(&story, "without any cut");
    } else {
        buffer_printf(&story, "the power goes at ");
        tell_operation(recording, violation->path.cuts[0].operation, &story);
    }
    if (violation->path.count > 1)
        buffer_printf(&story, ", and %u times more in what follows", violation->path.count - 1);
    if (violation->recovery.end != RECOVERY_SETTLED)
        buffer_printf(&story, "; then: %s", recovery_end_name(violation->recovery.end));
    (void)snprintf(result->story, sizeof result->story, "%s", buffer_string(&story));
    buffer_free(&address);
    buffer_free(&story);
}

otasim_status library_explore(struct library_recording *recording, otasim_result *result) {
    struct explorer_options options = options_of(recording->check);
    struct exploration found;
    explore(&recording->workload, &recording->recording, &options, &found);
    otasim_status status = OTASIM_OK;
    if (found.inexact)
        status = library_fail(recording->library, OTASIM_NOT_THE_SAME, "%s", found.defect);
    else if (found.ended != BUDGET_LEFT)
        status = library_fail(recording->library, OTASIM_INCOMPLETE, "more than %llu states",
                              (unsigned long long)options.states_max);
    const struct found_violation *first = NULL;
    result->states = found.crash_states;
    result->recoveries = found.recoveries;
    result->closed = found.closed;
    result->causes = (uint32_t)found.violation_count;
    for (size_t i = 0; i < found.violation_count; i++) {
        const struct found_violation *violation = &found.violations[i];
        result->violations += violation->states == 0 ? 1 : violation->states;
        if (first == NULL || simpler(violation, first))
            first = violation;
    }
    if (first != NULL)
        tell_violation(recording, first, result);
    exploration_free(&found);
    return status;
}

otasim_status library_replay(struct library_recording *recording, const char *address, bool *holds) {
    struct crash_path path;
    struct error error = {0};
    struct nv_state state;
    struct recovery recovery;
    otasim *library = recording->library;
    if (!crash_address_parse(&recording->recording, address, &path, &error))
        return library_fail(library, OTASIM_NO_SUCH_PLACE, "%s", error.message);
    if (!explore_materialise(&recording->workload, &recording->recording, &path, &state))
        return library_fail(library, OTASIM_NO_SUCH_PLACE, "%s: there is no such crash state", address);
    board_load(library->board, &state);
    nv_state_free(&state);
    come_back(library, recording->check, library->board, &recovery);
    *holds = recovery.custom_broken == 0;
    return OTASIM_OK;
}
