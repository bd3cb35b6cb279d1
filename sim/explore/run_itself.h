// The recorded run as it is, without any cut: judged by the same invariants.
#ifndef SIM_EXPLORE_RUN_ITSELF_H
#define SIM_EXPLORE_RUN_ITSELF_H

#include "blame.h"

// How far the run has been judged. Zero-initialise.
struct run_itself {
    size_t next_event, next_start;
    struct promise promise; // of the events passed
    struct recovery latest; // start
    const uint32_t *only;   // notes what is broken in that step (checkpoint) alone; NULL: in all
};

// Judges the starts that begin at or before an operation, each with where the device comes to rest after it.
// `blame` (NULL: not known): who is to blame at that operation.
void judge_run_until(struct run_itself *run, struct worker *worker, const struct recording *recording,
                     uint64_t operation, const struct blame *blame, struct findings *findings);

// The rest of them, and the device that the run leaves.
void judge_run_end(struct run_itself *run, struct worker *worker, const struct recording *recording,
                   const struct blame *blame, struct findings *findings);

#endif
