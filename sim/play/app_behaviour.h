// What an app does once the bootloader has started it, written as app code: it calls the update API and
// nothing else.
#ifndef SIM_PLAY_APP_BEHAVIOUR_H
#define SIM_PLAY_APP_BEHAVIOUR_H

#include <stdbool.h>

#include "execution.h"

// The app that runs is that of the scenario's image of that number (below 0: of none of them): its calls do what its
// build does.
void app_becomes(struct board *board, const struct scenario *scenario, int32_t image);

struct app_run {
    struct execution *execution;
    const struct app_behaviour *behaviour; // NULL: nothing
    int32_t image;                         // of the scenario's, which the app is; below 0: of none
    enum board_end end;                    // BOARD_RETURNED: the app is up and stays
    enum port_reset_reason reset;          // of the boot that follows when it does not stay
    const char *why;                       // literal
    bool crashed, hangs;                   // it went down by itself; nothing goes on
    struct nvs_reading nvs;                // where the scenario uses NVS, which it starts first of all
};

// Runs the app that is in RAM until it is at rest or gone. `execution`, `behaviour` and `image` are set by the caller,
// the rest is filled.
void app_run(struct app_run *run);

#endif
