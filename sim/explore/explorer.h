// Power cuts at every instant of a recorded run, and at every instant of every recovery, until nothing new
// appears.
//
// The recorded run's journal is walked once. Before each operation stands a *base*: what would survive a
// clean cut there. Its *closure* is all that further cuts can lead to. The closure reads some places of the
// base, its read set. As long as operations touch only other places, every way of tearing them leads to the
// same closure, so they are counted, not run: that is what makes a megabyte of download cheap. Operations
// that do touch the read set are torn for real, tear by tear; states are recognised by content, and
// recoveries by what they read (memo.h).
#ifndef SIM_EXPLORE_EXPLORER_H
#define SIM_EXPLORE_EXPLORER_H

#include <signal.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "../hw/fault_model.h"
#include "bit_rot.h"
#include "budget.h"
#include "cause.h"
#include "invariant.h"
#include "outcome.h"
#include "workload.h"

struct explore_progress {
    uint64_t crash_states, distinct_states, frontier, operation, operations;
    uint64_t recoveries; // run so far; what two threads came upon counts twice until the end
    size_t causes;       // of violations, so far
    uint32_t first;      // invariant of the first
};

struct explorer_options {
    uint32_t models; // bits of fault models
    uint32_t depth;  // cuts in a row; 0: unbounded
    struct invariant_limits limits;
    uint32_t late_bit_samples;
    uint64_t seed;
    const struct bit_rot_range *bit_rot;
    size_t bit_rot_count;
    uint64_t states_max;                 // distinct states after which it ends, incomplete; 0: never
    enum budget (*spent)(void *context); // asked now and then; NULL: there is no other budget
    void *spent_context;
    unsigned threads; // at least 1
    bool memo; // false: every crash state is recovered afresh, and what the memo would have said is checked
               // against it
    bool raw_otadata;    // sectors of otadata are not taken for one another (canonical_otadata.h)
    double verify_share; // 0 to 1: of what is remembered, so much is run again and compared
    bool run_only;       // nothing is cut: only the run itself is judged
    const volatile sig_atomic_t *interrupted;                                 // not 0: stop soon; NULL: never
    void (*progress)(void *context, const struct explore_progress *progress); // NULL: nobody asks
    void *progress_context;
};

// Somebody wants an end, or nothing is left of time and memory. The budget of states is not asked here.
enum budget explorer_spent(const struct explorer_options *options);

// ---- where a crash state is: the cuts that lead to it -------------------------------------------

#define CRASH_CUTS_MAX 16u

struct crash_cut {
    uint64_t operation;  // of the recorded run; of the recovery for all but the first
    uint32_t checkpoint; // of the recorded run: the step that it falls into; steps without operations share
                         // their number
    struct tear tear;
};

struct crash_path {
    uint32_t count;
    struct crash_cut cuts[CRASH_CUTS_MAX];
};

// ---- the answer ---------------------------------------------------------------------------------

struct found_violation { // of one cause
    struct cause cause;
    struct crash_path path;   // the representative: fewest cuts, then fewest torn ones, then earliest
    struct recovery recovery; // of the representative, or of the start after it that breaks the invariant
    uint32_t starts;          // how many starts after it that one is
    bool noted;               // there is a representative; without cuts, cuts[0] tells the step
    struct promise promise;
    uint32_t tears;                             // fault models that made its crash states: bits
    bool spreads;                               // also broken by cuts outside of the culprit's firmware call
    bool unblamed;                              // of the run itself, when nothing else was looked at
    uint32_t first_checkpoint, last_checkpoint; // steps of the recorded run that the culprits belong to
    uint64_t states;                            // crash states that share it
    uint64_t exposure_ns; // simulated time of the run in which a single cut leads to it; 0: it takes several
    uint64_t worst_ns;    // when it takes several: of the recovery in which the last cut is likeliest to do
                          // it, the time in which it does
    uint64_t worst_of_ns; // and how long that recovery's operations take in all

    // While it is being collected:
    size_t later_parent;
    uint64_t later_ns;
};

struct moment {                        // one request of the recorded run
    const struct journal_entry *entry; // in the recording's journal
    uint64_t states;
    uint64_t outcomes[OUTCOME_COUNT];
};

struct situation {   // where devices end up
    char label[128]; // "new 2.0.0 in ota_1, PENDING_VERIFY"
    enum outcome outcome;
    uint64_t states;
};

struct transition {
    bool from_run;     // else from a situation: a cut in its recovery
    const char *call;  // from_run: what was cut; a literal
    uint32_t from, to; // situations
    uint64_t count;
};

#define EXPLORATION_DEFECT_SIZE 400u

struct exploration {
    bool closed;             // nothing new appears: holds for any number of cuts
    enum budget ended;       // BUDGET_LEFT: nothing new appears, or the depth is reached
    uint64_t waiting;        // crash states that were met and not recovered when it ended early
    uint64_t passed, in_all; // operations of the recorded run up to there, and in all
    bool inexact;            // something differed from what is remembered: a defect of the explorer
    char defect[EXPLORATION_DEFECT_SIZE]; // what, and where
    char not_modelled
        [EXPLORATION_DEFECT_SIZE]; // what the board's program did that nobody knows the outcome of
    uint64_t operations;           // of the recorded run that were cut
    uint64_t crash_states, distinct_states, recoveries, recoveries_saved;
    uint32_t depth; // most cuts in a row that led to a new state
    uint64_t fired[FAULT_MODEL_COUNT];
    struct found_violation *violations; // by invariant, then in the order of their operations
    size_t violation_count;
    struct moment *moments;
    size_t moment_count;
    struct situation *situations;
    size_t situation_count;
    struct transition *transitions;
    size_t transition_count;
};

void explore(const struct workload *workload, const struct recording *recording,
             const struct explorer_options *options, struct exploration *out);
void exploration_free(struct exploration *exploration);

// The state that a path leads to, for replays: applies the path's cuts, recovering in between. False: the
// path does not exist. `out` is to be freed with nv_state_free.
bool explore_materialise(const struct workload *workload, const struct recording *recording,
                         const struct crash_path *path, struct nv_state *out);

// A start of the device that a path leads to: its recovery (number 0), then those until it is at rest (rest.h).
struct judged_start {
    uint32_t number;
    const struct nv_state *state; // with which it begins; valid during the visit
    struct recovery recovery;
    uint32_t update; // the one that was tried again after it, when recovery.retried
    bool writes;     // it changed something
    uint32_t broken; // invariants
};

// What an exploration with these options says of the crash state of a path. False: the path does not exist.
bool explore_judge(const struct workload *workload, const struct recording *recording,
                   const struct explorer_options *options, const struct crash_path *path,
                   void (*visit)(void *context, const struct judged_start *start), void *context);

// And of the run itself, up to where a step ends: the invariants that are broken there without any cut.
uint32_t explore_judge_step(const struct workload *workload, const struct recording *recording,
                            const struct explorer_options *options, uint32_t checkpoint);

#endif
