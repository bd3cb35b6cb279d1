// A genuine bootloader and our own beside each other: the same flash, the same boots, and the first thing that differs.
#ifndef SIM_TWIN_TWIN_H
#define SIM_TWIN_TWIN_H

#include "../base/buffer.h"
#include "../hw/board.h"

struct twin_settings {
    const struct buffer *binary;      // a whole bootloader image
    const struct buffer *rom;         // the ELF file of the mask ROM below it (machine_takes_rom); NULL: none
    const struct chip_target *target; // one that machine_supports
    struct firmware_build build;      // of our own
    uint32_t boots;                   // in a row, of each contents; the app does nothing but restart
    uint32_t tears;                   // crash states of each operation of the first boot, at most
    uint32_t secure_version;          // in the eFuse at the start, as a mask of burned bits
    bool log;                         // what the first boots say of their choice is compared, too (slower)
};

struct twin_count {
    uint64_t contents, boots; // compared
    uint64_t crash_states;    // of them, made by cutting the binary's boots
    uint64_t logs; // boots whose logs were compared: none of a binary that was built with its log off
};

// Compares the two over these contents of flash (the binary is placed in them first) and over the crash states of the
// first boot. False: they differ, and `difference` (appended) says how; or the binary cannot be executed to its end.
bool twin_compare(const struct twin_settings *settings, const struct flash *flash, struct twin_count *count,
                  struct buffer *difference);

// Contents with random slots, otadata records and images, some of them damaged.
void twin_random_flash(const struct twin_settings *settings, uint64_t seed, struct flash *out);

#endif
