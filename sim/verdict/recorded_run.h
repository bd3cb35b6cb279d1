// A scenario's steps, recorded once for the explorer.
#ifndef SIM_VERDICT_RECORDED_RUN_H
#define SIM_VERDICT_RECORDED_RUN_H

#include "../explore/workload.h"
#include "../play/execution.h"

struct recorded_run {
    struct recording recording; // what the explorer takes
    struct workload workload;
    const struct scenario *scenario;
    const struct release_profile *release;
    struct board *board; // as the last step left it; owns the journal
    struct event *events;
    struct checkpoint *checkpoints;
    char **step_names;
    struct digest_cache
        *digests; // shared by the recording and all workers; NULL: digests are computed each time
    bool has_update;
    struct update_step update; // what a retry runs
};

// Runs the scenario's steps. `remember`: digests of images are computed once. False: the board could not be
// made. Free with recorded_run_free also then.
bool recorded_run_make(const struct scenario *scenario, const struct release_profile *release, bool remember,
                       struct recorded_run *out, struct error *error);
void recorded_run_free(struct recorded_run *run);

#endif
