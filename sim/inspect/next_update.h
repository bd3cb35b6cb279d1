// The next update of a device, as a scenario that starts from its dump: boot, update into the next slot,
// restart; to be explored for what a power cut anywhere in it leads to.
#ifndef SIM_INSPECT_NEXT_UPDATE_H
#define SIM_INSPECT_NEXT_UPDATE_H

#include "../language/scenario.h"
#include "inspection.h"

#define NEXT_UPDATE_SIZE 0x10000u // bytes of the image; fewer when the smallest slot is smaller

// `out` (uninitialised before) is to be freed with scenario_free. False: there is no app that could run the
// update, or no slot for it; `error` says so.
bool next_update_scenario(const struct inspection *inspection, const char *file,
                          const struct release_profile *release, enum dump_build build, struct scenario *out,
                          struct error *error);

#endif
