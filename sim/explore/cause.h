// What is to blame for a violation: the operation after which, or inside which, a loss of power first breaks
// the invariant. Everything later inherits the blame: a device that stays broken from one operation on has
// one cause, however long that lasts.
#ifndef SIM_EXPLORE_CAUSE_H
#define SIM_EXPLORE_CAUSE_H

#include "gravity.h"
#include "workload.h"

#define CAUSE_NO_PLACE UINT32_MAX

struct culprit {
    bool operated;          // false: no operation, the device was at rest: bits that rot, or a step of the
                            // scenario that changed something by itself
    enum journal_kind kind; // of the operation
    const char *call;       // firmware call that it belongs to, "bootloader"; "": the app's own; a literal
    uint32_t place;         // index into recording.places; CAUSE_NO_PLACE
    uint32_t
        checkpoint; // of the recorded run: the step that it belongs to, or whose cut led to its recovery.
                    // Not part of the cause.
};

struct cause {
    uint32_t invariant; // enum invariant, or INVARIANT_CUSTOM + index
    enum gravity gravity;
    struct culprit culprit;
};

struct culprit culprit_of_operation(const struct recording *recording,
                                    const struct journal_operation *operation, uint32_t checkpoint);
// Bits at rest: their place. `address` in flash.
struct culprit culprit_at_rest(const struct recording *recording, uint32_t address, uint32_t checkpoint);

bool culprit_equal(const struct culprit *a, const struct culprit *b);
bool cause_equal(const struct cause *a, const struct cause *b);

#endif
