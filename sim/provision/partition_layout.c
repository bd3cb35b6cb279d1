#include "partition_layout.h"

#include <stdlib.h>
#include <string.h>

#include "../base/buffer.h"

struct partition_entry *partition_layout_add(struct partition_table_layout *layout) {
    if (layout->count == layout->capacity) {
        layout->capacity = layout->capacity == 0 ? 16 : 2 * layout->capacity;
        layout->entries = memory_resize(layout->entries, layout->capacity * sizeof *layout->entries);
    }
    struct partition_entry *entry = &layout->entries[layout->count++];
    *entry = (struct partition_entry){0};
    return entry;
}

void partition_table_layout_free(struct partition_table_layout *layout) {
    for (size_t i = 0; i < layout->count; i++)
        free(layout->entries[i].name);
    free(layout->entries);
    *layout = (struct partition_table_layout){0};
}

const struct partition_entry *partition_find(const struct partition_table_layout *layout, const char *name) {
    for (size_t i = 0; i < layout->count; i++)
        if (strcmp(layout->entries[i].name, name) == 0)
            return &layout->entries[i];
    return NULL;
}

const struct partition_entry *partition_find_type(const struct partition_table_layout *layout, uint8_t type,
                                                  uint8_t subtype) {
    for (size_t i = 0; i < layout->count; i++)
        if (layout->entries[i].type == type && layout->entries[i].subtype == subtype)
            return &layout->entries[i];
    return NULL;
}
