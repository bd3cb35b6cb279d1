// What an app does once the bootloader has started it, written as app code: it calls the update API and
// nothing else.
#ifndef SIM_PLAY_APP_BEHAVIOUR_H
#define SIM_PLAY_APP_BEHAVIOUR_H

#include <stdbool.h>

#include "../hw/board.h"
#include "../language/scenario.h"

// The app that runs is that of the scenario's image of that number (below 0: of none of them): its calls do what its
// build does.
void app_becomes(struct board *board, const struct scenario *scenario, int32_t image);

struct app_run {
    enum app_behaviour behaviour;
    const struct scenario *nvs;           // it starts NVS first of all, and reads its keys; NULL: it does not
    enum board_end end;                   // BOARD_RETURNED: the app is up and stays
    enum port_reset_reason reset;         // of the boot that follows when it does not stay
    const char *why;                      // literal
    bool confirmed;                       // it said so, and that returned ESP_OK
    bool nvs_read;                        // it got so far
    esp_err_t nvs_start;                  // what start-up gave
    uint32_t nvs_values[NVS_WATCHED_MAX]; // hashes of the watched keys' values
};

// Runs the app that is in RAM until it is at rest or gone. `behaviour` and `nvs` are set by the caller, the rest is
// filled.
void app_run(struct board *board, struct app_run *run);

#endif
