#include "rest.h"

static bool goes_on(const struct recovered *recovered) {
    return recovered->recovery.end == RECOVERY_SETTLED && recovered->run->journal.operations != 0;
}

// What a start leaves when nothing cuts it.
static void pass_run(const struct worker *worker, const struct recovered *recovered, struct nv_state *state,
                     struct promise *promise) {
    struct journal_cursor cursor = {.journal = &recovered->run->journal};
    struct journal_operation operation;
    while (journal_next(&cursor, &operation))
        nv_state_apply(state, &operation);
    worker_crash(worker, &(struct tear){.kind = TEAR_CLEAN}, state);
    for (uint32_t i = 0; i < recovered->recovery.event_count; i++)
        promise_fold(promise, &recovered->recovery.events[i]);
}

void for_each_start(struct worker *worker, const struct nv_state *state, const struct promise *promise,
                    enum tear_detail detail, uint32_t first, start_visitor *visit, void *context) {
    const struct invariant_limits *limits = &worker->options->limits;
    struct promise now = *promise;
    struct nv_state rest;
    nv_state_copy(&rest, state);
    worker_crash(worker, &(struct tear){.kind = TEAR_CLEAN}, &rest);
    for (uint32_t number = first;; number++) {
        struct recovered recovered;
        worker_recover(worker, &rest, detail, now.update, &recovered);
        bool again = goes_on(&recovered), for_ever = again && number >= limits->boots_max;
        uint32_t broken = invariants_broken(&recovered.recovery, &now, limits);
        broken |= for_ever ? (1u << INVARIANT_SETTLES) & limits->checked : 0;
        visit(context, &(struct start){number, &recovered, &now, broken});
        if (!again || for_ever)
            break;
        pass_run(worker, &recovered, &rest, &now);
    }
    nv_state_free(&rest);
}

void for_each_later_start(struct worker *worker, const struct nv_state *state, const struct promise *promise,
                          const struct recovered *recovered, enum tear_detail detail, start_visitor *visit,
                          void *context) {
    if (!goes_on(recovered))
        return;
    struct promise now = *promise;
    struct nv_state rest;
    nv_state_copy(&rest, state);
    pass_run(worker, recovered, &rest, &now);
    for_each_start(worker, &rest, &now, detail, 1, visit, context);
    nv_state_free(&rest);
}

static void unite(void *context, const struct start *start) {
    *(uint32_t *)context |= start->broken;
}

uint32_t broken_until_rest(struct worker *worker, const struct nv_state *state, const struct promise *promise,
                           enum tear_detail detail) {
    uint32_t broken = 0;
    for_each_start(worker, state, promise, detail, 0, unite, &broken);
    return broken;
}
