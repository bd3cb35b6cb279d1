#include "invariant.h"

#include <string.h>

#include "../../ota/otadata.h"
#include "recovery.h"

const char *invariant_name(enum invariant invariant) {
    static const char *const names[INVARIANT_COUNT] = {
        [INVARIANT_BOOTS] = "boots",
        [INVARIANT_OLD_OR_NEW] = "old-or-new",
        [INVARIANT_NO_DOWNGRADE] = "no-downgrade",
        [INVARIANT_CONFIRMED_SURVIVES] = "confirmed-survives",
        [INVARIANT_PENDING_BOOTS_ONCE] = "pending-boots-once",
        [INVARIANT_ROLLBACK_LANDS] = "rollback-lands",
        [INVARIANT_RETRY_SUCCEEDS] = "retry-succeeds",
        [INVARIANT_SETTLES] = "settles",
        [INVARIANT_WEAR_BOUNDED] = "wear-bounded",
        [INVARIANT_UPDATE_NOT_LOST] = "update-not-lost",
    };
    return (uint32_t)invariant < INVARIANT_COUNT ? names[invariant] : "custom";
}

static bool same(const char *a, const char *b) {
    return strcmp(a, b) == 0;
}

// ---- what happened in a recovery ----------------------------------------------------------------

static bool ran(const struct recovery *recovery, const char *version) {
    for (uint32_t i = 0; i < recovery->event_count; i++)
        if (recovery->events[i].kind == EVENT_RUNNING && same(recovery->events[i].version, version))
            return true;
    return false;
}

// The image that the update brought was started, and crashed or was rejected by its self-test.
static bool new_version_failed(const struct recovery *recovery, const struct promise *promise) {
    for (uint32_t i = 0; i < recovery->event_count; i++)
        if (recovery->events[i].kind == EVENT_REJECTED &&
            same(recovery->events[i].version, promise->new_version))
            return true;
    return promise->rejected;
}

static bool at_rest_on(const struct recovery *recovery, const char *version) {
    return recovery->end == RECOVERY_SETTLED && same(recovery->version, version);
}

// ---- one predicate an invariant: true when it is broken -----------------------------------------

static bool third_version_ran(const struct recovery *recovery, const struct promise *promise) {
    if (promise->old_version[0] == 0)
        return false; // nothing had run yet: no promise
    if (promise->rejected && promise->new_version[0] == 0)
        return false; // an app of long ago gave itself up: it asked for the version before it
    for (uint32_t i = 0; i < recovery->event_count; i++) {
        const struct event *event = &recovery->events[i];
        if (event->kind == EVENT_RUNNING && !same(event->version, promise->old_version) &&
            !same(event->version, promise->new_version) && !same(event->version, promise->running) &&
            !same(event->version, promise->untried))
            return true;
    }
    return false;
}

static bool downgraded(const struct recovery *recovery) {
    for (uint32_t i = 0; i < recovery->event_count; i++) {
        const struct event *event = &recovery->events[i];
        if (event->kind == EVENT_RUNNING && event->secure_version < event->efuse_version)
            return true;
    }
    return false;
}

// While another image is being selected, that one may be what boots.
static bool confirmed_lost(const struct recovery *recovery, const struct promise *promise) {
    bool selecting = promise->begun && !promise->selected && same(recovery->version, promise->new_version);
    return promise->confirmed[0] != 0 && recovery->end == RECOVERY_SETTLED && !selecting &&
           !same(recovery->version, promise->confirmed);
}

// An image on its try was started before the cut and is started again, still unconfirmed. The factory app is
// never on a try: otadata keeps no state for it. Nor is a version that is selected again while it runs.
static bool second_try(const struct recovery *recovery, const struct promise *promise) {
    if (same(promise->old_version, promise->new_version))
        return false;
    bool tried = promise->tried && promise->confirmed[0] == 0 && !promise->confirming;
    for (uint32_t i = 0; i < recovery->event_count; i++) {
        const struct event *event = &recovery->events[i];
        if (event->kind == EVENT_CONFIRMED && same(event->version, promise->new_version))
            return false;
        if (event->kind != EVENT_RUNNING || !same(event->version, promise->new_version))
            continue;
        if (tried && event->state != OTADATA_VALID && event->state != STATE_NOT_RECORDED)
            return true;
        tried = promise->selected && promise->confirmed[0] == 0;
    }
    return false;
}

static bool rollback_failed(const struct recovery *recovery, const struct promise *promise) {
    return promise->selected && promise->confirmed[0] == 0 && promise->new_version[0] != 0 &&
           new_version_failed(recovery, promise) && !at_rest_on(recovery, promise->old_version);
}

static bool update_lost(const struct recovery *recovery, const struct promise *promise) {
    if (!promise->selected || promise->rejected || promise->confirmed[0] != 0 ||
        recovery->end != RECOVERY_SETTLED)
        return false;
    if (new_version_failed(recovery, promise) || ran(recovery, promise->new_version))
        return false;
    return !promise->tried || promise->confirming;
}

uint32_t invariants_broken(const struct recovery *recovery, const struct promise *promise,
                           const struct invariant_limits *limits) {
    uint32_t broken = recovery->custom_broken << INVARIANT_CUSTOM;
    bool never_ran = promise->old_version[0] == 0;
    if (recovery->end == RECOVERY_NOTHING_BOOTABLE && !never_ran)
        broken |= 1u << INVARIANT_BOOTS;
    if (third_version_ran(recovery, promise))
        broken |= 1u << INVARIANT_OLD_OR_NEW;
    if (limits->anti_rollback && downgraded(recovery))
        broken |= 1u << INVARIANT_NO_DOWNGRADE;
    if (confirmed_lost(recovery, promise))
        broken |= 1u << INVARIANT_CONFIRMED_SURVIVES;
    if (limits->rollback && second_try(recovery, promise))
        broken |= 1u << INVARIANT_PENDING_BOOTS_ONCE;
    bool no_rollback = limits->rollback && rollback_failed(recovery, promise);
    if (no_rollback)
        broken |= 1u << INVARIANT_ROLLBACK_LANDS;
    if (recovery->retried && !recovery->retry_succeeded)
        broken |= 1u << INVARIANT_RETRY_SUCCEEDS;
    if (!no_rollback && (recovery->end == RECOVERY_BOOT_LOOP || recovery->boots > limits->boots_max))
        broken |= 1u << INVARIANT_SETTLES;
    if (recovery->erases_max > limits->erases_max)
        broken |= 1u << INVARIANT_WEAR_BOUNDED;
    if (update_lost(recovery, promise))
        broken |= 1u << INVARIANT_UPDATE_NOT_LOST;
    return broken & limits->checked;
}
