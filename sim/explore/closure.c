#include "closure.h"

#include <stdlib.h>

#include "../base/buffer.h"

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

void closure_scan(struct worker *worker, const struct nv_state *state, const struct promise *promise,
                  enum tear_detail detail, uint32_t cuts, struct closure *out) {
    const struct explorer_options *options = worker->options;
    struct scan scan = {0};
    bool first = true;
    push(&scan, state, promise, detail, cuts);
    while (scan.count != 0) {
        struct pending now = scan.stack[--scan.count];
        struct recovered recovered;
        worker_recover(worker, &now.state, now.detail, true, &recovered);
        uint32_t broken = invariants_broken(&recovered.recovery, &now.promise, &options->limits);
        if (first) {
            out->broken_at_once = broken;
            out->outcome = outcome_of_recovery(&recovered.recovery, &now.promise);
            out->signature = recovered.run->signature;
            first = false;
        }
        out->broken |= broken;
        read_set_unite(&out->reads, &recovered.run->reads);
        if (recovered.retry_reads != NULL)
            read_set_unite(&out->reads, recovered.retry_reads);
        scan.parent = &now;
        if (options->depth == 0 || now.cuts < options->depth)
            for_each_child(worker, &now.state, &now.promise, recovered.run, now.detail, push_child, &scan);
        nv_state_free(&now.state);
    }
    state_map_free(&scan.met);
    free(scan.stack);
}
