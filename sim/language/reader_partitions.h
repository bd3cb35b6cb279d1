// Reads `partitions`: the partition table.
#ifndef SIM_LANGUAGE_READER_PARTITIONS_H
#define SIM_LANGUAGE_READER_PARTITIONS_H

#include "reading.h"

// The value of `partitions`.
void read_partitions(struct reading *reading, const struct yaml_node *node);

// The table that a dump brings along, when the board names none.
void partitions_from_dump(struct reading *reading);

#endif
