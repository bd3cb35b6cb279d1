// What the crash states of a frontier break, cause by cause. Of the frontier's own files.
#ifndef SIM_EXPLORE_FRONTIER_BLAME_H
#define SIM_EXPLORE_FRONTIER_BLAME_H

#include "frontier.h"

// What the items that were recovered break, cause by cause.
void frontier_blame_items(struct frontier *frontier);

#endif
