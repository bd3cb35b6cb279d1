// Who is to blame for what breaks. See cause.h.
//
// A crash state is *spoilt* for an invariant when the device, merely switched on, or switched on once more after
// it has come to rest, breaks it. Along the recorded run the clean cuts between the operations tell from which
// operation on the device is spoilt: that one is to blame for everything up to where it is whole again. A torn
// operation is to blame itself when the clean cut before it spoils nothing. In a recovery it is the same, and
// what follows from a spoilt state is blamed on whatever spoilt that.
#ifndef SIM_EXPLORE_BLAME_H
#define SIM_EXPLORE_BLAME_H

#include "findings.h"
#include "worker.h"

// Along a run: what is spoilt at its present place, and by whom.
struct blame {
    uint32_t spoilt; // bits of invariants
    struct culprit culprits[FINDINGS_INVARIANTS];
};

// Invariants that `state` spoils. `cuts`: how many led to it.
uint32_t blame_spoilt(struct worker *worker, const struct nv_state *state, const struct promise *promise,
                      enum tear_detail detail, uint32_t cuts);

// The run has come to a place where `spoilt` are; what was not before is blamed on `culprit`.
void blame_pass(struct blame *blame, uint32_t spoilt, const struct culprit *culprit);

bool blame_equal(const struct blame *a, const struct blame *b);

// Who is to blame for a cut on `culprit`'s operation that breaks `invariant`.
const struct culprit *blame_of(const struct blame *blame, uint32_t invariant, const struct culprit *culprit);

enum gravity blame_gravity(uint32_t invariant, enum outcome outcome);

#endif
