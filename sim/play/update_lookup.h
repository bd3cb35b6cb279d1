// The updates of a scenario: which one a cut interrupts is the one that a device tries again.
#ifndef SIM_PLAY_UPDATE_LOOKUP_H
#define SIM_PLAY_UPDATE_LOOKUP_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "../language/scenario.h"

// An update step as it stands, or a begin/write/set_boot sequence of calls put together as one. Positions are
// those of execution.h.
struct scenario_update {
    uint32_t first, last; // positions of the steps that it is made of
    uint32_t number;      // from 1; those that do the same have the same
    bool refused;         // it is meant to fail, or failed without a cut: nobody tries it again
    struct update_step update;
};

struct scenario_updates { // in the order in which they are executed
    struct scenario_update *all;
    size_t count;
};

// Free with updates_free. The texts in it are the scenario's.
void updates_list(const struct scenario *scenario, struct scenario_updates *out);
void updates_free(struct scenario_updates *updates);

// The update that begins, or goes on, at a position; NULL: none does.
struct scenario_update *update_beginning_at(const struct scenario_updates *updates, uint32_t position);
struct scenario_update *update_around(const struct scenario_updates *updates, uint32_t position);

// NULL: there is none of that number.
const struct update_step *update_numbered(const struct scenario_updates *updates, uint32_t number);

#endif
