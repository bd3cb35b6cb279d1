// What an exploration has found so far: violations by cause, where devices end up, and how they get there.
#ifndef SIM_EXPLORE_FINDINGS_H
#define SIM_EXPLORE_FINDINGS_H

#include "explorer.h"

#define FINDINGS_INVARIANTS (INVARIANT_COUNT + INVARIANTS_CUSTOM_MAX)

struct findings {
    struct found_violation *violations; // one a cause, in the order in which they were met
    size_t violation_count;
    struct situation *situations;
    size_t situation_count;
    struct transition *transitions;
    size_t transition_count;
};

// The situation that a recovery ends in; made when it is new.
uint32_t findings_situation(struct findings *findings, const struct recovery *recovery, enum outcome outcome);

void findings_transition(struct findings *findings, const struct transition *transition);

// What is known of a cause; made when it is new. Lives until the next one is made.
struct found_violation *findings_of(struct findings *findings, const struct cause *cause);

// True when `path` explains a violation more simply than what is there: fewer cuts (none at all is simplest), then
// fewer torn ones, then an earlier one.
bool findings_simpler(const struct found_violation *violation, const struct crash_path *path);

// Takes `path` as representative when it explains the violation more simply than what is there.
void findings_note(struct found_violation *violation, const struct crash_path *path, uint32_t starts,
                   const struct recovery *recovery, const struct promise *promise);

// A first cut that breaks it falls behind a checkpoint, or the run itself breaks it there.
void findings_checkpoint(struct found_violation *violation, uint32_t checkpoint);

// Adds simulated time of a recovery (told by `parent`; those of one parent come one after another, and it takes
// `recovery_ns` in all) in which a further cut breaks it.
void findings_later_exposure(struct found_violation *violation, size_t parent, uint64_t ns,
                             uint64_t recovery_ns);

void findings_free(struct findings *findings);

#endif
