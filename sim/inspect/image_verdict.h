// What bootloaders and apps of each release say of an image that lies in a slot: the firmware's own checks.
#ifndef SIM_INSPECT_IMAGE_VERDICT_H
#define SIM_INSPECT_IMAGE_VERDICT_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "../../ota/chip_target.h"
#include "../../ota/release_profile.h"
#include "../base/buffer.h"

// Judges `length` bytes in a slot of `room` bytes (at least `length`; 0: as many as the image takes, rounded
// up to 64 KiB) on that chip. `release` NULL: under every release. Appends a line for each group of releases
// that agree. True: all of them take it.
bool image_verdict(const void *bytes, size_t length, uint32_t room, const struct chip_target *target,
                   const struct release_profile *release, struct buffer *out);

#endif
