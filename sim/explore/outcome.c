#include "outcome.h"

#include <string.h>

#include "recovery.h"

const char *outcome_name(enum outcome outcome) {
    static const char *const names[OUTCOME_COUNT] = {
        [OUTCOME_OLD] = "old",     [OUTCOME_NEW] = "new",   [OUTCOME_THIRD] = "third",
        [OUTCOME_BRICK] = "brick", [OUTCOME_LOOP] = "loop",
    };
    return names[outcome];
}

static bool same(const char *a, const char *b) {
    return strcmp(a, b) == 0;
}

enum outcome outcome_of_recovery(const struct recovery *recovery, const struct promise *promise) {
    if (recovery->end == RECOVERY_NOTHING_BOOTABLE)
        return OUTCOME_BRICK;
    if (recovery->end == RECOVERY_BOOT_LOOP)
        return OUTCOME_LOOP;
    if (promise->new_version[0] != 0 && same(recovery->version, promise->new_version))
        return OUTCOME_NEW;
    if (promise->old_version[0] == 0 || same(recovery->version, promise->old_version) ||
        same(recovery->version, promise->running))
        return OUTCOME_OLD;
    return OUTCOME_THIRD;
}
