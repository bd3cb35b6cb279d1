// Is the user's own code deterministic? An exploration of what is not would mean nothing.
#ifndef SIM_VERDICT_PLAYED_TWICE_H
#define SIM_VERDICT_PLAYED_TWICE_H

#include "recorded_run.h"

// The scenario's board as a second player gets it: the memory that its code never initialised holds something else, and lies
// elsewhere.
struct board *played_twice_board(const struct scenario *scenario, const struct release_profile *release,
                                 struct error *error);

// Plays the steps of a run again on such a board. False: what the flash saw differs; `error` tells the first difference.
// True at once for scenarios without code of the user's own.
bool played_twice_same(const struct recorded_run *run, struct error *error);

#endif
