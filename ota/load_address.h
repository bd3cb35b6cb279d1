// Where an image's segments go in memory: mapped from flash, copied to RAM, or nowhere (IMG-26 to IMG-40).
#ifndef OTA_LOAD_ADDRESS_H
#define OTA_LOAD_ADDRESS_H

#include <stdbool.h>
#include <stdint.h>

struct chip_target;
struct release_profile;

// Is a segment with this load address mapped, given the MMU page size?
bool load_address_is_mapped(const struct chip_target *target, uint32_t page_size, uint32_t address);

// Why the bootloader must not copy `length` bytes to `address`, in words; NULL: it may (IMG-27, D14).
const char *load_address_refused(const struct chip_target *target, const struct release_profile *profile,
                                 uint32_t address, uint32_t length);

#endif
