// One run of `ota-sim run`: the scenarios of its settings, what is shown meanwhile, reports at the end.
#ifndef TOOLS_CLI_RUN_SESSION_H
#define TOOLS_CLI_RUN_SESSION_H

#include <signal.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "../../sim/report/result.h"
#include "run_progress.h"
#include "run_settings.h"
#include "save_names.h"
#include "terminal.h"
#include "watch.h"

struct run_session {
    const struct run_settings *settings;
    struct terminal terminal;
    const volatile sig_atomic_t *interrupted; // not 0: end early, with reports of what there is
    struct watch *watch;                      // is told of the files that matter; NULL: nobody watches

    // State, zero at the start.
    struct run_progress progress;
    struct result result;
    size_t looked_at, fitting;    // files that were looked at, and those that -k lets through
    uint64_t units;               // of the whole run, those of other shards too
    uint64_t inputs;              // digest of all files that were looked at
    struct save_names save_names; // of --save-flash
    bool bad_input;
    bool failed;    // some scenario, or it could not be run
    bool cut_short; // not all of it was run
};

// Runs all of it. Returns the exit status. To be freed also then.
int run_session(struct run_session *session);
void run_session_free(struct run_session *session);

#endif
