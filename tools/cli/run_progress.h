// The status line: which scenario is explored, how far it has come, how fast.
#ifndef TOOLS_CLI_RUN_PROGRESS_H
#define TOOLS_CLI_RUN_PROGRESS_H

#include <stddef.h>

#include "../../sim/explore/explorer.h"
#include "terminal.h"

struct run_progress {
    struct terminal *terminal;
    char scenario[64];       // whose turn it is: "[3/62] powerloss.yaml [v6.0]", perhaps cut
    double began_s, shown_s; // when that began; when a line was shown last
};

// The number-th of `count` files has its turn, under `release`.
void run_progress_scenario(struct run_progress *progress, const char *file, const char *release,
                           size_t number, size_t count);

// For explore_options.progress; `context` is the run_progress. Shows at most ten lines a second.
void run_progress_exploration(void *context, const struct explore_progress *now);

// The same without a terminal: a line on standard error every 30 seconds, with what was found so far.
void run_progress_heartbeat(void *context, const struct explore_progress *now);

// Seconds of a clock that only goes forward.
double seconds_now(void);

#endif
