// Partition tables to and from the bytes that the flash holds (CSV-70, CSV-81, PT-1, PT-2).
#ifndef SIM_PROVISION_PARTITION_BINARY_H
#define SIM_PROVISION_PARTITION_BINARY_H

#include <stdbool.h>
#include <stddef.h>

#include "../../ota/partition_table.h"
#include "../base/buffer.h"
#include "partition_layout.h"
#include "partition_notes.h"
#include "partition_rules.h"

// Appends the PARTITION_TABLE_SIZE bytes that the flash holds.
bool partition_table_layout_encode(const struct partition_table_layout *layout,
                                   const struct partition_csv_options *options, struct buffer *out,
                                   struct partition_csv_notes *notes);

// Reads a binary table (CSV-81). Contract as partition_csv_parse.
bool partition_table_layout_decode(const void *bytes, size_t length,
                                   const struct partition_csv_options *options,
                                   struct partition_table_layout *out, struct partition_csv_notes *notes);

// True when the bytes begin as a binary table (CSV-1).
bool partition_table_is_binary(const void *bytes, size_t length);

#endif
