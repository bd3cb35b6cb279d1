// A crash state: everything that survives a power cut, as a value. Whatever a device does next follows from it.
//
//      board_save --> struct nv_state --board_load--> a board that is off
//                       |        ^
//                       +--------+  an operation of the journal: whole (nv_state_apply) or torn (fault_model.h)
//
// It is a value: copies share flash contents until one of them changes, and equal states have equal hashes.
#ifndef SIM_HW_NV_STATE_H
#define SIM_HW_NV_STATE_H

#include <stdint.h>

#include "../../ota/port.h"
#include "flash.h"
#include "journal.h"
#include "unstable.h"

struct nv_state {
    struct flash flash;
    uint32_t efuse[PORT_EFUSE_FIELDS];
    uint8_t retained[PORT_RETAINED_SIZE]; // RTC memory: outlives resets, not a loss of power
    enum port_reset_reason reset_reason;  // of the boot that comes next
    struct unstable_cells *unstable;      // NULL: none. Owned.
};

// `out` is uninitialised before; to be freed.
void nv_state_copy(struct nv_state *out, const struct nv_state *state);
void nv_state_free(struct nv_state *state);

struct content_hash nv_state_hash(const struct nv_state *state);

// Applies one operation of a journal as it went: whole, or not at all when its entry says that it failed.
void nv_state_apply(struct nv_state *state, const struct journal_operation *operation);

// Whole, whatever the entry says.
void nv_state_carry_out(struct nv_state *state, const struct journal_operation *operation);

#endif
