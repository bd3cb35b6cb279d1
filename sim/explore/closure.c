#include "closure.h"

#include <stdlib.h>

#include "../base/buffer.h"
#include "rest.h"

struct pending { // a crash state that was met and not recovered yet
    struct nv_state state;
    struct promise promise;
    enum tear_detail detail;
    uint32_t cuts;
};

struct scan {
    struct state_map met;
    struct pending *stack;
    size_t count, capacity;
    const struct pending *parent;
};

static void push(struct scan *scan, const struct nv_state *state, const struct promise *promise,
                 enum tear_detail detail, uint32_t cuts) {
    struct content_hash key = crash_key(state, promise, detail);
    struct met_state *met = state_map_find(&scan->met, key);
    if (met != NULL && met->cuts <= cuts)
        return;
    if (met == NULL)
        met = state_map_add(&scan->met, key);
    met->cuts = (uint8_t)cuts;
    if (scan->count == scan->capacity) {
        scan->capacity = scan->capacity == 0 ? 64 : scan->capacity * 2;
        scan->stack = memory_resize(scan->stack, scan->capacity * sizeof *scan->stack);
    }
    struct pending *pending = &scan->stack[scan->count++];
    *pending = (struct pending){.promise = *promise, .detail = detail, .cuts = cuts};
    nv_state_copy(&pending->state, state);
}

static void push_child(void *context, const struct crash_child *child) {
    struct scan *scan = context;
    push(scan, child->state, child->promise, detail_after(&child->cut.tear, scan->parent->detail),
         scan->parent->cuts + 1);
}

struct scanned { // a state that is being scanned
    struct scan *scan;
    struct worker *worker;
    const struct pending *now;
    struct closure *out;
    bool first;           // of the closure
    uint32_t at_once;     // what it breaks, at once or at rest
    enum outcome outcome; // where it ends up
};

static void scan_children(const struct scanned *scanned, const struct memo_run *run) {
    const struct pending *now = scanned->now;
    uint32_t depth = scanned->worker->options->depth;
    scanned->scan->parent = now;
    if (depth == 0 || now->cuts < depth)
        for_each_child(scanned->worker, &now->state, &now->promise, run, now->detail, push_child,
                       scanned->scan);
}

static void scan_start(void *context, const struct start *start) {
    struct scanned *scanned = context;
    const struct recovered *recovered = start->recovered;
    struct closure *out = scanned->out;
    read_set_unite(&out->reads, &recovered->run->reads);
    if (recovered->retry_reads != NULL)
        read_set_unite(&out->reads, recovered->retry_reads);
    scanned->at_once |= start->broken;
    if (start->number == 0 || recovered->recovery.end != RECOVERY_SETTLED)
        scanned->outcome = outcome_of_recovery(&recovered->recovery, start->promise);
    if (start->number != 0)
        return;
    if (scanned->first)
        out->signature = recovered->run->signature;
    scan_children(scanned, recovered->run);
}

void closure_scan(struct worker *worker, const struct nv_state *state, const struct promise *promise,
                  enum tear_detail detail, uint32_t cuts, struct closure *out) {
    struct scan scan = {0};
    bool first = true;
    push(&scan, state, promise, detail, cuts);
    while (scan.count != 0) {
        struct pending now = scan.stack[--scan.count];
        struct scanned scanned = {.scan = &scan, .worker = worker, .now = &now, .out = out, .first = first};
        for_each_start(worker, &now.state, &now.promise, now.detail, 0, scan_start, &scanned);
        if (first) {
            out->broken_at_once = scanned.at_once;
            out->outcome = scanned.outcome;
        }
        first = false;
        out->broken |= scanned.at_once;
        nv_state_free(&now.state);
    }
    state_map_free(&scan.met);
    free(scan.stack);
}
