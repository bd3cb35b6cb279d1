// Reads what the user's own code on the board is: `app` of the board and of images, `call` among the steps.
#ifndef SIM_LANGUAGE_READER_GUEST_H
#define SIM_LANGUAGE_READER_GUEST_H

#include "reading.h"

// A file that the scenario names, read once. NULL: reported.
struct guest_file *read_guest(struct reading *reading, const struct yaml_node *node);

void read_guest_of_board(struct reading *reading, struct fields *board);

// `app` of an image that is built, or the board's; the image's descriptor then names it.
void read_guest_of_image(struct reading *reading, struct fields *fields, struct scenario_image *image);

#endif
