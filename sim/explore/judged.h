// A recovery that is held against an invariant, and what the predicates of several invariants ask of it.
#ifndef SIM_EXPLORE_JUDGED_H
#define SIM_EXPLORE_JUDGED_H

#include "invariant.h"
#include "recovery.h"

struct judged {
    const struct recovery *recovery;
    const struct promise *promise; // before it
    const struct invariant_limits *limits;
    struct promise after; // it
};

bool judged_at_rest(const struct judged *judged);

// An event of that kind, about that image, is among those of the recovery.
bool recovery_tells(const struct recovery *recovery, enum event_kind kind, uint64_t image);

// The image on its try was started, and crashed or was rejected by its self-test.
bool judged_trial_failed(const struct judged *judged, uint64_t image);

// What a pin asked for runs: that it is not what was promised is somebody's wish.
bool judged_pinned(const struct judged *judged);

// True when `test` holds for one of the starts, given the promise that holds right before it.
bool judged_any_start(const struct judged *judged,
                      bool (*test)(const struct promise *promise, const struct event *running));

// The predicate of rollback-lands: what it reports is not reported by others again.
bool judged_rollback_failed(const struct judged *judged);

#endif
