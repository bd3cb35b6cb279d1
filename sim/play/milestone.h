// Telling an execution's listener what has been promised to the person (struct milestone in execution.h).
#ifndef SIM_PLAY_MILESTONE_H
#define SIM_PLAY_MILESTONE_H

#include "execution.h"

// About the partition that begins at `address`. `coming`: the image that will be there; NULL: the one that is
// there now. Costs nothing when nobody listens; reads flash unobtrusively.
void milestone_tell(struct execution *execution, enum milestone_kind kind, uint32_t address,
                    const struct scenario_image *coming, uint32_t state);

// About the app that runs.
void milestone_tell_running(struct execution *execution, enum milestone_kind kind);

#endif
