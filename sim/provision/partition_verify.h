// A partition table held against the rules of its release.
#ifndef SIM_PROVISION_PARTITION_VERIFY_H
#define SIM_PROVISION_PARTITION_VERIFY_H

#include <stdbool.h>

#include "partition_layout.h"
#include "partition_notes.h"
#include "partition_rules.h"

// Checks the table as a whole (CSV-60 to CSV-69); no_verify leaves only CSV-69. Adds warnings.
bool partition_table_layout_verify(const struct partition_table_layout *layout,
                                   const struct partition_csv_options *options,
                                   struct partition_csv_notes *notes);

#endif
