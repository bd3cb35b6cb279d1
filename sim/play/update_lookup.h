// Which update a step of a scenario belongs to.
#ifndef SIM_PLAY_UPDATE_LOOKUP_H
#define SIM_PLAY_UPDATE_LOOKUP_H

#include <stdbool.h>
#include <stdint.h>

#include "../language/scenario.h"

// The update that a step of the scenario belongs to or, failing that, the last one before it: an update step
// as it stands, or a begin/write/set_boot sequence of calls put together as one. `position` as in
// execution.h. False: there is none.
bool update_of_position(const struct scenario *scenario, uint32_t position, struct update_step *out);

#endif
