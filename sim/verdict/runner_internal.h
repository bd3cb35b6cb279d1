// The runner's inside, shared by the files that implement it. Nobody else includes this.
#ifndef SIM_VERDICT_RUNNER_INTERNAL_H
#define SIM_VERDICT_RUNNER_INTERNAL_H

#include "../play/narration.h"
#include "recorded_run.h"
#include "runner.h"
#include "trace_recorder.h"

struct run {
    const struct scenario *scenario;
    const struct run_options *options;
    const char *release; // its name
    struct result_scenario *result;
    struct recorded_run recorded;
    struct narrator narrator;
    struct narrator *listener; // &narrator, or NULL when nobody listens to all of it
    struct buffer said;        // by firmware and boots, in the step that was executed last
    uint32_t said_lines;
    struct trace_recorder trace; // in use when options->trace
    const struct step *step;     // that was executed last
    struct step_outcome outcome; // and what came of it
    bool stepped;                // there was one
    bool outage_told;            // that no app runs has been reported already
};

// Adds a failure with the device's state as it stands. `kind`: the rule that is broken (report_rules.h), a
// literal. `mark`: where the scenario asks for it. The other texts are copied; `expected` and `actual` may be
// NULL.
__attribute__((format(printf, 6, 7))) void run_fail(struct run *run, const char *kind,
                                                    struct source_mark mark, const char *expected,
                                                    const char *actual, const char *format, ...);

#endif
