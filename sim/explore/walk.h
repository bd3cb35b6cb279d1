// The walk along the recorded run, request by request. The inside of explorer.c, shared by the files that
// implement it.
#ifndef SIM_EXPLORE_WALK_H
#define SIM_EXPLORE_WALK_H

#include "closure.h"
#include "explored_closures.h"
#include "frontier.h"
#include "run_itself.h"

// The walk along the recorded run.
struct walk {
    struct run_itself itself;
    const struct recording *recording;
    const struct explorer_options *options;
    struct exploration *out;
    struct frontier frontier;
    struct tear_choice choice;

    struct nv_state base;   // what a clean cut here leaves
    struct promise promise; // what holds at such a cut
    size_t next_event;
    size_t next_checkpoint;
    uint64_t operation;       // that comes next
    const char *next_call;    // which firmware call that belongs to; "": nothing comes
    uint64_t previous_end_ns; // of the operation before
    bool inside;              // of the steps that are to be cut

    bool class_known; // the base's closure is known, and what it reads, for this promise:
    struct promise class_promise;
    struct closure closure;
    struct explored_closures explored;
    struct culprit passed;      // what brought the base about: the operation before, or a step
    struct content_hash key;    // of the base in frontier.met
    struct content_hash rotted; // contents and promise under which bits were last flipped
};

// Walks from the first step to the last, or until somebody wants it to stop.
void walk_journal(struct walk *walk);

// ---- walk.c -------------------------------------------------------------------------------------

bool walk_stopped(const struct walk *walk);

// What holds when the power goes right before the next operation (TEAR_CLEAN), or inside it.
struct promise walk_promise(const struct walk *walk, enum tear_kind kind);

// The next cuts fall on this operation; NULL: the device is at rest.
void walk_set_origin(struct walk *walk, const struct journal_operation *operation);
struct moment *walk_moment(struct walk *walk, const struct journal_entry *entry);
void walk_add_transition(struct walk *walk, const char *call, uint32_t to, uint64_t count);

#endif
