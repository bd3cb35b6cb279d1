// Reads `board`: the chip, eFuse, build options.
#ifndef SIM_LANGUAGE_READER_BOARD_H
#define SIM_LANGUAGE_READER_BOARD_H

#include "reading.h"

// The value of `board`; NULL: all defaults.
void read_board(struct reading *reading, const struct yaml_node *node);

// Build options of app and bootloader; those that an app has.
void read_app_options(struct reading *reading, struct fields *config, struct firmware_build *build);
void read_build_options(struct reading *reading, struct fields *fields, struct firmware_build *build);

#endif
