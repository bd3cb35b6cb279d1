// The crash states that were met, by content.
#ifndef SIM_EXPLORE_STATE_MAP_H
#define SIM_EXPLORE_STATE_MAP_H

#include <stddef.h>
#include <stdint.h>

#include "../hw/flash.h"

struct met_state {
    struct content_hash key; // of contents, promise and detail; low is never 0
    uint64_t weight;         // crash states of the recorded run that are this one
    uint32_t broken;         // invariants, once it was recovered
    uint32_t situation;      // where it ends up
    uint8_t outcome;
    uint8_t cuts; // fewest that lead here
    bool nested;  // also met (or only met) while a recovery was cut
    bool recovered;
};

// Zero-initialise.
struct state_map {
    struct met_state *states; // open addressing, at most half full
    size_t count, capacity;
};

// NULL: not met yet. Pointers live until the next state_map_add.
struct met_state *state_map_find(const struct state_map *map, struct content_hash key);
struct met_state *state_map_add(struct state_map *map, struct content_hash key); // it must not be there yet
void state_map_free(struct state_map *map);

// Calls for every state, in no particular order.
#define STATE_MAP_FOR_EACH(map, state)                                                                       \
    for (struct met_state *state = (map)->states; state != NULL && state < (map)->states + (map)->capacity;  \
         state++)                                                                                            \
        if (state->key.low != 0)

#endif
