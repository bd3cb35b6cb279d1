// What can be observed of a device, compared with what a scenario expects.
#ifndef SIM_PLAY_EXPECTATION_H
#define SIM_PLAY_EXPECTATION_H

#include <stdbool.h>

#include "../base/buffer.h"
#include "execution.h"

// True when the device is as `expectation` says. `last`: the step that it looks back on (return codes, counts
// of operations); NULL: none, such expectations are not met. Reads flash so that the board's observer sees
// it. `actual` (NULL: nobody asks) gets what was found instead.
bool expectation_holds(struct execution *execution, const struct expectation *expectation,
                       const struct step_outcome *last, struct buffer *actual);

#endif
