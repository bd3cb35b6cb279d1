// Reads `bootloader` of a board: its file before the target is known, its options once the app's are.
#ifndef SIM_LANGUAGE_READER_BOOTLOADER_H
#define SIM_LANGUAGE_READER_BOOTLOADER_H

#include "reading.h"

void read_bootloader_file(struct reading *reading, struct fields *board);
void read_bootloader(struct reading *reading, struct fields *board);
// Of the file; NULL: none was read.
const struct chip_target *bootloader_file_target(const struct reading *reading);

#endif
