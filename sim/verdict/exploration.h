// Explores a run of a scenario: hands its recording to sim/explore, and fills the result from what was found.
#ifndef SIM_VERDICT_EXPLORATION_H
#define SIM_VERDICT_EXPLORATION_H

#include <signal.h>

#include "../explore/explorer.h"
#include "../language/scenario.h"
#include "../play/narration.h"
#include "../report/result.h"
#include "recorded_run.h"

struct explore_options { // what the command line says; zero: as the scenario says
    unsigned threads;    // 0: as many as there are processors
    bool no_memo;        // --no-memo
    double verify_share; // --verify-memo: 0 to 1
    bool depth_set;
    uint32_t depth;       // --depth
    uint32_t models;      // --faults
    double cuts_per_hour; // --cuts-per-hour
    uint64_t states_max;  // --max-states; 0: the scenario's
    uint64_t time_max_us; // --max-time; 0: the scenario's
    uint64_t memory_max;  // --max-memory, bytes; 0: the scenario's
    bool strict;          // --strict: hazards of the platform fail the run, too
    const volatile sig_atomic_t *interrupted;
    void (*progress)(void *context, const struct explore_progress *progress);
    void *progress_context;
};

// Explores a run that has been recorded. Fills result->exploration and result->violations; failures (a known violation that is gone, no fault fired)
// go to result->failures.
void exploration_run(const struct recorded_run *run, const struct explore_options *options,
                     struct result_scenario *result);

// Judges the run itself, without any cut: what an exploration does besides. Fills result->violations.
void exploration_judge_run(const struct recorded_run *run, const struct explore_options *options,
                           struct result_scenario *result);

// What the scenario asks of the explorer, when the command line says nothing.
void exploration_asks(const struct recorded_run *run, struct explorer_options *out);

#endif
