// Holds what a step returned, and what the device shows then, against what the scenario expects. Of the runner's own files.
#ifndef SIM_VERDICT_RUNNER_CHECKS_H
#define SIM_VERDICT_RUNNER_CHECKS_H

#include "runner_internal.h"

// Checks what the step that was executed last returned, and that its planned cut came.
void run_check_outcome(struct run *run);

// Checks a list of expectations against the device and the step that was executed last.
void run_check_expectations(struct run *run, const struct expectation *expectations, size_t count);

#endif
