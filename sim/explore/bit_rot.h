// Bits that flip at rest, in ranges that a scenario names.
#ifndef SIM_EXPLORE_BIT_ROT_H
#define SIM_EXPLORE_BIT_ROT_H

#include <stdbool.h>
#include <stdint.h>

struct bit_rot_range {
    uint32_t address, length; // bytes
    bool pairs;               // every pair of bits, too, over all such ranges together
};

// Explores every flip, and every pair where that is asked for, of the device as it is at rest here.
struct walk;
void rot_bits(struct walk *walk);

#endif
