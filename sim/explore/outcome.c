#include "outcome.h"

#include "recovery.h"

const char *outcome_name(enum outcome outcome) {
    static const char *const names[OUTCOME_COUNT] = {
        [OUTCOME_OLD] = "old",     [OUTCOME_NEW] = "new",   [OUTCOME_THIRD] = "third",
        [OUTCOME_BRICK] = "brick", [OUTCOME_LOOP] = "loop",
    };
    return names[outcome];
}

enum outcome outcome_of_recovery(const struct recovery *recovery, const struct promise *promise) {
    if (recovery->end == RECOVERY_NOTHING_BOOTABLE)
        return OUTCOME_BRICK;
    if (recovery->end == RECOVERY_BOOT_LOOP)
        return OUTCOME_LOOP;
    uint64_t image = recovery->content;
    bool selecting = image == promise->selecting && image != promise->running;
    if (image != promise->before && (image == promise->selected || selecting))
        return OUTCOME_NEW;
    return promise_allows(promise, image) ? OUTCOME_OLD : OUTCOME_THIRD;
}
