// Reads `partitions`: the partition table.
#ifndef SIM_LANGUAGE_READER_PARTITIONS_H
#define SIM_LANGUAGE_READER_PARTITIONS_H

#include "reading.h"

// The value of `partitions`.
void read_partitions(struct reading *reading, const struct yaml_node *node);

// A table that an image brings: its bytes are appended, and names of its partitions are known from then on. False:
// reported.
bool read_table_image(struct reading *reading, const struct yaml_node *node, struct buffer *out);

// The same names, of a binary table that was read already.
void partitions_from_image(struct reading *reading, const struct buffer *table);

// The table that a dump brings along, when the board names none.
void partitions_from_dump(struct reading *reading);

#endif
