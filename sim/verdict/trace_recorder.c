#include "trace_recorder.h"

#include <inttypes.h>
#include <string.h>

#include "../play/device_view.h"
#include "../play/recovery.h"

// ---- events -------------------------------------------------------------------------------------

static uint64_t now(const struct trace_recorder *recorder) {
    return board_time_ns(recorder->board);
}

static struct result_event *add(struct trace_recorder *recorder, const char *track, const char *name,
                                uint64_t start_ns) {
    if (recorder->count == recorder->capacity) {
        recorder->capacity = recorder->capacity ? 2 * recorder->capacity : 256;
        recorder->events = memory_resize(recorder->events, recorder->capacity * sizeof recorder->events[0]);
    }
    struct result_event *event = &recorder->events[recorder->count++];
    *event = (struct result_event){.track = track, .name = memory_text(name), .start_ns = start_ns};
    return event;
}

static void begin(struct trace_recorder *recorder, struct trace_track *track, const char *name) {
    if (track->depth < TRACE_OPEN_MAX) {
        track->open[track->depth] = recorder->count;
        add(recorder, track->name, name, now(recorder));
    }
    track->depth++;
}

static void end(struct trace_recorder *recorder, struct trace_track *track) {
    if (track->depth == 0 || --track->depth >= TRACE_OPEN_MAX)
        return;
    struct result_event *event = &recorder->events[track->open[track->depth]];
    event->duration_ns = now(recorder) - event->start_ns;
}

static void end_all(struct trace_recorder *recorder, struct trace_track *track) {
    while (track->depth > 0)
        end(recorder, track);
}

// ---- what the board tells -----------------------------------------------------------------------

static void call_begins(void *context, const char *name) {
    struct trace_recorder *recorder = context;
    begin(recorder, &recorder->calls, name);
}

static void call_ends(void *context) {
    struct trace_recorder *recorder = context;
    end(recorder, &recorder->calls);
}

// A power-on after a first one means that the power has been away; no simulated time passes then.
static void power_comes(struct trace_recorder *recorder) {
    if (recorder->power.depth > 0) {
        end(recorder, &recorder->power);
        add(recorder, recorder->power.name, recorder->power_lost ? "power cut" : "power off", now(recorder))
            ->mark = true;
    }
    recorder->power_lost = false;
    begin(recorder, &recorder->power, "powered");
}

static void boot_begins(void *context, enum port_reset_reason reason) {
    struct trace_recorder *recorder = context;
    struct buffer name = {0};
    end_all(recorder, &recorder->boots);
    if (reason == PORT_RESET_POWER_ON || recorder->power.depth == 0)
        power_comes(recorder);
    buffer_printf(&name, "boot %" PRIu64 ": %s", ++recorder->boot_count, reset_reason_name(reason));
    begin(recorder, &recorder->boots, buffer_string(&name));
    begin(recorder, &recorder->boots, "bootloader");
    recorder->in_bootloader = true;
    buffer_free(&name);
}

// "app new 2.0.0 in ota_1"
static void app_begins(struct trace_recorder *recorder) {
    uint32_t address = board_ram(recorder->board)->running_address;
    struct device_view view;
    struct device_image image;
    struct buffer name = {0};
    device_view_read(recorder->board, &view);
    device_image_read(recorder->board, recorder->scenario, address, &image);
    const struct partition_row *partition = device_partition_at(&view, address);
    buffer_printf(&name, "app %s in %s", image.words, partition ? partition->label : "no partition");
    begin(recorder, &recorder->boots, buffer_string(&name));
    buffer_free(&name);
}

static void program_ends(void *context, enum board_end how) {
    struct trace_recorder *recorder = context;
    end_all(recorder, &recorder->calls);
    recorder->power_lost = how == BOARD_POWER_LOST;
    if (recorder->in_bootloader) {
        recorder->in_bootloader = false;
        end(recorder, &recorder->boots);
        if (how == BOARD_RETURNED)
            app_begins(recorder);
    }
    if (how == BOARD_RETURNED)
        return; // the app rests, or the bootloader has started it
    end_all(recorder, &recorder->boots);
    add(recorder, recorder->boots.name, board_end_name(how), now(recorder))->mark = true;
}

