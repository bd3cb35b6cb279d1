// Records what a trace shows while a scenario runs: steps, firmware calls, boots, power; and, at the end, the
// flash operations of the journal.
#ifndef SIM_VERDICT_TRACE_RECORDER_H
#define SIM_VERDICT_TRACE_RECORDER_H

#include "../hw/board.h"
#include "../language/scenario.h"
#include "../report/result.h"

#define TRACE_OPEN_MAX 32u // spans of one track that can be open at a time; deeper ones are left out

struct trace_track {
    const char *name;
    size_t open[TRACE_OPEN_MAX]; // indexes of its open events, the outermost first
    size_t depth;                // may exceed TRACE_OPEN_MAX
};

struct trace_recorder {
    struct board *board;
    const struct scenario *scenario;
    struct board_tracer tracer;
    struct trace_track steps, calls, boots, power;
    uint64_t boot_count;
    bool in_bootloader, power_lost;
    struct result_event *events; // owned until trace_recorder_finish
    size_t count, capacity;
};

// Watches the board until trace_recorder_finish; must not move meanwhile.
void trace_recorder_start(struct trace_recorder *recorder, const struct scenario *scenario,
                          struct board *board);

// A step of the scenario, boots that follow from it included.
void trace_step_begins(struct trace_recorder *recorder, const char *title);
void trace_step_ends(struct trace_recorder *recorder);

// Ends what is open, adds the journal's flash operations, and hands all events over to `result`.
void trace_recorder_finish(struct trace_recorder *recorder, struct result_scenario *result);

#endif
