// One thread's means to recover crash states: a board, and what it remembers.
#ifndef SIM_EXPLORE_WORKER_H
#define SIM_EXPLORE_WORKER_H

#include "explorer.h"
#include "memo.h"
#include "state_map.h"

struct worker {
    const struct workload *workload;
    const struct explorer_options *options;
    void *context; // the workload's
    struct board *board;
    struct seals *seals;
    struct questions *questions;
    struct memo *recoveries, *retries;
    struct otadata_places places;
    struct canonical_otadata *otadata; // NULL: states are taken as they are
    bool
        beyond_gist; // a run has read or changed otadata in another way than the canonical forms take for granted
    struct state_map signatures; // of recoveries that were met, kept as keys
    struct worker *witness;      // runs a share of what is remembered again (witness.h); NULL: not yet needed
    bool is_witness;
    struct state_map compared; // with those that stand for them, kept as keys
    struct watched_states *watched;
    enum budget spent;                          // a closure was given up for it: no more is to be explored
    char defect[EXPLORATION_DEFECT_SIZE];       // what the witness found; "": nothing
    char not_modelled[EXPLORATION_DEFECT_SIZE]; // board_not_modelled, the first that was met
};

// `forgetful`: without remembered digests.
void worker_open(struct worker *worker, const struct workload *workload,
                 const struct explorer_options *options, bool forgetful);
void worker_close(struct worker *worker);

// From now on crash states get canonical otadata sectors there.
void worker_use_places(struct worker *worker, const struct otadata_places *places);

// A recovered crash state. `run` lives until the worker's next recovery.
struct recovered {
    const struct memo_run *run;
    struct recovery recovery;                // the run's, with what the retry said
    uint32_t efuse[PORT_EFUSE_FIELDS];       // with which it started
    const struct memo_run *retry;            // NULL: none
    uint32_t retry_efuse[PORT_EFUSE_FIELDS]; // with which it started
};

// Recovers `state`; `update`: the number of the one that is then tried again, 0: none is. DETAIL_CLEAN: there are many such states and each recovers in its own way, so their
// update is not retried and their recovery is not kept, though one that is remembered is used.
void worker_recover(struct worker *worker, const struct nv_state *state, enum tear_detail detail,
                    uint32_t update, struct recovered *out);

// A run that nothing remembers. `keep`: the next one that starts alike does.
const struct memo_run *worker_run_recovery(struct worker *worker, const struct nv_state *state, bool keep);
const struct memo_run *worker_run_retry(struct worker *worker, const struct memo_input *input, bool keep);
// `out` is to be freed with journal_free.
void copy_journal(struct journal *out, const struct journal *journal, const struct nor_chip *chip);

// ---- the crash states that follow from one ------------------------------------------------------

// A cut within a recovery (or a recorded run), and what it leads to.
struct crash_child {
    struct crash_cut cut;
    const struct nv_state *state; // valid during the visit
    const struct promise *promise;
    uint64_t share_ns; // of the operation's duration
};
typedef void child_visitor(void *context, const struct crash_child *child);

// Visits every crash state that a cut in the recovery from `state` makes, the cut right after its last
// operation included.
void for_each_child(struct worker *worker, const struct nv_state *state, const struct promise *promise,
                    const struct memo_run *run, enum tear_detail detail, child_visitor *visit, void *context);

// What a power cut leaves of a state: contents, not RTC memory.
void lose_power(struct nv_state *state);

// What a cut of that kind ends with: the power is gone; or a reset, which the next start sees, and which leaves RTC memory
// as it was (the tear has put it there).
void end_cut(struct nv_state *state, const struct tear *tear);

// The same, and the state is replaced by the one that stands for all that lead to the same (canonical_otadata.h).
void worker_crash(const struct worker *worker, const struct tear *tear, struct nv_state *state);

// The same for one that is met for the first time, with what was promised and how finely its recovery is cut: when
// what is remembered is checked, so is whether the two lead to the same.
void worker_crash_checked(struct worker *worker, const struct tear *tear, struct nv_state *state,
                          const struct promise *promise, enum tear_detail detail);

// The events of a run that had happened when the power went at an operation.
void fold_events(struct promise *promise, const struct event *events, size_t count,
                 const struct crash_cut *cut);

// Identity of a crash state: contents, what was promised, and how finely its recovery will be cut.
struct content_hash crash_key(const struct nv_state *state, const struct promise *promise,
                              enum tear_detail detail);

#endif