// ---- flash operations ---------------------------------------------------------------------------

static const char *operation_name(const struct journal_operation *operation) {
    if (operation->kind == JOURNAL_PROGRAM)
        return "busy: page program";
    if (operation->kind == JOURNAL_EFUSE)
        return "busy: eFuse burn";
    return operation->length == NOR_SECTOR_SIZE ? "busy: sector erase" : "busy: block erase";
}

static void add_request(struct trace_recorder *recorder, const struct journal_entry *entry,
                        const struct device_view *view) {
    static const char *const kinds[] = {
        [JOURNAL_PROGRAM] = "program", [JOURNAL_ERASE] = "erase", [JOURNAL_EFUSE] = "burn"};
    static const char *const results[] = {[JOURNAL_DONE] = "",
                                          [JOURNAL_FAILED] = ", failed",
                                          [JOURNAL_DROPPED] = ", dropped",
                                          [JOURNAL_TORN] = ", cut off"};
    const struct partition_row *partition =
        entry->kind == JOURNAL_EFUSE ? NULL : device_partition_at(view, entry->address);
    struct buffer name = {0};
    buffer_printf(&name, "%s %s%s", kinds[entry->kind],
                  entry->kind == JOURNAL_EFUSE ? "eFuse"
                  : partition                  ? partition->label
                                               : "outside the partitions",
                  results[entry->result]);
    struct result_event *event = add(recorder, "flash", buffer_string(&name), entry->start_ns);
    event->duration_ns = entry->duration_ns;
    if (entry->kind != JOURNAL_EFUSE) {
        event->address = entry->address;
        event->length = entry->length;
    }
    buffer_free(&name);
}

// Requests to the driver, and in each what the chip is busy with.
static void add_operations(struct trace_recorder *recorder) {
    struct journal_cursor cursor = {.journal = board_journal(recorder->board)};
    struct journal_operation operation;
    const struct journal_entry *entry = NULL;
    struct device_view view;
    device_view_read(recorder->board, &view);
    while (journal_next(&cursor, &operation)) {
        if (operation.entry != entry)
            add_request(recorder, operation.entry, &view);
        entry = operation.entry;
        struct result_event *event = add(recorder, "flash", operation_name(&operation), operation.start_ns);
        event->duration_ns = operation.duration_ns;
        if (operation.kind != JOURNAL_EFUSE) {
            event->address = operation.address;
            event->length = operation.length;
        }
    }
}

// ---- from start to finish -----------------------------------------------------------------------

void trace_recorder_start(struct trace_recorder *recorder, const struct scenario *scenario,
                          struct board *board) {
    *recorder = (struct trace_recorder){
        .board = board,
        .scenario = scenario,
        .tracer = {recorder, boot_begins, call_begins, call_ends, program_ends},
        .steps.name = "steps",
        .calls.name = "calls",
        .boots.name = "boots",
        .power.name = "power",
    };
    board_trace(board, &recorder->tracer);
}

void trace_step_begins(struct trace_recorder *recorder, const char *title) {
    begin(recorder, &recorder->steps, title);
}

void trace_step_ends(struct trace_recorder *recorder) {
    end(recorder, &recorder->steps);
}

void trace_recorder_finish(struct trace_recorder *recorder, struct result_scenario *result) {
    board_trace(recorder->board, NULL);
    end_all(recorder, &recorder->steps);
    end_all(recorder, &recorder->calls);
    end_all(recorder, &recorder->boots);
    end_all(recorder, &recorder->power);
    add_operations(recorder);
    result->events = recorder->events;
    result->event_count = recorder->count;
}
