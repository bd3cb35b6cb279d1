// Image recipes: the vectors describe images by a few numbers instead of their bytes (section 1.3 of the
// vectors' description).
#ifndef TESTS_CONFORMANCE_RECIPE_H
#define TESTS_CONFORMANCE_RECIPE_H

#include "vector.h"

#define RECIPE_IMAGE_MAX (4u << 20) // the modelled flash

// Appends the image. Its length and CRC-32 are checked against the recipe's `n` and `crc`. False: the vector
// is malformed.
bool recipe_build(struct vector *vector, const json_t *recipe, struct buffer *out);

#endif
