// Invariants on what runs, and how the device comes back.
#include "judged.h"

static bool nothing_boots(const struct judged *judged) {
    return judged->recovery->end == RECOVERY_NOTHING_BOOTABLE && judged->after.running != NO_CONTENT &&
           !judged->promise->declared;
}

const struct invariant_row invariant_boots = {
    INVARIANT_NAMED("boots"),
    .title = "Something valid runs in the end",
    .help = "After this power cut the bootloader finds no image that it can start, boot after boot: the "
            "device is a brick. Replay the crash state to see which image it refuses and why.",
    .paragraph =
        "Something valid runs in the end. Broken when the bootloader finds nothing that it can start, "
        "boot after boot.",
    .broken = nothing_boots,
};

static bool never_settles(const struct judged *judged) {
    bool restless = judged->recovery->end == RECOVERY_BOOT_LOOP ||
                    judged->recovery->boots > judged->limits->boots_max || judged->recovery->overfull;
    return restless && !judged->promise->declared && !judged_rollback_failed(judged);
}

static void tell_settles(const struct recovery *recovery, struct buffer *out) {
    if (recovery->overfull)
        buffer_printf(out, " More happens in this recovery than is followed: %u events.",
                      RECOVERY_EVENTS_MAX);
}

const struct invariant_row invariant_settles = {
    INVARIANT_NAMED("settles"),
    .title = "The device comes to rest",
    .help = "After this power cut the device resets again and again. Replay the crash state: either an app "
            "is started that never stays up, or the boots take more than the scenario allows (boots_max).",
    .paragraph = "The device comes to rest within `boots_max` boots (16 unless the scenario says otherwise). "
                 "Broken by a boot loop: an app that is started again and again and never stays up. When the "
                 "looping app is the new version on its try, `rollback-lands` reports it instead.",
    .broken = never_settles,
    .tell = tell_settles,
};

static bool is_third(const struct promise *promise, const struct event *running) {
    return !promise_allows(promise, running->image);
}

static bool third_image_ran(const struct judged *judged) {
    return judged_any_start(judged, is_third);
}

const struct invariant_row invariant_old_or_new = {
    INVARIANT_NAMED("old-or-new"),
    .title = "No third image ever runs",
    .help = "An image ran that is neither the one before the update nor one that was selected, such as a "
            "factory app of years ago or a finished download. Look at the otadata after the cut: often both "
            "of its records are gone.",
    .paragraph =
        "No third image ever runs: only the one that ran when the latest selection was made, the one "
        "that it brought, and one that is being selected. Broken, for example, when a lost record makes "
        "the bootloader fall back to a factory app of years ago, or start what was downloaded and never "
        "selected.",
    .broken = third_image_ran,
};

static bool is_below_efuse(const struct promise *promise, const struct event *running) {
    (void)promise;
    return running->secure_version < running->efuse_version;
}

static bool downgraded(const struct judged *judged) {
    return judged->limits->anti_rollback && judged_any_start(judged, is_below_efuse);
}

const struct invariant_row invariant_no_downgrade = {
    INVARIANT_NAMED("no-downgrade"),
    .title = "Nothing below the secure version runs",
    .help = "An image was started whose secure version is below the one in eFuse. Anti-rollback has to be "
            "on in the bootloader as well as in the app.",
    .paragraph = "With anti-rollback: no image below the eFuse's secure version is ever started.",
    .gravity = GRAVITY_DOWNGRADE,
    .broken = downgraded,
};

static bool worn(const struct judged *judged) {
    return judged->recovery->erases_max > judged->limits->erases_max;
}

const struct invariant_row invariant_wear_bounded = {
    INVARIANT_NAMED("wear-bounded"),
    .setting = "erases_max",
    .title = "A recovery wears no sector out",
    .help = "One recovery erased a sector more often than the scenario allows (erases_max).",
    .paragraph = "One recovery erases no sector more than `erases_max` times (8 unless the scenario says "
                 "otherwise).",
    .broken = worn,
};
