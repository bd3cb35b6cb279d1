// A board as it leaves the factory of a scenario: everything in flash and eFuse before the first power-on.
#ifndef SIM_PLAY_PROVISIONED_BOARD_H
#define SIM_PLAY_PROVISIONED_BOARD_H

#include "../base/error.h"
#include "../hw/board.h"
#include "../language/scenario.h"

// A board with the scenario's initial contents, off. `release` (NULL: the scenario's) replaces the app's
// profile and, unless the scenario names the bootloader's own, that of the bootloader. NULL on an error.
struct board *scenario_board_new(const struct scenario *scenario, const struct release_profile *release,
                                 struct error *error);

// The same; memory that a guest never initialised holds `guest_fill`. The board refers to `scenario` for as long as it lives.
struct board *scenario_board_new_filled(const struct scenario *scenario,
                                        const struct release_profile *release, uint8_t guest_fill,
                                        struct error *error);

#endif
