// The safety properties that every recovery is held against. Definitions for people: docs/invariants.md.
#ifndef SIM_EXPLORE_INVARIANT_H
#define SIM_EXPLORE_INVARIANT_H

#include <stdint.h>

#include "promise.h"

enum invariant {
    INVARIANT_BOOTS,              // something valid runs in the end
    INVARIANT_OLD_OR_NEW,         // no third version ever runs
    INVARIANT_NO_DOWNGRADE,       // nothing below the eFuse's secure version runs
    INVARIANT_CONFIRMED_SURVIVES, // once confirming returned, that image is what boots
    INVARIANT_PENDING_BOOTS_ONCE, // an unconfirmed image gets one try
    INVARIANT_ROLLBACK_LANDS,     // an image that fails its try gives way to the one before
    INVARIANT_RETRY_SUCCEEDS,     // the update can be run again, and succeeds
    INVARIANT_SETTLES,            // recovery comes to rest within a bounded number of boots
    INVARIANT_WEAR_BOUNDED,       // a recovery erases no sector too often
    INVARIANT_UPDATE_NOT_LOST,    // a selected image gets its try, and keeps its record while it confirms
    INVARIANT_COUNT,
    INVARIANT_CUSTOM = INVARIANT_COUNT // + index of the scenario's own
};
#define INVARIANTS_CUSTOM_MAX 16u
#define INVARIANTS_ALL        ((1u << INVARIANT_COUNT) - 1)

const char *invariant_name(enum invariant invariant); // "old-or-new"

struct invariant_limits {
    uint32_t checked; // bits: 1 << enum invariant, 1 << (INVARIANT_CUSTOM + i)
    uint32_t boots_max;
    uint32_t erases_max;
    bool rollback, anti_rollback; // built into the app
};

struct recovery;

// Which invariants a recovery breaks, given what had been promised when the power went. Bits as in `checked`.
uint32_t invariants_broken(const struct recovery *recovery, const struct promise *promise,
                           const struct invariant_limits *limits);

#endif
