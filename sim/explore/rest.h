// At rest means at rest: a device that has recovered is started again, without a cut, until a start changes
// nothing. What a crash state breaks is what its recovery or one of these starts breaks.
#ifndef SIM_EXPLORE_REST_H
#define SIM_EXPLORE_REST_H

#include "worker.h"

// One start: the recovery itself (number 0), or one of those that follow it.
struct start {
    uint32_t number;
    const struct recovered *recovered;
    const struct promise *promise; // right before it
    uint32_t broken;               // invariants
};
typedef void start_visitor(void *context, const struct start *start);

// Switches a device on that holds `state` (not changed) with `promise` holding, and again, until a start writes
// nothing or nothing runs. A device that writes at each of options->limits.boots_max starts does not settle.
// `first`: the number of the first start.
void for_each_start(struct worker *worker, const struct nv_state *state, const struct promise *promise,
                    enum tear_detail detail, uint32_t first, start_visitor *visit, void *context);

// The starts that follow a recovery from `state` that is known.
void for_each_later_start(struct worker *worker, const struct nv_state *state, const struct promise *promise,
                          const struct recovered *recovered, enum tear_detail detail, start_visitor *visit,
                          void *context);

// Which invariants a state breaks, at once or at rest.
uint32_t broken_until_rest(struct worker *worker, const struct nv_state *state, const struct promise *promise,
                           enum tear_detail detail);

#endif
