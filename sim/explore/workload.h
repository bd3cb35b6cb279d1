// What the explorer explores: a recorded run, and a way to recover from any state that survived a cut. The
// scenario layer provides both.
#ifndef SIM_EXPLORE_WORKLOAD_H
#define SIM_EXPLORE_WORKLOAD_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "../hw/board.h"
#include "promise.h"

enum recovery_end_kind { RECOVERY_AT_REST, RECOVERY_LOOPS, RECOVERY_BOOTS_NOTHING };

#define STATE_OF_NO_RECORD  (UINT32_MAX - 1) // no otadata entry speaks of the slot
#define RECOVERY_EVENTS_MAX 24u

// How a device came back after a cut.
struct recovery {
    enum recovery_end_kind end;
    char label[17];           // of the partition that runs, or was started last
    char version[33];         // of its descriptor
    uint32_t running_address; // of that partition
    uint32_t state;           // otadata state of that slot at the end, or STATE_OF_NO_RECORD
    uint32_t boots;
    uint32_t erases_max;    // erases of the sector erased most often
    uint32_t custom_broken; // bits: the scenario's own invariants that do not hold
    bool retried;           // the update was run again
    bool retry_succeeded;
    char retry_story[96]; // "esp_ota_begin returned ESP_ERR_NOT_FOUND"
    uint32_t event_count;
    struct event events[RECOVERY_EVENTS_MAX]; // last: a remembered recovery is stored without those that it
                                              // does not have
};

void recovery_copy(struct recovery *copy, const struct recovery *recovery); // only the events that are there
void recovery_event(struct recovery *recovery,
                    const struct event *event); // appends; a full list keeps the first ones

struct workload {
    void *shared; // handed to open
    // A worker's own board and whatever it needs beside it. Called once a thread.
    void *(*open)(void *shared, struct board **board);
    void (*close)(void *worker);
    // The board holds a crash state and is off: recovers it. Fills all but `erases_max` and the retry.
    void (*recover)(void *worker, struct recovery *out);
    // The board holds a recovered state and is off: boots it and runs the update again. NULL: not wanted.
    void (*retry)(void *worker, bool *succeeded, char story[96]);
    // Runs the recorded steps again from their start, with an operation that misfires (TEAR_IO_ERROR or
    // TEAR_IO_DROPPED) and the power going when all is done. Says what is left, and what was promised.
    // `number`: of the operation in the recorded run. NULL: cannot be done.
    void (*misfire)(void *worker, uint64_t number, const struct tear *tear, struct nv_state *state,
                    struct promise *promise);
};

// The state at the beginning of a step, as the recording saw it: steps may change it behind the journal's
// back.
struct checkpoint {
    uint64_t operation;
    uint32_t step;
    uint64_t time_ns;
    size_t events; // that had been told by then
    struct nv_state state;
};

struct recording {
    const struct journal *journal;
    uint64_t end_ns;
    const struct event *events; // in order
    size_t event_count;
    const struct checkpoint *checkpoints; // one a step, in order; the first is the start
    size_t checkpoint_count;
    uint32_t first_step, last_step; // cuts fall within these (inclusive)
    const char *const *step_names;  // one a checkpoint, unique: "update", "restart#2"
};

#endif
