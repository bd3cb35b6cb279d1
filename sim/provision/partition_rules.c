#include "partition_rules.h"

#include <string.h>

struct partition_csv_options partition_csv_options_default(void) {
    return (struct partition_csv_options){.table_offset = PARTITION_TABLE_OFFSET_DEFAULT};
}

// ---- releases -----------------------------------------------------------------------------------

// Newest last; the rules themselves are listed in the specification's index, section 4.
static const struct partition_csv_rules rules[] = {
    {.release = "v4.4", .data_alignment = 4, .misalignment_tolerated = true},
    {.release = "v5.1", .data_alignment = 0x1000},
    {.release = "v5.3", .knows_readonly = true, .app_size_aligned = true, .data_alignment = 0x1000},
    {.release = "v5.4",
     .knows_readonly = true,
     .knows_system_types = true,
     .detects_encoding = true,
     .app_size_aligned = true,
     .data_alignment = 0x1000},
    {.release = NULL, // v5.5 and later
     .knows_readonly = true,
     .knows_system_types = true,
     .detects_encoding = true,
     .app_size_aligned = true,
     .small_nvs_readonly = true,
     .data_alignment = 0x1000},
};

const struct partition_csv_rules *partition_csv_rules_of(const struct partition_csv_options *options) {
    const struct partition_csv_rules *found = rules;
    while (found->release != NULL &&
           (options->release == NULL || strcmp(found->release, options->release->name) != 0))
        found++;
    return found;
}

uint32_t partition_csv_alignment(const struct partition_csv_rules *of, int64_t type) {
    return type == TYPE_APP ? 0x10000 : of->data_alignment;
}
