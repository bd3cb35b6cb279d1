#include "state_map.h"

#include <assert.h>
#include <stdlib.h>

#include "../base/buffer.h"

static size_t place_of(const struct met_state *states, size_t capacity, struct content_hash key) {
    size_t at = (size_t)key.high & (capacity - 1);
    while (states[at].key.low != 0 && !content_hash_equal(states[at].key, key))
        at = (at + 1) & (capacity - 1);
    return at;
}

struct met_state *state_map_find(const struct state_map *map, struct content_hash key) {
    if (map->capacity == 0)
        return NULL;
    struct met_state *state = &map->states[place_of(map->states, map->capacity, key)];
    return state->key.low == 0 ? NULL : state;
}

static void grow(struct state_map *map) {
    size_t capacity = map->capacity == 0 ? 256 : map->capacity * 2;
    struct met_state *states = memory_zeroed(capacity, sizeof *states);
    for (size_t i = 0; i < map->capacity; i++)
        if (map->states[i].key.low != 0)
            states[place_of(states, capacity, map->states[i].key)] = map->states[i];
    free(map->states);
    map->states = states;
    map->capacity = capacity;
}

struct met_state *state_map_add(struct state_map *map, struct content_hash key) {
    if ((map->count + 1) * 2 > map->capacity)
        grow(map);
    struct met_state *state = &map->states[place_of(map->states, map->capacity, key)];
    assert(state->key.low == 0 && "it must not be there yet");
    assert(key.low != 0 && "0 marks a free place");
    *state = (struct met_state){.key = key};
    map->count++;
    return state;
}

void state_map_free(struct state_map *map) {
    free(map->states);
    *map = (struct state_map){0};
}
