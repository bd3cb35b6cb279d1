// The user's own code as app: which one runs, and what is told of what it does.
#ifndef SIM_PLAY_APP_GUEST_H
#define SIM_PLAY_APP_GUEST_H

#include "app_behaviour.h"

// Within the app's program: runs the code that the image in flash names, until it is at rest. False: the image names none, and
// is one of the scenario's that does something else.
bool app_guest_start(struct app_run *run);

// That program has ended.
void app_guest_ended(struct app_run *run);

#endif
