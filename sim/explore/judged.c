#include "judged.h"

bool judged_at_rest(const struct judged *judged) {
    return judged->recovery->end == RECOVERY_SETTLED;
}

bool recovery_tells(const struct recovery *recovery, enum event_kind kind, uint64_t image) {
    for (uint32_t i = 0; i < recovery->event_count; i++)
        if (recovery->events[i].kind == kind && recovery->events[i].image == image)
            return true;
    return false;
}

bool judged_trial_failed(const struct judged *judged, uint64_t image) {
    return judged->promise->rejected || recovery_tells(judged->recovery, EVENT_CRASHED, image) ||
           recovery_tells(judged->recovery, EVENT_REJECTED, image);
}

bool judged_pinned(const struct judged *judged) {
    return judged->promise->by_pin != NO_CONTENT && judged->recovery->content == judged->promise->by_pin;
}

bool judged_any_start(const struct judged *judged,
                      bool (*test)(const struct promise *promise, const struct event *running)) {
    struct promise now = *judged->promise;
    for (uint32_t i = 0; i < judged->recovery->event_count; i++) {
        const struct event *event = &judged->recovery->events[i];
        if (event->kind == EVENT_RUNNING && test(&now, event))
            return true;
        promise_fold(&now, event);
    }
    return false;
}
