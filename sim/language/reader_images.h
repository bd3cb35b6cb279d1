// Reads `images`.
#ifndef SIM_LANGUAGE_READER_IMAGES_H
#define SIM_LANGUAGE_READER_IMAGES_H

#include "reading.h"

// The value of `images`.
void read_images(struct reading *reading, const struct yaml_node *node);

#endif
