// What the device decides after a cut, in its bootloader's own words.
#ifndef SIM_VERDICT_BOOT_DECISION_H
#define SIM_VERDICT_BOOT_DECISION_H

#include "../explore/explorer.h"
#include "recorded_run.h"

// Appends lines: each reset, what the bootloader makes of otadata and images, what the app does. A device
// that goes on booting is followed for the first lines only. Nothing when the path does not exist.
void boot_decision(const struct recorded_run *run, const struct crash_path *path, struct buffer *out);

#endif
