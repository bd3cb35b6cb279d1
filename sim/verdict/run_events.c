#include "run_events.h"

#include <stdlib.h>
#include <string.h>

#include "../base/buffer.h"
#include "../play/device_view.h"
#include "../play/telling.h"

// ---- what is written to slots -------------------------------------------------------------------

static void add(struct run_events *events, const struct event *event) {
    events->events = memory_resize(events->events, (events->count + 1) * sizeof *events->events);
    events->events[events->count++] = *event;
}

static void tell_overwritten(struct run_events *events, const struct journal_entry *entry, int32_t slot) {
    struct event event = {.kind = EVENT_OVERWRITTEN, .operation = entry->first_operation, .slot = slot};
    add(events, &event);
}

void run_events_finish(struct run_events *events) {
    struct board *board = events->execution->board;
    const struct journal *journal = board_journal(board);
    struct device_view view;
    uint32_t told = 0; // slots, since the last event
    if (events->entries < journal->count)
        device_view_read(board, &view);
    for (; events->entries < journal->count; events->entries++) {
        const struct journal_entry *entry = &journal->entries[events->entries];
        if (entry->kind == JOURNAL_EFUSE || entry->result != JOURNAL_DONE)
            continue;
        const struct partition_row *partition = device_partition_at(&view, entry->address);
        int slot = partition ? device_slot_of(partition) : -1;
        if (slot < 0 || (told >> slot & 1) != 0)
            continue;
        told |= 1u << slot;
        tell_overwritten(events, entry, slot);
    }
}

// ---- starts -------------------------------------------------------------------------------------

static void begin_start(struct run_events *events) {
    events->starts = memory_resize(events->starts, (events->start_count + 1) * sizeof *events->starts);
    events->starts[events->start_count] =
        (struct recorded_start){.first_event = events->count,
                                .checkpoint = events->checkpoint,
                                .operation = board_operations(events->execution->board)};
    events->start_count++;
}

static void end_start(struct run_events *events) {
    struct recorded_start *start = &events->starts[events->start_count - 1];
    start->end_event = events->count;
    recovery_copy(&start->recovery, &events->execution->boot);
    board_save(events->execution->board, &start->state);
}

void run_events_excuse(struct run_events *events) {
    if (events->start_count == 0)
        return;
    events->starts[events->start_count - 1].excused = true;
    struct event event = {.kind = EVENT_DECLARED, .operation = board_operations(events->execution->board)};
    add(events, &event);
}

// ---- updates ------------------------------------------------------------------------------------

void run_events_update(struct run_events *events, uint32_t number) {
    struct event event = {.kind = EVENT_UPDATING,
                          .operation = board_operations(events->execution->board),
                          .slot = SLOT_NONE,
                          .update = number};
    run_events_finish(events);
    add(events, &event);
}

void run_events_update_refused(struct run_events *events) {
    struct event *latest = NULL;
    uint32_t before = 0;
    for (size_t i = 0; i < events->count; i++) {
        if (events->events[i].kind != EVENT_UPDATING)
            continue;
        before = latest == NULL ? 0 : latest->update;
        latest = &events->events[i];
    }
    if (latest != NULL)
        latest->update = before;
}

// ---- listening ----------------------------------------------------------------------------------

static void hear(void *context, const struct event *event) {
    struct run_events *events = context;
    run_events_finish(events);
    if (event->kind == EVENT_POWERED)
        begin_start(events);
    else if (event->kind == EVENT_RESTED)
        end_start(events);
    else
        add(events, event);
}

void run_events_listen(struct run_events *events, struct execution *execution) {
    events->execution = execution;
    events->events = memory_new(sizeof *events->events); // there is always an array, even of no events
    execution->event = hear;
    execution->event_context = events;
    execution->judged = true;
    tell_found(execution);
}

void run_events_free(struct run_events *events) {
    for (size_t i = 0; i < events->start_count; i++)
        nv_state_free(&events->starts[i].state);
    free(events->events);
    free(events->starts);
    *events = (struct run_events){0};
}
