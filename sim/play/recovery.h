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

#endif
