// Telling what happens to those who follow an execution: struct event of the explorer's promises.
#ifndef SIM_PLAY_TELLING_H
#define SIM_PLAY_TELLING_H

#include "execution.h"

// About the partition that begins at `address`. `coming`: the image that will be there; NULL: the one that is
// there now. Costs nothing when nobody listens; reads flash unobtrusively.
void tell_event(struct execution *execution, enum event_kind kind, uint32_t address,
                const struct scenario_image *coming, uint32_t state);

// About the app that runs.
void tell_event_of_running(struct execution *execution, enum event_kind kind);

#endif
