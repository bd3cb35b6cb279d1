// The partitions of the flash as it stands, for reports. Of the runner's own files.
#ifndef SIM_VERDICT_RUNNER_PARTITIONS_H
#define SIM_VERDICT_RUNNER_PARTITIONS_H

#include "runner_internal.h"

// Fills the result's partitions from the flash as it stands.
void run_describe_flash(struct run *run);

#endif
