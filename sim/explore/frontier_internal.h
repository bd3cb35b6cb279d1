// The frontier's inside, shared by the files that implement it. Nobody else includes this.
#ifndef SIM_EXPLORE_FRONTIER_INTERNAL_H
#define SIM_EXPLORE_FRONTIER_INTERNAL_H

#include "frontier.h"

#define NO_PARENT SIZE_MAX

struct frontier_item {
    size_t parent; // index into items; NO_PARENT: a cut of the recorded run
    struct crash_cut cut;
    struct promise promise;
    struct content_hash key;
    enum tear_detail detail; // of the cuts in its recovery
    uint32_t cuts;
    uint64_t share_ns;
    uint32_t models;        // that make it, or what is like it
    struct nv_state *state; // kept while there are few, so that it need not be made again; NULL; owned
    uint32_t broken;        // once it was recovered
    uint32_t spoilt;        // when spoilt_known
    bool spoilt_known;
    bool again; // met with more cuts before: only its path is new
    enum outcome outcome;
};

// The state in which an item was met, or that a cut of the recorded run on the origin makes. To be freed with
// nv_state_free.
void frontier_state_of(const struct frontier *frontier, struct worker *worker, size_t index,
                       struct nv_state *out);
void frontier_first_state(const struct frontier *frontier, const struct worker *worker,
                          const struct tear *tear, struct nv_state *out);

// The cuts that lead to an item.
void frontier_path_of(const struct frontier *frontier, size_t index, struct crash_path *out);

#endif
