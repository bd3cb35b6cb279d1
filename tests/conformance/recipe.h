// Image recipes: the vectors describe images by a few numbers instead of their bytes (section 1.3 of the
// vectors' description).
#ifndef TESTS_CONFORMANCE_RECIPE_H
#define TESTS_CONFORMANCE_RECIPE_H

#include "vector.h"

#define RECIPE_IMAGE_MAX (4u << 20) // the modelled flash

// What an image gets where the recipe does not say it: those of the recorded target.
struct recipe_defaults {
    uint16_t chip_id, max_chip_revision;
    uint32_t load_address, entry;
};

extern const struct recipe_defaults recipe_defaults_esp32; // section 1.3

// Appends the image. Its length and CRC-32 are checked against the recipe's `n` and `crc`. False: the vector
// is malformed.
bool recipe_build(struct vector *vector, const json_t *recipe, const struct recipe_defaults *defaults,
                  struct buffer *out);

#endif
