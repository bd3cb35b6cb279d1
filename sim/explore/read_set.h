// What a program read before it wrote it: the inputs that its outcome is a function of.
#ifndef SIM_EXPLORE_READ_SET_H
#define SIM_EXPLORE_READ_SET_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

// Zero-initialise.
struct read_set {
    struct read_range {
        uint32_t start, end; // bytes [start, end)
    } * ranges;              // ascending, disjoint, not touching; owned
    size_t count, capacity;
    uint32_t efuse; // fields read, 1 << enum port_efuse
    bool retained, reset_reason;
};

// Adds a range. False: all of it was there already.
bool read_set_add(struct read_set *set, uint32_t start, uint32_t end);
bool read_set_intersects(const struct read_set *set, uint32_t start, uint32_t end);
void read_set_unite(struct read_set *set, const struct read_set *other);
void read_set_clear(struct read_set *set); // keeps the memory
void read_set_free(struct read_set *set);

#endif
