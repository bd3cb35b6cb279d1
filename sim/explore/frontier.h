// Crash states that wait to be recovered, level by level: first those that one cut makes, then those of two,
// until nothing new appears.
//
// Workers recover a chunk of the frontier side by side; what they found is merged in the frontier's order, so
// the answer does not depend on their number.
#ifndef SIM_EXPLORE_FRONTIER_H
#define SIM_EXPLORE_FRONTIER_H

#include "blame.h"
#include "findings.h"
#include "worker.h"

struct frontier {
    const struct explorer_options *options;
    struct worker *workers; // options->threads of them
    struct state_map met;
    struct findings findings;
    uint64_t crash_states; // made by cuts in recoveries
    uint64_t fired[FAULT_MODEL_COUNT];
    uint32_t depth;   // most cuts in a row that led to a new state
    bool cut_off;     // options->depth kept it from going on somewhere
    bool interrupted; // no more is to be explored: a budget is spent, or a defect was found
    enum budget ended;

    // Called now and then, between recoveries; NULL: nobody asks.
    void (*chunk_done)(const void *context);
    const void *chunk_context;

    // The origin of what is in the frontier now: before an operation (NULL: at rest) of the recorded run.
    const struct nv_state *base;
    const struct journal_operation *operation;
    uint64_t operation_number;
    uint32_t checkpoint; // of the step
    const struct recording *recording;
    struct blame blame;     // of the recorded run, up to the origin
    struct culprit culprit; // the origin's operation; at rest: what came before
    const char *call;       // firmware call in which the origin is, or that comes next; "": none

    struct frontier_item *items;
    size_t count, capacity, next;
    struct found *found; // room for what a chunk of them brings; owned
    size_t items_behind; // of earlier origins: with an item's index, they make a number that is its own
    struct recovery_blame *recovery_blame; // of the parent that was asked about last; NULL: none
};

// One cut of the recorded run: a tear of the origin's operation.
struct first_cut {
    struct tear tear;
    size_t like;             // an earlier one (index) that has the same closure; itself: it is explored
    uint32_t models;         // fault models that make it, or another that is like it
    bool explored;           // its closure is that of a state that was met before, whose `key` is there
    struct content_hash key; // filled by frontier_explore
};

// Adds the crash states of `cuts` (all tears of the origin's operation) and explores until nothing is left.
// `torn`: the promise inside the operation; `clean`: right before it.
void frontier_explore(struct frontier *frontier, struct first_cut *cuts, size_t count,
                      const struct promise *clean, const struct promise *torn);

// True when no more is to be explored; looks at the budgets.
bool frontier_spent(struct frontier *frontier);

// Calls `one` for each index below `count`, by several workers when there are enough.
void frontier_side_by_side(struct frontier *frontier, size_t count,
                           void (*one)(struct frontier *frontier, struct worker *worker, size_t index,
                                       void *context),
                           void *context);

// What a cut of the recorded run on the origin breaks is added to what is known of its cause. `met`: the state
// that it leaves, `promise` what held then; `states`, `models`: the crash states that end as it does, itself
// included, and what made them.
void frontier_note_cut(struct frontier *frontier, const struct tear *tear, const struct met_state *met,
                       const struct promise *promise, uint64_t states, uint32_t models);

// Adds simulated time of the recorded run in which a cut on the origin breaks an invariant at once; or all that
// the state breaks.
void frontier_expose(struct frontier *frontier, uint32_t invariant, enum gravity gravity, uint64_t ns);
void frontier_expose_all(struct frontier *frontier, const struct met_state *met, uint64_t ns);

void frontier_free(struct frontier *frontier);

#endif
