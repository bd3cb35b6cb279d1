// A recovery: from power-on (or another reset) to rest, with the app doing what its image says it does at
// boot.
//
//      board_boot --> app's behaviour --> at rest: RECOVERY_SETTLED
//          ^               |
//          +--- reset -----+   ... until the same boot would come again, or boots_max
//
// Explorations run millions of these: nothing is allocated, nothing is formatted unless somebody listens, and
// an outcome depends on nothing but what the board's observer sees being read.
#ifndef SIM_PLAY_RECOVERY_H
#define SIM_PLAY_RECOVERY_H

#include <stdbool.h>
#include <stdint.h>

#include "../../ota/include/esp_err.h"
#include "../../ota/port.h"
#include "../explore/recovery.h"
#include "../hw/board.h"
#include "../language/scenario.h"

struct execution;

#define RECOVERY_BOOTS_MAX_DEFAULT 16u
// An app that hangs is reset by its task watchdog after this time (the default of ESP-IDF: 5 s).
#define RECOVERY_HANG_US 5000000u

const char *reset_reason_name(enum port_reset_reason reason); // "power-on"

// Boots the board until it is at rest. Fills all that the board tells: `out` may be uninitialised, and what an
// exploration finds out besides is zero. The execution's app state is set accordingly. After
// RECOVERY_POWER_LOST recover again, with PORT_RESET_POWER_ON.
void recover(struct execution *execution, enum port_reset_reason reason, struct recovery *out);

// ---- the update again ---------------------------------------------------------------------------

// The update that a step of the scenario belongs to or, failing that, the last one before it: an update step
// as it stands, or a begin/write/set_boot sequence of calls put together as one. `position` as in
// execution.h. False: there is none.
bool update_of_position(const struct scenario *scenario, uint32_t position, struct update_step *out);

enum retry_end {
    RETRY_SUCCEEDED,       // every call returned ESP_OK, and the device settled
    RETRY_NOT_NEEDED,      // the image that the update brings already runs
    RETRY_REFUSED_PENDING, // begin said ESP_ERR_OTA_ROLLBACK_INVALID_STATE: the running app is on probation,
                           // by design
    RETRY_CALL_FAILED,
    RETRY_NOT_SETTLED, // boot loop or nothing bootable after it
    RETRY_POWER_LOST
};
const char *retry_end_name(enum retry_end end);

struct retry_outcome {
    enum retry_end end;
    const char *call;      // the last firmware call, a literal
    esp_err_t returned;    // what it returned
    struct recovery after; // of the restart that follows a successful update
};

// From a device at rest: runs `update` again as app code would (its own partition or, when that is the
// running one, the next update partition), restarts and recovers. The app must be running.
void retry_update(struct execution *execution, const struct update_step *update, struct retry_outcome *out);

#endif
