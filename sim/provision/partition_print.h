// Partition tables as people write them, written.
#ifndef SIM_PROVISION_PARTITION_PRINT_H
#define SIM_PROVISION_PARTITION_PRINT_H

#include "../base/buffer.h"
#include "partition_layout.h"
#include "partition_rules.h"

// Appends the table as CSV (CSV-82); extra subtypes are named too.
void partition_table_layout_print(const struct partition_table_layout *layout,
                                  const struct partition_csv_options *options, struct buffer *out);

#endif
