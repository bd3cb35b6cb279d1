// From a list of partitions to CSV (CSV-82), the conversion in both directions, and what it has to say.
#include "partition_csv_internal.h"

#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

// ---- notes --------------------------------------------------------------------------------------

static char *format_text(const char *format, va_list arguments) {
    struct buffer text = {0};
    buffer_vprintf(&text, format, arguments);
    char *copy = memory_text(buffer_string(&text));
    buffer_free(&text);
    return copy;
}

bool partition_csv_fail(struct partition_csv_notes *notes, enum partition_csv_failure failure, uint32_t line,
                        const char *format, ...) {
    if (notes->failure != PARTITION_CSV_FINE)
        return false;
    va_list arguments;
    va_start(arguments, format);
    notes->failure = failure;
    notes->line = line;
    notes->message = format_text(format, arguments);
    va_end(arguments);
    return false;
}

void partition_csv_warn(struct partition_csv_notes *notes, const char *format, ...) {
    va_list arguments;
    va_start(arguments, format);
    notes->warnings = memory_resize(notes->warnings, (notes->warning_count + 1) * sizeof *notes->warnings);
    notes->warnings[notes->warning_count++] = format_text(format, arguments);
    va_end(arguments);
}

void partition_csv_notes_free(struct partition_csv_notes *notes) {
    free(notes->message);
    for (size_t i = 0; i < notes->warning_count; i++)
        free(notes->warnings[i]);
    free(notes->warnings);
    *notes = (struct partition_csv_notes){0};
}

const char *partition_csv_failure_name(enum partition_csv_failure failure) {
    switch (failure) {
    case PARTITION_CSV_INPUT_ERROR:
        return "InputError";
    case PARTITION_CSV_VALIDATION_ERROR:
        return "ValidationError";
    case PARTITION_CSV_PACK_ERROR:
        return "struct.error";
    default:
        return "";
    }
}

const char *partition_csv_hex(int64_t value, char text[HEX_TEXT_SIZE]) {
    uint64_t magnitude = value < 0 ? (uint64_t)-value : (uint64_t)value;
    (void)snprintf(text, HEX_TEXT_SIZE, "0x%s%" PRIx64, value < 0 ? "-" : "", magnitude);
    return text;
}

struct partition_csv_options partition_csv_options_default(void) {
    return (struct partition_csv_options){.table_offset = PARTITION_TABLE_OFFSET_DEFAULT};
}

// ---- CSV ----------------------------------------------------------------------------------------

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

// ---- both directions ----------------------------------------------------------------------------

bool partition_table_convert(const void *input, size_t length, const struct partition_csv_options *options,
                             struct buffer *out, struct partition_csv_notes *notes) {
    bool binary = partition_table_is_binary(input, length);
    struct partition_table_layout layout;
    bool fine = binary ? partition_table_layout_decode(input, length, options, &layout, notes)
                       : partition_csv_parse(input, length, options, &layout, notes);
    if (!fine)
        return false;
    fine = partition_table_layout_verify(&layout, options, notes);
    if (fine && binary)
        partition_table_layout_print(&layout, options, out);
    else if (fine)
        fine = partition_table_layout_encode(&layout, options, out, notes);
    partition_table_layout_free(&layout);
    return fine;
}
