#include "blame.h"

#include "rest.h"

uint32_t blame_spoilt(struct worker *worker, const struct nv_state *state, const struct promise *promise,
                      enum tear_detail detail, uint32_t cuts) {
    const struct explorer_options *options = worker->options;
    struct recovered recovered;
    struct promise at_once = *promise;
    struct crash_cut start = {.operation = 0, .tear = {.kind = TEAR_CLEAN}};
    uint32_t spoilt = broken_until_rest(worker, state, promise, detail);
    if (options->depth != 0 && cuts >= options->depth)
        return spoilt; // further cuts are none of this exploration's business
    worker_recover(worker, state, detail, promise->update, &recovered);
    fold_events(&at_once, recovered.recovery.events, recovered.recovery.event_count, &start);
    return spoilt | invariants_broken(&recovered.recovery, &at_once, &options->limits);
}

void blame_pass(struct blame *blame, uint32_t spoilt, const struct culprit *culprit) {
    for (uint32_t i = 0; i < FINDINGS_INVARIANTS; i++)
        if ((spoilt >> i & 1) != 0 && (blame->spoilt >> i & 1) == 0)
            blame->culprits[i] = *culprit;
    blame->spoilt = spoilt;
}

bool blame_equal(const struct blame *a, const struct blame *b) {
    if (a->spoilt != b->spoilt)
        return false;
    for (uint32_t i = 0; i < FINDINGS_INVARIANTS; i++)
        if ((a->spoilt >> i & 1) != 0 && !culprit_equal(&a->culprits[i], &b->culprits[i]))
            return false;
    return true;
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
