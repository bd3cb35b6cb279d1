#include "recovery.h"

#include <assert.h>
#include <string.h>

const char *recovery_end_name(enum recovery_end end) {
    static const char *const names[] = {
        [RECOVERY_SETTLED] = "settled",
        [RECOVERY_BOOT_LOOP] = "boot loop",
        [RECOVERY_NOTHING_BOOTABLE] = "nothing bootable",
        [RECOVERY_POWER_LOST] = "power lost",
    };
    return names[end];
}

void recovery_clear(struct recovery *recovery) {
    memset(recovery, 0, offsetof(struct recovery, events));
}

void recovery_event(struct recovery *recovery, const struct event *event) {
    if (recovery->event_count < RECOVERY_EVENTS_MAX)
        recovery->events[recovery->event_count++] = *event;
    else
        recovery->overfull = true;
}

size_t recovery_size(const struct recovery *recovery) {
    assert(recovery->event_count <= RECOVERY_EVENTS_MAX);
    return offsetof(struct recovery, events) + recovery->event_count * sizeof recovery->events[0];
}

void recovery_copy(struct recovery *copy, const struct recovery *recovery) {
    memcpy(copy, recovery, recovery_size(recovery));
}
