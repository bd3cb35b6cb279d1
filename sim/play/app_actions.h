// What apps do once they are up, action by action.
#ifndef SIM_PLAY_APP_ACTIONS_H
#define SIM_PLAY_APP_ACTIONS_H

#include "app_behaviour.h"

// The actions of one start, in order, within the app's program; what ends the app does not return.
void app_act(struct app_run *run, const struct app_start *start);

#endif
