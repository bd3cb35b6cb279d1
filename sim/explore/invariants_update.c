// Invariants on what was promised of an update: that it is kept, tried, given up, or run again.
#include "judged.h"

// An app that updates at boot has selected it since.
static bool selected_since(const struct judged *judged, uint64_t image) {
    return recovery_tells(judged->recovery, EVENT_SELECTING, image);
}

// While another image is being selected, that one may be what boots.
static bool confirmed_lost(const struct judged *judged) {
    uint64_t confirmed = judged->promise->confirmed, image = judged->recovery->content;
    return confirmed != NO_CONTENT && judged_at_rest(judged) && image != confirmed &&
           image != judged->promise->selecting && !selected_since(judged, image) && !judged_pinned(judged);
}

const struct invariant_row invariant_confirmed_survives = {
    INVARIANT_NAMED("confirmed-survives"),
    .title = "A confirmed version is what boots",
    .help = "The app had confirmed itself, and the call had returned ESP_OK; after the cut another version "
            "boots.",
    .paragraph =
        "Once confirming has returned ESP_OK, that image is what boots, until another one is selected. "
        "So does an app that was found running with a VALID record. While `esp_ota_set_boot_partition` "
        "is at work, the image that it selects may boot as well.",
    .broken = confirmed_lost,
};

static bool second_try(const struct judged *judged) {
    return judged->limits->rollback && judged_any_start(judged, promise_had_its_try);
}

const struct invariant_row invariant_pending_boots_once = {
    INVARIANT_NAMED("pending-boots-once"),
    .title = "An unconfirmed image gets one try",
    .help = "An image that had been started and had not confirmed itself was started a second time. Its "
            "state in otadata reads as neither PENDING_VERIFY nor ABORTED, so rollback does not see it.",
    .paragraph =
        "With rollback: an image that was started and has not confirmed itself is not started a second "
        "time. Waking from deep sleep is no start. Broken, for example, by a torn state field that "
        "reads as neither PENDING_VERIFY nor ABORTED.",
    .broken = second_try,
};

bool judged_rollback_failed(const struct judged *judged) {
    const struct promise *promise = judged->promise;
    uint64_t trial = promise_on_trial(promise);
    if (!judged->limits->rollback || trial == NO_CONTENT || !judged_trial_failed(judged, trial) ||
        judged_pinned(judged))
        return false;
    bool back = promise->before != NO_CONTENT ? judged->recovery->content == promise->before
                                              : judged->recovery->content != trial;
    return !judged_at_rest(judged) || !back;
}

const struct invariant_row invariant_rollback_lands = {
    INVARIANT_NAMED("rollback-lands"),
    .title = "A failed version gives way to the one before",
    .help = "A new version crashed or failed its self-test, and the device did not come to rest on the "
            "version before it. Check that rollback is on in both builds and that the old image is still "
            "whole.",
    .paragraph = "With rollback: a new version that crashes or fails its self-test gives way to the version "
                 "before it, and that one stays up.",
    .broken = judged_rollback_failed,
};

// What wakes from deep sleep goes on: no start, so nothing is tried.
static bool woke(const struct recovery *recovery) {
    for (uint32_t i = 0; i < recovery->event_count; i++)
        if (recovery->events[i].kind == EVENT_RUNNING && recovery->events[i].wake)
            return true;
    return false;
}

static bool update_lost(const struct judged *judged) {
    const struct promise *promise = judged->promise;
    if (promise->selected == NO_CONTENT || promise->given_up || promise->confirmed != NO_CONTENT ||
        !judged_at_rest(judged) || judged->recovery->content == promise->selecting || judged_pinned(judged))
        return false;
    if (judged_trial_failed(judged, promise->selected) ||
        recovery_tells(judged->recovery, EVENT_RUNNING, promise->selected) || woke(judged->recovery))
        return false;
    return !promise->tried || promise->confirming;
}

const struct invariant_row invariant_update_not_lost = {
    INVARIANT_NAMED("update-not-lost"),
    .title = "A selected version gets its try",
    .help = "esp_ota_set_boot_partition had returned ESP_OK, or the new version had begun to confirm "
            "itself; after the cut the old version runs and nothing tells that there was an update. "
            "Rewriting a record in place erases it first.",
    .paragraph =
        "Once `esp_ota_set_boot_partition` has returned ESP_OK, the new version gets its try; and once "
        "it has begun to confirm itself, its record is not lost in the process. Broken by rewriting the "
        "only record of a slot in place: the erase comes first. Nothing bricks, but an update that was "
        "reported as done is gone without a trace.",
    .broken = update_lost,
};

static bool retry_failed(const struct judged *judged) {
    return judged->recovery->retried && !judged->recovery->retry_succeeded;
}

static void tell_retry(const struct recovery *recovery, struct buffer *out) {
    buffer_printf(out, "; the update, run again, fails: %s", recovery->retry_story);
}

const struct invariant_row invariant_retry_succeeds = {
    INVARIANT_NAMED("retry-succeeds"),
    .setting = "retry",
    .title = "The update can be run again",
    .help = "On the device that has come back, running the whole update once more fails or does not end in "
            "the new version: it will not heal by itself.",
    .paragraph = "On the recovered device the whole update that was interrupted can be run again: every call "
                 "succeeds and the new version runs. When `esp_ota_begin` refuses because the running app is "
                 "still on probation, which is by design, the device is restarted once first.",
    .broken = retry_failed,
    .tell = tell_retry,
};
