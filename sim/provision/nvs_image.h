// Contents of an NVS partition, made by the library itself on a board of its own.
#ifndef SIM_PROVISION_NVS_IMAGE_H
#define SIM_PROVISION_NVS_IMAGE_H

#include "../../ota/release_profile.h"
#include "../base/error.h"
#include "nvs_item.h"

#define NVS_IMAGE_SIZE_MIN 0x3000u   // bytes; with less NVS does not work in the long run (NV-92)
#define NVS_IMAGE_SIZE_MAX 0x100000u // what the library's memory is bounded to here (nvs_ram.h)

// Appends `size` bytes (a multiple of 4096) that hold the items, set in this order. False: they do not fit, or
// the library refuses one; the message names it.
bool nvs_image_build(const struct nvs_item *items, size_t count, uint32_t size,
                     const struct release_profile *release, struct buffer *out, struct error *error);

// A board with a partition "nvs" of these contents (`length` bytes, a multiple of 4096 up to
// NVS_IMAGE_SIZE_MAX) at NVS_IMAGE_ADDRESS, its app just entered. The caller's.
#define NVS_IMAGE_ADDRESS 0x10000u
struct board *nvs_image_board(const uint8_t *contents, uint32_t length,
                              const struct release_profile *release);

#endif
