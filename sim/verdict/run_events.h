// What a run tells while it is played, as the explorer wants it: events, and the starts of the device.
#ifndef SIM_VERDICT_RUN_EVENTS_H
#define SIM_VERDICT_RUN_EVENTS_H

#include "../explore/workload.h"
#include "../play/execution.h"

// Listens to an execution, and to its board's journal: a slot that is written to is told as an event.
// Zero-initialise; free with run_events_free.
struct run_events {
    const struct execution *execution;
    struct event *events;
    size_t count;
    struct recorded_start *starts;
    size_t start_count;
    size_t entries;      // of the journal that have been looked at
    uint32_t checkpoint; // of the step that is played
};

// Begins to listen to an execution that has just been initialised, its journal empty.
void run_events_listen(struct run_events *events, struct execution *execution);

// An update begins that is meant to succeed, by its number; it turns out that it was refused: the one before it
// is the latest again.
void run_events_update(struct run_events *events, uint32_t number);
void run_events_update_refused(struct run_events *events);

// What has been written since the last event. At the end of a run.
void run_events_finish(struct run_events *events);

// The start that ended last is as the scenario says that it should be: nothing was promised.
void run_events_excuse(struct run_events *events);

void run_events_free(struct run_events *events);

#endif
