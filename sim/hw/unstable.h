// Cells that do not hold a level: they read differently from one read to the next (NP-10, NP-11).
#ifndef SIM_HW_UNSTABLE_H
#define SIM_HW_UNSTABLE_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "flash.h"

// A run of bytes within one sector. In each read, every cell selected by the byte's mask reads 0 with a
// chance of `zero_chance` in 256, else as the flash holds it. Which ones: a function of seed, address and the
// number of the read.
struct unstable_region {
    uint32_t address;
    uint32_t length;
    uint64_t seed;
    uint8_t zero_chance;
    uint8_t mask[64]; // of byte i: mask[i % mask_length]
    uint8_t mask_length;
};

struct unstable_cells {
    size_t count;
    struct unstable_region *regions; // owned
};

void unstable_add(struct unstable_cells **cells, const struct unstable_region *region);
// Every cell of a range of whole sectors, which has just been erased.
void unstable_add_erased(struct unstable_cells **cells, uint32_t address, uint32_t length, uint64_t seed,
                         uint8_t zero_chance);
struct unstable_cells *unstable_copy(const struct unstable_cells *cells); // NULL stays NULL
void unstable_free(struct unstable_cells *cells);

bool unstable_touches(const struct unstable_cells *cells, uint32_t address, uint32_t length);

// Disturbs `bytes`, which were read from `address`.
void unstable_disturb(const struct unstable_cells *cells, uint64_t read_number, uint32_t address,
                      uint8_t *bytes, uint32_t length);

// A complete erase makes cells stable again; a complete program makes those stable that it drives to 0.
void unstable_erased(struct unstable_cells **cells, uint32_t address, uint32_t length);
void unstable_programmed(struct unstable_cells **cells, uint32_t address, const uint8_t *data,
                         uint32_t length);

struct content_hash unstable_hash(const struct unstable_cells *cells); // zero when there are none

// A well-mixed function of two numbers (SplitMix64's finaliser), for everything here that is random but
// reproducible.
uint64_t mix64(uint64_t a, uint64_t b);

#endif
