#include "violation_story.h"

#include <inttypes.h>
#include <string.h>

#include "../explore/worker.h"
#include "../guest/guest_symbols.h"
#include "../play/device_view.h"

// ---- the cut ------------------------------------------------------------------------------------

// The line of the user's own code that issued it.
static void describe_origin(const struct journal_entry *entry, struct buffer *out) {
    if (entry->origin.program == NULL || entry->origin.place == 0)
        return;
    buffer_text(out, ", called by ");
    guest_describe(entry->origin.program, entry->origin.place, out);
}

void describe_operation(const struct recorded_run *run, const struct journal_operation *operation,
                        struct buffer *out) {
    const char *call = operation->entry->call[0] != 0 ? operation->entry->call : "the app";
    if (operation->kind == JOURNAL_EFUSE) {
        if (operation->entry->field == PORT_EFUSE_APP_STARTS)
            buffer_text(out, "the start of the app, which counts it");
        else if (operation->entry->field == PORT_EFUSE_REQUESTS)
            buffer_printf(out, "a request to the server, which counts it, in %s", call);
        else
            buffer_printf(out, "an eFuse burn in %s", call);
        describe_origin(operation->entry, out);
        return;
    }
    struct device_view view;
    device_view_read(run->board, &view);
    const char *label = "no partition";
    for (uint32_t i = 0; i < view.partition_count; i++)
        if (operation->address - view.partitions[i].offset < view.partitions[i].size)
            label = view.partitions[i].label;
    buffer_printf(out, "%s of %" PRIu32 " bytes at 0x%08" PRIx32 " (%s) in %s",
                  operation->kind == JOURNAL_ERASE ? "an erase" : "a program", operation->length,
                  operation->address, label, call);
    describe_origin(operation->entry, out);
}

static void describe_tear(const struct tear *tear, uint32_t length, struct buffer *out) {
    tear_form(tear->kind)->describe(tear, length, out);
}

// The recorded run's operation that a cut falls on; false: it comes after the last one.
static bool operation_at(const struct recorded_run *run, uint64_t number, struct journal_operation *out) {
    struct journal_cursor cursor = journal_seek(run->recording.journal, number);
    return journal_next(&cursor, out) && out->number == number;
}

static void describe_first_cut(const struct recorded_run *run, const struct crash_cut *cut,
                               struct buffer *out) {
    struct journal_operation operation;
    enum fault_scope scope = fault_model_of_tear(&cut->tear)->scope;
    if (scope == FAULT_AT_REST) {
        buffer_text(out, "While the device is off, bits rot: ");
        describe_tear(&cut->tear, 0, out);
    } else if (scope == FAULT_MISFIRES) {
        buffer_text(out, "In ");
        (void)operation_at(run, cut->operation, &operation);
        describe_operation(run, &operation, out);
        buffer_text(out, ", ");
        describe_tear(&cut->tear, operation.length, out);
        buffer_text(out, "; the firmware goes on, and the power goes when all is done");
    } else if (scope == FAULT_RESETS) {
        buffer_text(out, "A reset comes at ");
        (void)operation_at(run, cut->operation, &operation);
        describe_operation(run, &operation, out);
        buffer_text(out, ", which the chip carries out; ");
        describe_tear(&cut->tear, operation.length, out);
    } else if (!operation_at(run, cut->operation, &operation)) {
        buffer_text(out, "The power goes once everything is done");
    } else {
        buffer_text(out, "The power goes at ");
        describe_operation(run, &operation, out);
        buffer_text(out, cut->tear.kind == TEAR_CLEAN ? ", " : ", when ");
        describe_tear(&cut->tear, operation.length, out);
    }
}

// ---- the story ----------------------------------------------------------------------------------

static void describe_events(const struct recovery *recovery, struct buffer *out) {
    const char *separator = "";
    for (uint32_t i = 0; i < recovery->event_count; i++) {
        const struct event *event = &recovery->events[i];
        if (event->kind == EVENT_RUNNING)
            buffer_printf(out, "%s%s in %s starts", separator, event->words, event->label);
        else if (event->kind == EVENT_REJECTED || event->kind == EVENT_CRASHED)
            buffer_printf(out, "%sit fails", separator);
        else if (event->kind == EVENT_CONFIRMED)
            buffer_printf(out, "%sit confirms itself", separator);
        else
            continue;
        separator = ", ";
    }
    if (separator[0] == 0)
        buffer_text(out, "no app is started");
}

// What people call an image that the run told of; NULL: nothing.
static const char *name_of(const struct recorded_run *run, uint64_t image) {
    for (size_t i = 0; i < run->recording.event_count; i++)
        if (image != NO_CONTENT && run->recording.events[i].image == image)
            return run->recording.events[i].words;
    return NULL;
}

static void describe_promise(const struct recorded_run *run, const struct promise *promise,
                             struct buffer *out) {
    uint64_t coming = promise->selecting != NO_CONTENT ? promise->selecting : promise->selected;
    const char *before = name_of(run, promise->before != NO_CONTENT ? promise->before : promise->running);
    const char *update = name_of(run, coming);
    if (before == NULL)
        return;
    buffer_printf(out, " (before: %s%s%s%s)", before, update != NULL ? ", update to: " : "",
                  update != NULL ? update : "", promise->confirmed != NO_CONTENT ? ", confirmed" : "");
}

