// Closures that were explored, to recognise them when they come again.
//
// When an image is written over one that is the same, or over half of it, each sector breaks it anew and the last
// program of the sector mends it: hundreds of contents, of which recoveries learn one of two answers. Those that read
// the same and get the same answers as one that was explored before are counted with it.
//
// What an exploration finds is told by where it began: what it blames, and the tears that made its first states. So a
// closure stands for another only while the same firmware call of the same step is cut, and for the tears with which
// it was explored.
#ifndef SIM_EXPLORE_EXPLORED_CLOSURES_H
#define SIM_EXPLORE_EXPLORED_CLOSURES_H

#include "blame.h"
#include "closure.h"

#define EXPLORED_CLOSURES_MAX 32u

struct explored_closure {
    struct promise promise;
    enum tear_detail detail;
    struct culprit culprit;
    struct blame blame;
    struct nv_state state; // of which it is the closure; owned
    struct closure closure;
    struct content_hash key; // of the state in frontier.met
    uint32_t models;         // that it was explored with
    bool clean;              // by a clean cut, too
};

// Zero-initialise.
struct explored_closures {
    struct explored_closure all[EXPLORED_CLOSURES_MAX];
    size_t count, next; // which one makes room for another
    uint32_t checkpoint;
    const char *call;
};

// From now on that call of that step is cut. When that is another than before, all that is known is dropped.
void explored_closures_enter(struct explored_closures *explored, uint32_t checkpoint, const char *call);
void explored_closures_free(struct explored_closures *explored);

// What a state's closure depends on.
struct closure_origin {
    const struct nv_state *state;
    const struct promise *promise;
    enum tear_detail detail;
    const struct culprit *culprit;
    const struct blame *blame; // of the recorded run
};

// The closure of a state: `out`, to be freed with closure_free. When it is one that was explored, the place of that
// one, which lives until the next explored_closures_note; else NULL, and it has been scanned.
struct explored_closure *explored_closures_find(struct explored_closures *explored, struct worker *worker,
                                                const struct closure_origin *origin, struct closure *out);

// True when there is nothing to be found that was not found before.
bool explored_closure_covers(const struct explored_closure *known, uint32_t models, bool clean);

// It has been explored: anew, or (`known`) with other tears than before.
void explored_closures_note(struct explored_closures *explored, struct explored_closure *known,
                            const struct closure_origin *origin, const struct closure *closure,
                            struct content_hash key, uint32_t models, bool clean);

#endif
