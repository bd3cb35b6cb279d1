// What the explorer explores: a recorded run, and a way to recover from any state that survived a cut. The
// scenario layer provides both.
#ifndef SIM_EXPLORE_WORKLOAD_H
#define SIM_EXPLORE_WORKLOAD_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "../hw/board.h"
#include "promise.h"
#include "recovery.h"

struct workload {
    void *shared; // handed to open
    const struct seals
        *seals; // of images that a recovery may find in flash: knowing them saves work; NULL: none
    // A worker's own board and whatever it needs beside it. Called once a worker. `forgetful`: nothing that
    // only saves work is shared with other workers.
    void *(*open)(void *shared, bool forgetful, struct board **board);
    void (*close)(void *worker);
    // The board holds a crash state and is off: recovers it. Fills all but `erases_max` and the retry.
    void (*recover)(void *worker, struct recovery *out);
    // The board holds a recovered state, its app just entered (board_enter_app): runs the update of that number
    // (promise.h) again. NULL: not wanted.
    void (*retry)(void *worker, uint32_t update, bool *succeeded, char story[96]);
    // Runs the recorded steps again from their start, with an operation that misfires (TEAR_IO_ERROR or
    // TEAR_IO_DROPPED) and the power going when all is done. Says what is left, what was promised, and whether
    // an operation was left open. `number`: of the operation in the recorded run. NULL: cannot be done.
    void (*misfire)(void *worker, uint64_t number, const struct tear *tear, struct nv_state *state,
                    struct promise *promise, bool *left_open);
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

struct named_place { // a range of flash that has a name: a partition
    uint32_t address, length;
};

// A start of the device in the recorded run itself: boots until rest.
struct recorded_start {
    size_t first_event, end_event; // what was told in between
    uint64_t operation;            // that comes next when it begins
    uint32_t checkpoint;           // of the step
    bool excused;                  // it ended as the scenario says that it should
    struct recovery recovery;      // RECOVERY_POWER_LOST: the step's own power loss ended it
    struct nv_state state;         // then
};

struct recording {
    const struct journal *journal;
    uint64_t end_ns;
    const struct event *events; // in order
    size_t event_count;
    const struct recorded_start *starts; // in order
    size_t start_count;
    const struct checkpoint *checkpoints; // one a step, in order; the first is the start
    size_t checkpoint_count;
    uint32_t first_step, last_step;   // cuts fall within these (inclusive)
    const char *const *step_names;    // one a checkpoint, unique: "first boot", "restart#2"
    const char *const *step_words;    // by what they do, unique: "update", "restart#2"; NULL: not known
    const struct named_place *places; // what causes may name
    uint32_t place_count;
};

#endif
