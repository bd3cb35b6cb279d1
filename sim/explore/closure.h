// Everything that further cuts can lead to from one crash state, by itself: what it reads, and which
// invariants break.
#ifndef SIM_EXPLORE_CLOSURE_H
#define SIM_EXPLORE_CLOSURE_H

#include "worker.h"

struct closure {
    struct read_set reads;         // of all recoveries and retries in it; owned
    uint32_t broken;               // invariants that break in it, anywhere
    uint32_t broken_at_once;       // that break right in the state's own recovery
    enum outcome outcome;          // of that recovery
    struct content_hash signature; // of that recovery
};

// `cuts`: how many led here already. Zero-initialised `out`; free with read_set_free(&out->reads).
void closure_scan(struct worker *worker, const struct nv_state *state, const struct promise *promise,
                  enum tear_detail detail, uint32_t cuts, struct closure *out);

#endif
