// Everything that further cuts can lead to from one crash state, by itself: what it reads and asks, and which
// invariants break.
#ifndef SIM_EXPLORE_CLOSURE_H
#define SIM_EXPLORE_CLOSURE_H

#include "worker.h"

// A question that was asked in it, with the eFuse of then. Its answer for the closure's state: nothing in the
// closure changes the region that it is about.
struct closure_question {
    uint32_t number;
    uint32_t efuse[PORT_EFUSE_FIELDS];
    const struct found_answer *found; // the worker's
};

struct closure {
    struct read_set reads;  // of all recoveries and retries in it, but for those of questions; owned
    struct read_set writes; // of its recoveries; owned
    struct closure_question *questions; // owned
    size_t question_count;
    uint32_t broken;               // invariants that break in it, anywhere
    uint32_t broken_at_once;       // that break right in the state's own recovery
    enum outcome outcome;          // of that recovery
    struct content_hash signature; // of that recovery
};

// `cuts`: how many led here already. Zero-initialised `out`; free with closure_free.
void closure_scan(struct worker *worker, const struct nv_state *state, const struct promise *promise,
                  enum tear_detail detail, uint32_t cuts, struct closure *out);
void closure_free(struct closure *closure); // it is empty then

// True when a change of [start, end) in `base`, any that there is, leaves all that the closure reads and all
// answers as they are.
bool closure_unmoved(const struct closure *closure, const struct seals *seals, const struct nv_state *base,
                     uint32_t start, uint32_t end);

// True when `other`, which differs from the closure's state in [start, end) only, has the same closure: it
// reads the same and gets the same answers.
bool closure_fits(const struct closure *closure, struct questions *questions, const struct nv_state *state,
                  const struct nv_state *other, uint32_t start, uint32_t end);

#endif
