// Partition tables as people write them (CSV), as the flash holds them (binary), and as code wants them (a list).
//
//      CSV text --partition_csv.h--> struct partition_table_layout --partition_binary.h--> 0xC00 bytes
//               <--partition_print.h--                             <--partition_binary.h--
#ifndef SIM_PROVISION_PARTITION_CONVERT_H
#define SIM_PROVISION_PARTITION_CONVERT_H

#include <stdbool.h>
#include <stddef.h>

#include "../base/buffer.h"
#include "partition_notes.h"
#include "partition_rules.h"

// Does what `gen_esp32part INPUT OUTPUT` does: binary input becomes CSV, CSV becomes binary (CSV-1), verified
// in both directions.
bool partition_table_convert(const void *input, size_t length, const struct partition_csv_options *options,
                             struct buffer *out, struct partition_csv_notes *notes);

#endif
