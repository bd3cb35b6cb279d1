// Reads `board`: the chip, eFuse, build options.
#ifndef SIM_LANGUAGE_READER_BOARD_H
#define SIM_LANGUAGE_READER_BOARD_H

#include "reading.h"
#include "values.h"

// The value of `board`; NULL: all defaults.
void read_board(struct reading *reading, const struct yaml_node *node);

// Build options of app and bootloader; those that an app has.
void read_app_options(struct reading *reading, struct fields *config, struct firmware_build *build);
void read_build_options(struct reading *reading, struct fields *fields, struct firmware_build *build);

// eFuse fields by name; a value of -1 is the secure version as a number of bits.
extern const struct word efuse_words[];
// Those that nothing looks at. True: one of them is there, which is an error.
bool refuse_idle_efuse(struct fields *fields);
bool read_efuse_field(struct reading *reading, struct fields *fields, const struct word *word,
                      enum port_efuse *efuse, uint32_t *value);

#endif
