// Resets without loss of power, at the last operation of each request: the chip ends it, and the device starts again
// knowing why. What follows are power cuts as everywhere.
#ifndef SIM_EXPLORE_RESETS_H
#define SIM_EXPLORE_RESETS_H

#include "frontier.h"

// When the options ask for it.
void explore_resets(struct frontier *frontier, const struct recording *recording, struct exploration *out);

#endif
