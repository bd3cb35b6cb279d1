// Reads `bootloader` of a board: its file before the target is known, its options once the app's are.
#ifndef SIM_LANGUAGE_READER_BOOTLOADER_H
#define SIM_LANGUAGE_READER_BOOTLOADER_H

#include "reading.h"
#include "values.h"

void read_bootloader_file(struct reading *reading, struct fields *board);
void read_bootloader(struct reading *reading, struct fields *board);
// Of the file; NULL: none was read.
const struct chip_target *bootloader_file_target(const struct reading *reading);

// eFuse fields by name; a value of -1 is the secure version as a number of bits.
extern const struct word efuse_words[];
// Those that nothing looks at. True: one of them is there, which is an error.
bool refuse_idle_efuse(struct fields *fields);
bool read_efuse_field(struct reading *reading, struct fields *fields, const struct word *word,
                      enum port_efuse *efuse, uint32_t *value);

#endif
