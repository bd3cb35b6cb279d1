#include "recovery.h"

#include <assert.h>
#include <stddef.h>
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

void recovery_event(struct recovery *recovery, const struct event *event) {
    if (recovery->event_count < RECOVERY_EVENTS_MAX)
        recovery->events[recovery->event_count++] = *event;
    else
        recovery->overfull = true;
}

void recovery_copy(struct recovery *copy, const struct recovery *recovery) {
    assert(recovery->event_count <= RECOVERY_EVENTS_MAX);
    memcpy(copy, recovery,
           offsetof(struct recovery, events) + recovery->event_count * sizeof recovery->events[0]);
}
