// A partition table as code wants it: a list.
#ifndef SIM_PROVISION_PARTITION_LAYOUT_H
#define SIM_PROVISION_PARTITION_LAYOUT_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

// One partition. Numbers are not range-checked before they are encoded (CSV-12), hence 64 bits with sign.
struct partition_entry {
    char *name; // UTF-8, uncut (CSV-20); owned by the layout
    int64_t type, subtype;
    int64_t offset; // bytes
    int64_t size;   // bytes
    bool encrypted, readonly;
    uint32_t other_flags; // flag bits without a name, from a binary; never encoded (as the generator)
    uint32_t line;        // of the CSV, from 1; 0: from a binary
};

struct partition_table_layout {
    struct partition_entry *entries; // in file order; owned
    size_t count, capacity;
};

void partition_table_layout_free(struct partition_table_layout *layout);

// First partition with that name / of that type and subtype; NULL: none.
const struct partition_entry *partition_find(const struct partition_table_layout *layout, const char *name);
const struct partition_entry *partition_find_type(const struct partition_table_layout *layout, uint8_t type,
                                                  uint8_t subtype);

// Appends a zeroed entry.
struct partition_entry *partition_layout_add(struct partition_table_layout *layout);

#endif
