// Update code as an app contains it: what the step `update` runs on the board.
#ifndef SIM_PLAY_APP_UPDATE_PROGRAM_H
#define SIM_PLAY_APP_UPDATE_PROGRAM_H

#include <stdbool.h>

#include "execution.h"

// Runs on a board whose app is at rest. Fills the parts of `out` that tell what calls returned; when the
// program is stopped, they tell of the calls until then. `fallback`: use the next update partition when the
// update's own is the one that runs.
enum board_end run_update(struct execution *execution, const struct update_step *update, bool fallback,
                          struct step_outcome *out);

// The same within a program: what an app's own action does.
void update_in_app(struct execution *execution, const struct update_step *update, struct step_outcome *out);

#endif
