// Where an image's segments go in memory: mapped from flash, copied to RAM, or nowhere (IMG-26 to IMG-40).
#ifndef OTA_LOAD_ADDRESS_H
#define OTA_LOAD_ADDRESS_H

#include <stdbool.h>
#include <stdint.h>

#include "chip_target.h"

struct firmware_build;
struct release_profile;

// The ranges that are mapped, for a build of this release with this MMU page size (CH-20, CH-25).
struct address_range load_address_drom(const struct chip_target *target,
                                       const struct release_profile *profile, uint32_t page_size);
struct address_range load_address_irom(const struct chip_target *target, uint32_t page_size);

// Is a segment with this load address mapped, given release and MMU page size of the build that asks?
bool load_address_is_mapped(const struct chip_target *target, const struct release_profile *profile,
                            uint32_t page_size, uint32_t address);

// What becomes of the bootloader `build`, on a chip of that revision, when it copies `length` bytes to
// `address`.
struct load_verdict {
    const char *refused; // why it does not, in words (CH-6, D14); NULL: it does
    const char *crash;   // what it destroys of itself or of ROM by doing so (CH-7, HW-81); NULL: nothing
};

struct load_verdict load_address_judge(const struct chip_target *target, const struct firmware_build *build,
                                       uint32_t chip_revision, uint32_t address, uint32_t length);

#endif
