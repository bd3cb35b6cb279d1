#include "invariant.h"

#include <string.h>

#include "../../ota/otadata.h"
#include "recovery.h"

// A recovery, what had been promised before it, and what is promised after it.
struct judged {
    const struct recovery *recovery;
    const struct promise *promise;
    const struct invariant_limits *limits;
    struct promise after;
};

// ---- what happened in a recovery ----------------------------------------------------------------

static bool at_rest(const struct judged *judged) {
    return judged->recovery->end == RECOVERY_SETTLED;
}

static bool happened(const struct recovery *recovery, enum event_kind kind, uint64_t image) {
    for (uint32_t i = 0; i < recovery->event_count; i++)
        if (recovery->events[i].kind == kind && recovery->events[i].image == image)
            return true;
    return false;
}

// The image on its try was started, and crashed or was rejected by its self-test.
static bool trial_failed(const struct judged *judged, uint64_t image) {
    return judged->promise->rejected || happened(judged->recovery, EVENT_CRASHED, image) ||
           happened(judged->recovery, EVENT_REJECTED, image);
}

// What a pin asked for runs: that it is not what was promised is somebody's wish.
static bool pinned(const struct judged *judged) {
    return judged->promise->by_pin != NO_CONTENT && judged->recovery->content == judged->promise->by_pin;
}

// True when `test` holds for one of the starts, given the promise that holds right before it.
static bool any_start(const struct judged *judged,
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

// ---- one predicate an invariant: true when it is broken -----------------------------------------

static bool nothing_boots(const struct judged *judged) {
    return judged->recovery->end == RECOVERY_NOTHING_BOOTABLE && judged->after.running != NO_CONTENT;
}

static bool is_third(const struct promise *promise, const struct event *running) {
    return !promise_allows(promise, running->image);
}

static bool third_image_ran(const struct judged *judged) {
    return any_start(judged, is_third);
}

static bool is_below_efuse(const struct promise *promise, const struct event *running) {
    (void)promise;
    return running->secure_version < running->efuse_version;
}

static bool downgraded(const struct judged *judged) {
    return judged->limits->anti_rollback && any_start(judged, is_below_efuse);
}

// While another image is being selected, that one may be what boots.
static bool confirmed_lost(const struct judged *judged) {
    uint64_t confirmed = judged->promise->confirmed, image = judged->recovery->content;
    return confirmed != NO_CONTENT && at_rest(judged) && image != confirmed &&
           image != judged->promise->selecting && !pinned(judged);
}

static bool second_try(const struct judged *judged) {
    return judged->limits->rollback && any_start(judged, promise_had_its_try);
}

static bool rollback_failed(const struct judged *judged) {
    const struct promise *promise = judged->promise;
    uint64_t trial = promise_on_trial(promise);
    if (!judged->limits->rollback || trial == NO_CONTENT || !trial_failed(judged, trial) || pinned(judged))
        return false;
    bool back = promise->before != NO_CONTENT ? judged->recovery->content == promise->before
                                              : judged->recovery->content != trial;
    return !at_rest(judged) || !back;
}

static bool retry_failed(const struct judged *judged) {
    return judged->recovery->retried && !judged->recovery->retry_succeeded;
}

static bool never_settles(const struct judged *judged) {
    bool restless =
        judged->recovery->end == RECOVERY_BOOT_LOOP || judged->recovery->boots > judged->limits->boots_max;
    return restless && !rollback_failed(judged);
}

static bool worn(const struct judged *judged) {
    return judged->recovery->erases_max > judged->limits->erases_max;
}

static bool update_lost(const struct judged *judged) {
    const struct promise *promise = judged->promise;
    if (promise->selected == NO_CONTENT || promise->given_up || promise->confirmed != NO_CONTENT ||
        !at_rest(judged) || judged->recovery->content == promise->selecting || pinned(judged))
        return false;
    if (trial_failed(judged, promise->selected) ||
        happened(judged->recovery, EVENT_RUNNING, promise->selected))
        return false;
    return !promise->tried || promise->confirming;
}

static bool record_is_untrue(const struct judged *judged) {
    for (uint32_t i = 0; i < 2; i++) {
        const struct slot_record *record = &judged->recovery->records[i];
        if (record->slot != SLOT_NONE && record->state == OTADATA_VALID &&
            (judged->after.unproven >> record->slot & 1) != 0)
            return true;
    }
    return false;
}

static bool is_state(uint32_t state) {
    return state <= OTADATA_ABORTED || state == OTADATA_UNDEFINED;
}

static bool has_record(const struct recovery *recovery) {
    for (uint32_t i = 0; i < 2; i++)
        if (recovery->records[i].slot == recovery->slot && is_state(recovery->records[i].state))
            return true;
    return false;
}

// The factory and the test app have no record.
static bool record_missing(const struct judged *judged) {
    const struct recovery *recovery = judged->recovery;
    return at_rest(judged) && recovery->slot != SLOT_NONE && recovery->content == judged->after.confirmed &&
           !has_record(recovery);
}

static bool efuse_ahead(const struct judged *judged) {
    return judged->limits->anti_rollback && judged->recovery->efuse_version > judged->after.proven_secure;
}

static bool operation_left(const struct judged *judged) {
    return judged->recovery->left_open;
}

static const struct rule {
    const char *name;
    bool (*broken)(const struct judged *judged);
} rules[INVARIANT_COUNT] = {
    [INVARIANT_BOOTS] = {"boots", nothing_boots},
    [INVARIANT_OLD_OR_NEW] = {"old-or-new", third_image_ran},
    [INVARIANT_NO_DOWNGRADE] = {"no-downgrade", downgraded},
    [INVARIANT_CONFIRMED_SURVIVES] = {"confirmed-survives", confirmed_lost},
    [INVARIANT_PENDING_BOOTS_ONCE] = {"pending-boots-once", second_try},
    [INVARIANT_ROLLBACK_LANDS] = {"rollback-lands", rollback_failed},
    [INVARIANT_RETRY_SUCCEEDS] = {"retry-succeeds", retry_failed},
    [INVARIANT_SETTLES] = {"settles", never_settles},
    [INVARIANT_WEAR_BOUNDED] = {"wear-bounded", worn},
    [INVARIANT_UPDATE_NOT_LOST] = {"update-not-lost", update_lost},
    [INVARIANT_RECORD_IS_TRUE] = {"record-is-true", record_is_untrue},
    [INVARIANT_RUNNING_HAS_RECORD] = {"running-has-record", record_missing},
    [INVARIANT_EFUSE_NOT_AHEAD] = {"efuse-not-ahead", efuse_ahead},
    [INVARIANT_OPERATIONS_CLOSED] = {"operations-closed", operation_left},
};

const char *invariant_name(enum invariant invariant) {
    return (uint32_t)invariant < INVARIANT_COUNT ? rules[invariant].name : "custom";
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
        if (rules[i].broken(&judged))
            broken |= 1u << i;
    return broken & limits->checked;
}
