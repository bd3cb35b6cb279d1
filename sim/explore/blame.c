#include "blame.h"

#include "../base/buffer.h"

// What a run leaves when nothing cuts it.
static void pass_run(const struct memo_run *run, struct nv_state *state, struct promise *promise) {
    struct journal_cursor cursor = {.journal = &run->journal};
    struct journal_operation operation;
    while (journal_next(&cursor, &operation))
        nv_state_apply(state, &operation);
    lose_power(state);
    struct crash_cut at_rest = {.operation = run->journal.operations, .tear = {.kind = TEAR_CLEAN}};
    fold_events(promise, run->recovery.events, run->recovery.event_count, &at_rest);
}

uint32_t blame_spoilt(struct worker *worker, const struct nv_state *state, const struct promise *promise,
                      enum tear_detail detail, uint32_t cuts) {
    const struct explorer_options *options = worker->options;
    struct recovered recovered;
    struct nv_state rest;
    struct promise at_once = *promise, at_rest = *promise;
    struct crash_cut start = {.operation = 0, .tear = {.kind = TEAR_CLEAN}};
    worker_recover(worker, state, detail, true, &recovered);
    uint32_t spoilt = invariants_broken(&recovered.recovery, promise, &options->limits);
    if (options->depth != 0 && cuts >= options->depth)
        return spoilt; // further cuts are none of this exploration's business
    fold_events(&at_once, recovered.recovery.events, recovered.recovery.event_count, &start);
    spoilt |= invariants_broken(&recovered.recovery, &at_once, &options->limits);
    nv_state_copy(&rest, state);
    pass_run(recovered.run, &rest, &at_rest);
    worker_recover(worker, &rest, detail_after(&start.tear, detail), true, &recovered);
    spoilt |= invariants_broken(&recovered.recovery, &at_rest, &options->limits);
    nv_state_free(&rest);
    return spoilt;
}

void blame_pass(struct blame *blame, uint32_t spoilt, const struct culprit *culprit) {
    for (uint32_t i = 0; i < FINDINGS_INVARIANTS; i++)
        if ((spoilt >> i & 1) != 0 && (blame->spoilt >> i & 1) == 0)
            blame->culprits[i] = *culprit;
    blame->spoilt = spoilt;
}

const struct culprit *blame_of(const struct blame *blame, uint32_t invariant, const struct culprit *culprit) {
    return (blame->spoilt >> invariant & 1) != 0 ? &blame->culprits[invariant] : culprit;
}

enum gravity blame_gravity(uint32_t invariant, enum outcome outcome) {
    if (outcome == OUTCOME_BRICK)
        return GRAVITY_BRICK;
    if (outcome == OUTCOME_LOOP)
        return GRAVITY_LOOP;
    return invariant < INVARIANT_COUNT ? invariant_row(invariant)->gravity : GRAVITY_NONE;
}
