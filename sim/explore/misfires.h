// Operations that misfire without a power cut: the chip reports an error, or reports success and did nothing.
// The firmware goes on from there in its own way, so the recorded run is run again for each; in the end the
// power goes, and the recovery is judged.
#ifndef SIM_EXPLORE_MISFIRES_H
#define SIM_EXPLORE_MISFIRES_H

#include "frontier.h"

// Lets the first operation of each request misfire, when the options ask for it.
void explore_misfires(struct frontier *frontier, const struct recording *recording, struct exploration *out);

#endif
