// Partition tables as people write them, read (CSV-1 to CSV-30). The rules, messages and error kinds are those of
// gen_esp32part.
#ifndef SIM_PROVISION_PARTITION_CSV_H
#define SIM_PROVISION_PARTITION_CSV_H

#include <stdbool.h>
#include <stddef.h>

#include "partition_layout.h"
#include "partition_notes.h"
#include "partition_rules.h"

// Reads CSV text (UTF-8, or UTF-8/16/32 with a byte order mark): CSV-1 to CSV-30. True: `out`
// (uninitialised before) holds the partitions with offsets and sizes resolved. False: `notes` says why, `out`
// is empty.
bool partition_csv_parse(const void *text, size_t length, const struct partition_csv_options *options,
                         struct partition_table_layout *out, struct partition_csv_notes *notes);

#endif
