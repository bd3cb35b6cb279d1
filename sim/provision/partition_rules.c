#include "partition_rules.h"

struct partition_csv_options partition_csv_options_default(void) {
    return (struct partition_csv_options){.table_offset = PARTITION_TABLE_OFFSET_DEFAULT};
}

// ---- releases -----------------------------------------------------------------------------------

// Newest last; what differs between them stands with each rule.
static const struct partition_csv_rules rules[] = {
    {.before = RELEASE(5, 1, 0), .data_alignment = 4, .misalignment_tolerated = true},
    {.before = RELEASE(5, 2, 0), .data_alignment = 0x1000},
    {.before = RELEASE(5, 3, 0), .knows_readonly = true, .data_alignment = 0x1000},
    {.before = RELEASE(5, 4, 0), .knows_readonly = true, .app_size_aligned = true, .data_alignment = 0x1000},
    {.before = RELEASE(5, 5, 0),
     .knows_readonly = true,
     .knows_system_types = true,
     .app_size_aligned = true,
     .data_alignment = 0x1000},
    {.before = 0, // v5.5 and later
     .knows_readonly = true,
     .knows_system_types = true,
     .app_size_aligned = true,
     .small_nvs_readonly = true,
     .data_alignment = 0x1000},
};

const struct partition_csv_rules *partition_csv_rules_of(const struct partition_csv_options *options) {
    const struct partition_csv_rules *found = rules;
    while (found->before != 0 && (options->release == NULL || options->release->version >= found->before))
        found++;
    return found;
}

uint32_t partition_csv_alignment(const struct partition_csv_rules *of, int64_t type) {
    return type == TYPE_APP ? 0x10000 : of->data_alignment;
}
