// A scenario's steps, played once: what the runner judges while it goes on is what the explorer explores.
//
//      recorded_run_begin -> recorded_run_step, for each step that is no mere expectation -> recorded_run_end
#ifndef SIM_VERDICT_RECORDED_RUN_H
#define SIM_VERDICT_RECORDED_RUN_H

#include "../explore/workload.h"
#include "../play/execution.h"
#include "../play/heard.h"
#include "../play/step_cursor.h"
#include "../play/update_lookup.h"
#include "run_events.h"

struct recorded_run {
    struct recording recording; // what the explorer takes
    struct workload workload;
    const struct scenario *scenario;
    const struct release_profile *release;
    struct board *board;        // as the last step left it; owns the journal
    struct execution execution; // of the steps
    struct heard heard;         // on its network
    bool explored;
    struct run_events told;
    struct checkpoint *checkpoints;
    char **step_names, **step_words;
    struct seals *seals;        // of the scenario's images
    struct named_place *places; // the partitions of its table, by index
    char (*place_names)[17];
    bool *place_is_slot, *place_is_nvs; // an OTA app's; an NVS partition
    const struct named_place *otadata;  // one of them; NULL: there is none
    // shared by the recording and all workers; NULL: digests are computed each time
    struct digest_cache *digests;
    struct scenario_updates updates; // one of them is what a retry runs
};

struct recording_wishes {
    bool explored; // the recording is kept: it costs a checkpoint a step
    bool remember; // digests of images are computed once
};

// Provisions the board. `release`: as in scenario_board_new. False: the board could not be made. Free with
// recorded_run_free also then.
bool recorded_run_begin(const struct scenario *scenario, const struct release_profile *release,
                        struct recording_wishes wishes, struct recorded_run *out, struct error *error);

// Plays the step that the cursor has come to.
void recorded_run_step(struct recorded_run *run, const struct step_cursor *cursor, const struct step *step,
                       struct step_outcome *out);

// After the last step: `recording` and `workload` are ready for the explorer.
void recorded_run_end(struct recorded_run *run, const struct step_cursor *cursor);

// All of it, for those who judge nothing. Expectations are not looked at.
bool recorded_run_make(const struct scenario *scenario, const struct release_profile *release, bool remember,
                       struct recorded_run *out, struct error *error);
void recorded_run_free(struct recorded_run *run);

#endif