static void describe_end(const struct recorded_run *run, const struct found_violation *violation,
                         struct buffer *out) {
    const struct recovery *recovery = &violation->recovery;
    if (recovery->end == RECOVERY_SETTLED)
        buffer_printf(out, "In the end %s runs in %s", recovery->words, recovery->label);
    else if (recovery->end == RECOVERY_BOOT_LOOP)
        buffer_printf(out, "It never comes to rest: %s in %s is started again and again", recovery->words,
                      recovery->label);
    else
        buffer_text(out, "Nothing boots any more");
    uint32_t invariant = violation->cause.invariant;
    if (invariant < INVARIANT_COUNT && invariant_row(invariant)->tell != NULL)
        invariant_row(invariant)->tell(recovery, out);
    describe_promise(run, &violation->promise, out);
}

static bool cuts_itself(const struct scenario *scenario) {
    for (size_t i = 0; i < scenario->step_count; i++)
        if (scenario->steps[i].kind == STEP_POWER_LOSS || scenario->steps[i].kind == STEP_RESET)
            return true;
    return false;
}

void violation_cuts(const struct recorded_run *run, const struct crash_path *path, struct buffer *out) {
    if (path->count == 0)
        buffer_printf(out, "Without any cut%s, after step %s",
                      cuts_itself(run->scenario) ? " but the scenario's own" : "",
                      run->step_names[path->cuts[0].checkpoint]);
    else
        describe_first_cut(run, &path->cuts[0], out);
    if (path->count > 1) {
        const struct crash_cut *last = &path->cuts[path->count - 1];
        buffer_printf(out, ", and again%s while the device recovers (operation %" PRIu64 ": ",
                      path->count > 2 ? " and again" : "", last->operation);
        describe_tear(&last->tear, OTADATA_ENTRY_SIZE, out);
        buffer_text(out, ")");
    }
    buffer_text(out, ".");
}

void violation_story(const struct recorded_run *run, const struct found_violation *violation,
                     struct buffer *out) {
    violation_cuts(run, &violation->path, out);
    if (violation->starts == 0)
        buffer_text(out, violation->path.count == 0 ? " What it started: " : " When it is back, ");
    else
        buffer_printf(out, " %s %s, ",
                      violation->path.count == 0 ? "The device is at rest; started"
                                                 : "The device comes to rest; started",
                      violation->starts == 1 ? "once more" : "again and again");
    describe_events(&violation->recovery, out);
    buffer_text(out, ". ");
    describe_end(run, violation, out);
    buffer_text(out, ".");
}

// ---- the bytes ----------------------------------------------------------------------------------

#define BYTES_SHOWN 32u

static void print_bytes(const struct flash *flash, uint32_t address, uint32_t length, struct buffer *out) {
    uint8_t bytes[BYTES_SHOWN];
    uint32_t shown = length < BYTES_SHOWN ? length : BYTES_SHOWN;
    flash_read(flash, address, bytes, shown);
    for (uint32_t i = 0; i < shown; i++) {
        if (i % 16 == 0)
            buffer_printf(out, "%s%08" PRIx32 " ", i == 0 ? "" : "\n", address + i);
        buffer_printf(out, " %02x", bytes[i]);
    }
    buffer_text(out, "\n");
}

static void print_state(const struct recorded_run *run, const struct nv_state *state,
                        const struct journal_operation *operation, struct buffer *out) {
    if (operation != NULL && operation->kind != JOURNAL_EFUSE)
        print_bytes(&state->flash, operation->address, operation->length, out);
    if (operation != NULL && operation->kind == JOURNAL_EFUSE)
        buffer_printf(out, "eFuse secure version bits 0x%08" PRIx32 "\n",
                      state->efuse[PORT_EFUSE_SECURE_VERSION]);
    struct board *scratch = board_new(board_config(run->board));
    struct device_view view;
    board_load(scratch, state);
    device_view_read(scratch, &view);
    device_otadata_print(&view, out);
    board_free(scratch);
}

// What a path's last cut found and left.
struct last_cut {
    struct nv_state before, after;
    struct journal_operation operation;
    bool has_operation;
};

static bool find_last_cut(const struct recorded_run *run, const struct crash_path *path,
                          struct last_cut *out) {
    struct crash_path clean = *path;
    clean.cuts[clean.count - 1].tear = (struct tear){.kind = TEAR_CLEAN};
    *out = (struct last_cut){0};
    if (!explore_materialise(&run->workload, &run->recording, path, &out->after))
        return false;
    if (!explore_materialise(&run->workload, &run->recording, &clean, &out->before)) {
        nv_state_free(&out->after);
        return false;
    }
    if (path->count == 1 && fault_model_of_tear(&path->cuts[0].tear)->scope != FAULT_AT_REST)
        out->has_operation = operation_at(run, path->cuts[0].operation, &out->operation);
    return true;
}

void violation_bytes(const struct recorded_run *run, const struct crash_path *path, struct buffer *before,
                     struct buffer *after) {
    struct last_cut cut;
    if (path->count == 0 || !find_last_cut(run, path, &cut))
        return; // nothing was cut
    const struct journal_operation *operation = cut.has_operation ? &cut.operation : NULL;
    print_state(run, &cut.before, operation, before);
    print_state(run, &cut.after, operation, after);
    nv_state_free(&cut.before);
    nv_state_free(&cut.after);
}
