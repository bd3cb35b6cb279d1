#include "partition_print.h"

#include <inttypes.h>

#include "partition_keywords.h"
#include "partition_text.h"

static void print_keyword(const struct partition_csv_options *options, int64_t of_type, int64_t value,
                          struct buffer *out) {
    const char *word = partition_keyword_name(options, of_type, value);
    if (word != NULL)
        buffer_text(out, word);
    else
        buffer_printf(out, "%" PRId64, value);
}

static void print_size(int64_t size, struct buffer *out) {
    char text[HEX_TEXT_SIZE];
    if (size % (1 << 20) == 0)
        buffer_printf(out, "%" PRId64 "M", size >> 20);
    else if (size % (1 << 10) == 0)
        buffer_printf(out, "%" PRId64 "K", size >> 10);
    else
        buffer_text(out, partition_csv_hex(size, text));
}

void partition_table_layout_print(const struct partition_table_layout *layout,
                                  const struct partition_csv_options *options, struct buffer *out) {
    buffer_text(out, "# ESP-IDF Partition Table\n# Name, Type, SubType, Offset, Size, Flags\n");
    for (size_t i = 0; i < layout->count; i++) {
        const struct partition_entry *entry = &layout->entries[i];
        char offset[HEX_TEXT_SIZE];
        buffer_printf(out, "%s,", entry->name);
        print_keyword(options, ALL_TYPES, entry->type, out);
        buffer_text(out, ",");
        print_keyword(options, entry->type, entry->subtype, out);
        buffer_printf(out, ",%s,", partition_csv_hex(entry->offset, offset));
        print_size(entry->size, out);
        buffer_printf(out, ",%s%s%s\n", entry->encrypted ? "encrypted" : "",
                      entry->encrypted && entry->readonly ? ":" : "", entry->readonly ? "readonly" : "");
    }
}
