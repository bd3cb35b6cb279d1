// What an exploration has found so far: violations, where devices end up, and how they get there.
#ifndef SIM_EXPLORE_FINDINGS_H
#define SIM_EXPLORE_FINDINGS_H

#include "explorer.h"

#define FINDINGS_INVARIANTS (INVARIANT_COUNT + INVARIANTS_CUSTOM_MAX)

struct findings {
    struct found_violation best[FINDINGS_INVARIANTS]; // path.count == 0: not broken
    struct later_exposure {
        size_t parent;
        uint64_t ns, most_ns;
    } later[FINDINGS_INVARIANTS];
    struct situation *situations;
    size_t situation_count;
    struct transition *transitions;
    size_t transition_count;
};

// The situation that a recovery ends in; made when it is new.
uint32_t findings_situation(struct findings *findings, const struct recovery *recovery, enum outcome outcome);

void findings_transition(struct findings *findings, const struct transition *transition);

// Remembers `path` as representative of each broken invariant for which it has fewer cuts than what is there.
void findings_violation(struct findings *findings, uint32_t broken, const struct crash_path *path,
                        const struct recovery *recovery, const struct promise *promise);

// Adds simulated time of the recorded run in which a cut breaks invariants at once.
void findings_exposure(struct findings *findings, uint32_t broken, uint64_t ns);

// Adds simulated time of a recovery (told by `parent`; those of one parent come one after another) in which a
// further cut breaks them.
void findings_later_exposure(struct findings *findings, uint32_t broken, size_t parent, uint64_t ns);

void findings_free(struct findings *findings);

#endif
