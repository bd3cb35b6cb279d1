// The safety properties that every recovery is held against. Definitions for people: docs/invariants.md.
#ifndef SIM_EXPLORE_INVARIANT_H
#define SIM_EXPLORE_INVARIANT_H

#include <stdint.h>

#include "promise.h"

enum invariant {
    INVARIANT_BOOTS,              // something valid runs in the end
    INVARIANT_OLD_OR_NEW,         // no image runs that was not selected
    INVARIANT_NO_DOWNGRADE,       // nothing below the eFuse's secure version runs
    INVARIANT_CONFIRMED_SURVIVES, // once confirming returned, that image is what boots
    INVARIANT_PENDING_BOOTS_ONCE, // an unconfirmed image gets one try
    INVARIANT_ROLLBACK_LANDS,     // an image that fails its try gives way to the one before
    INVARIANT_RETRY_SUCCEEDS,     // the update can be run again, and succeeds
    INVARIANT_SETTLES,            // recovery comes to rest within a bounded number of boots
    INVARIANT_WEAR_BOUNDED,       // a recovery erases no sector too often
    INVARIANT_UPDATE_NOT_LOST,    // a selected image gets its try, and keeps its record while it confirms
    INVARIANT_RECORD_IS_TRUE,     // a VALID record belongs to an image that is whole and was confirmed
    INVARIANT_RUNNING_HAS_RECORD, // the confirmed app that runs has a record, of a state that exists
    INVARIANT_EFUSE_NOT_AHEAD,    // the eFuse's secure version is that of an image that was confirmed
    INVARIANT_OPERATIONS_CLOSED,  // no operation stays open after a failed begin, no two on one partition
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
