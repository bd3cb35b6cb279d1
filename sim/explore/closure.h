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

// `cuts`: how many led here already. Zero-initialised `out`; free with closure_free. When worker->spent says so
// afterwards, it was given up and nothing may rest on it.
void closure_scan(struct worker *worker, const struct nv_state *state, const struct promise *promise,
                  enum tear_detail detail, uint32_t cuts, struct closure *out);
void closure_free(struct closure *closure);                            // it is empty then
void closure_copy(const struct closure *closure, struct closure *out); // to be freed

// True when a change of [start, end) in `base`, any that there is, leaves all that the closure reads and all
// answers as they are.
bool closure_unmoved(const struct closure *closure, const struct seals *seals, const struct nv_state *base,
                     uint32_t start, uint32_t end);

// For states that differ from the closure's own in [start, end) only.
struct closure_probe {
    const struct closure *closure;
    const struct nv_state *state; // the closure's
    struct questions *questions;
    const struct seals *seals; // NULL: each is computed
    uint32_t start, end;
    enum seal *beside; // of each question's seal; owned
};
void closure_probe_open(struct closure_probe *probe, const struct closure *closure,
                        const struct worker *worker, const struct nv_state *state, uint32_t start,
                        uint32_t end);
void closure_probe_close(struct closure_probe *probe);

// True when `other` has the same closure: it reads the same and gets the same answers.
bool closure_fits(const struct closure_probe *probe, const struct nv_state *other);

// The same for any two states. True: `out` is the closure of `other`, to be freed with closure_free.
bool closure_transfer(const struct closure *closure, struct questions *questions,
                      const struct nv_state *state, const struct nv_state *other, struct closure *out);

#endif
