// Runs a scenario on a simulated board under one release.
#ifndef SIM_VERDICT_RUNNER_H
#define SIM_VERDICT_RUNNER_H

#include "../language/scenario.h"
#include "../report/result.h"

struct run_options {
    const struct release_profile *release; // overrides the scenario's; NULL: as the scenario says
    uint64_t seed;                         // 0: the scenario's
    // Narration (-v): one line at a time, without newline; NULL: none. `depth`: how far it is indented.
    void (*narrate)(void *context, unsigned depth, const char *line);
    void *narrate_context;
    const char *save_flash_folder; // the final flash goes there as <scenario>.<release>.bin; NULL: nowhere
    const char *save_flash_name;   // instead of <scenario>; NULL: the file's name without folder and ending
    bool explore;                  // run the exploration too, when the scenario asks for one
    struct explore_options *exploration; // threads, memo, shard...; may be NULL
    bool trace;                          // fill the result's events: costs memory for each flash operation
};

// Fills `result` (uninitialised; free with result_scenario_free).
void scenario_run(const struct scenario *scenario, const struct run_options *options,
                  struct result_scenario *result);

#endif
