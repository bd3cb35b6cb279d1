#include "invariant.h"

#include <assert.h>

#include "judged.h"

static const struct invariant_row *const rows[] = {
#define ROW(NAME, symbol) [INVARIANT_##NAME] = &invariant_##symbol,
    INVARIANTS(ROW)
#undef ROW
};

const struct invariant_row *invariant_row(uint32_t invariant) {
    assert(invariant < INVARIANT_COUNT);
    return rows[invariant];
}

const char *invariant_name(enum invariant invariant) {
    return (uint32_t)invariant < INVARIANT_COUNT ? rows[invariant]->name : "custom";
}

static struct judged judge(const struct recovery *recovery, const struct promise *promise,
                           const struct invariant_limits *limits) {
    struct judged judged = {.recovery = recovery, .promise = promise, .limits = limits, .after = *promise};
    for (uint32_t i = 0; i < recovery->event_count; i++)
        promise_fold(&judged.after, &recovery->events[i]);
    return judged;
}

uint32_t invariants_broken(const struct recovery *recovery, const struct promise *promise,
                           const struct invariant_limits *limits) {
    struct judged judged = judge(recovery, promise, limits);
    uint32_t broken = recovery->custom_broken << INVARIANT_CUSTOM;
    for (uint32_t i = 0; i < INVARIANT_COUNT; i++)
        if (rows[i]->broken(&judged))
            broken |= 1u << i;
    return broken & limits->checked;
}
