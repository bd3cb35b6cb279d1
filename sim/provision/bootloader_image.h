// A second-stage bootloader as bytes: an image that ROM, the bootloader's own checks and esptool accept. Its segments
// lie where those of a real build do; its code is made up, and nothing executes it.
#ifndef SIM_PROVISION_BOOTLOADER_IMAGE_H
#define SIM_PROVISION_BOOTLOADER_IMAGE_H

#include <stdbool.h>
#include <stdint.h>

#include "../../ota/firmware.h"
#include "../base/buffer.h"
#include "../base/error.h"

// What a header can say (FL-6).
#define BOOTLOADER_FLASH_SIZE_MIN (1u << 20)
#define BOOTLOADER_FLASH_SIZE_MAX (128u << 20)

// Appends the image of a build for `target`, made for a flash of `flash_size` bytes (1 to 128 MiB, a power of two).
// Equal arguments, equal bytes; another `seed`, other code. False: the size has no code in a header.
bool bootloader_image_build(const struct chip_target *target, const struct firmware_build *build,
                            uint32_t flash_size, uint64_t seed, struct buffer *out, struct error *error);

// What ROM and simulator tell an image by. False: it is none.
bool bootloader_image_known(const void *image, size_t length, const struct firmware_build *build,
                            struct known_bootloader *out);

#endif
