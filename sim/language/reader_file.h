// Reads `file` and `part`: bytes of a file, or of one part of a merged one.
#ifndef SIM_LANGUAGE_READER_FILE_H
#define SIM_LANGUAGE_READER_FILE_H

#include "reading.h"

// An image: an app, a bootloader, a partition table or NVS by itself, or `part` of a merged file. What is none of them
// is refused, and what it is is said. False: reported.
bool read_image_file(struct reading *reading, struct fields *fields, struct buffer *out);

// Contents: any bytes as they are, or `part` of a merged file. False: reported.
bool read_file_part(struct reading *reading, struct fields *fields, struct buffer *out);

// A merged file as a whole has one place, where it begins: anywhere else is a mistake. False: reported.
bool check_file_place(struct reading *reading, struct fields *fields, const struct buffer *bytes,
                      uint32_t address);

// Adds to a complaint of its length what a merged file holds.
void help_with_merged(struct reading *reading, struct fields *fields, const struct buffer *bytes,
                      struct diagnostic *item);

// A dump begins at 0. False: reported.
bool check_dump_place(struct reading *reading, const struct yaml_node *node, const struct buffer *dump);

#endif
