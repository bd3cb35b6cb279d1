// The safety properties that every recovery is held against. Definitions for people: docs/invariants.md.
#ifndef SIM_EXPLORE_INVARIANT_H
#define SIM_EXPLORE_INVARIANT_H

#include <stdbool.h>
#include <stdint.h>

#include "../base/buffer.h"
#include "gravity.h"
#include "promise.h"

// INVARIANT(NAME, symbol): INVARIANT_NAME is its number, invariant_symbol its row, which invariants_*.c
// defines. To add one: docs/how-to-add.md.
// clang-format off
#define INVARIANTS(INVARIANT) \
    INVARIANT(BOOTS, boots) \
    INVARIANT(OLD_OR_NEW, old_or_new) \
    INVARIANT(NO_DOWNGRADE, no_downgrade) \
    INVARIANT(CONFIRMED_SURVIVES, confirmed_survives) \
    INVARIANT(PENDING_BOOTS_ONCE, pending_boots_once) \
    INVARIANT(ROLLBACK_LANDS, rollback_lands) \
    INVARIANT(RETRY_SUCCEEDS, retry_succeeds) \
    INVARIANT(SETTLES, settles) \
    INVARIANT(WEAR_BOUNDED, wear_bounded) \
    INVARIANT(UPDATE_NOT_LOST, update_not_lost) \
    INVARIANT(RECORD_IS_TRUE, record_is_true) \
    INVARIANT(RUNNING_HAS_RECORD, running_has_record) \
    INVARIANT(EFUSE_NOT_AHEAD, efuse_not_ahead) \
    INVARIANT(OPERATIONS_CLOSED, operations_closed) \
    INVARIANT(NVS_OLD_OR_NEW, nvs_old_or_new) \
    INVARIANT(NVS_STARTS, nvs_starts) \
    INVARIANT(NVS_STAYS_ERASED, nvs_stays_erased)
// clang-format on

enum invariant {
#define NUMBER(NAME, symbol) INVARIANT_##NAME,
    INVARIANTS(NUMBER)
#undef NUMBER
        INVARIANT_COUNT,
    INVARIANT_CUSTOM = INVARIANT_COUNT // + index of the scenario's own
};
#define INVARIANTS_CUSTOM_MAX 15u // all invariants are bits of 32
#define INVARIANTS_ALL        ((1u << INVARIANT_COUNT) - 1)

const char *invariant_name(enum invariant invariant); // "old-or-new"; "custom"

struct invariant_limits {
    uint32_t checked; // bits: 1 << enum invariant, 1 << (INVARIANT_CUSTOM + i)
    uint32_t boots_max;
    uint32_t erases_max;
    bool rollback,
        anti_rollback; // built into the bootloader and into an app; which app selects, promises know
};

// ---- a row --------------------------------------------------------------------------------------

struct judged;
struct recovery;

struct invariant_row {
    const char *name;      // "old-or-new"
    const char *rule;      // in reports: "invariant/old-or-new"
    const char *title;     // what holds when it is kept: "No third image ever runs"
    const char *help;      // what it means when it is broken, and where to look
    const char *paragraph; // its definition, Markdown: docs/invariants.md
    const char *setting;   // the key of `explore` that nobody else looks at; NULL: there is none
    enum gravity gravity;  // how bad it is that it breaks, whatever the device ends as
    bool (*broken)(const struct judged *judged);
    // What a story of it ends with, besides how the device came back; NULL: nothing.
    void (*tell)(const struct recovery *recovery, struct buffer *out);
};

#define INVARIANT_RULES       "invariant/"
#define INVARIANT_NAMED(text) .name = text, .rule = INVARIANT_RULES text

#define ROW(NAME, symbol) extern const struct invariant_row invariant_##symbol;
INVARIANTS(ROW)
#undef ROW

const struct invariant_row *invariant_row(uint32_t invariant); // below INVARIANT_COUNT

// ---- judging ------------------------------------------------------------------------------------

// Which invariants a recovery breaks, given what had been promised when the power went. Bits as in `checked`.
uint32_t invariants_broken(const struct recovery *recovery, const struct promise *promise,
                           const struct invariant_limits *limits);

#endif
