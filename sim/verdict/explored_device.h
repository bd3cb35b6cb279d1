// The device of a recorded run, as the explorer asks for it: it recovers, updates again, runs again with an
// operation that misfires.
#ifndef SIM_VERDICT_EXPLORED_DEVICE_H
#define SIM_VERDICT_EXPLORED_DEVICE_H

#include "recorded_run.h"

// What the explorer calls. `run` has to be complete, and to outlive it.
struct workload explored_device_workload(struct recorded_run *run);

struct narrator;

// Tries an update again, by its number, on a board that has recovered, its app just entered: after a restart
// when the app is on probation. True: it succeeds, or its image runs already. `story`: what came of it;
// `narrator`: is told, NULL: nobody is.
bool update_again(const struct recorded_run *run, struct board *board, uint32_t number,
                  struct narrator *narrator, char story[96]);

#endif
