#include "parttool.h"

#include <ctype.h>
#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "../base/file.h"
#include "partition_binary.h"
#include "partition_csv.h"
#include "partition_keywords.h"
#include "partition_text.h"

#define OTA_SUBTYPES 16

// ---- the table ----------------------------------------------------------------------------------

static bool read_layout(const void *bytes, size_t length, const char *name,
                        const struct partition_csv_options *options, struct partition_table_layout *out,
                        struct error *error) {
    struct partition_csv_notes notes = {0};
    bool fine = partition_table_is_binary(bytes, length)
                    ? partition_table_layout_decode(bytes, length, options, out, &notes)
                    : partition_csv_parse(bytes, length, options, out, &notes);
    if (!fine)
        (void)error_set(error, "%s: %s", name, partition_csv_notes_line(&notes));
    partition_csv_notes_free(&notes);
    return fine;
}

bool parttool_table_of_dump(const struct buffer *dump, const struct partition_csv_options *options,
                            struct partition_table_layout *out, struct error *error) {
    uint32_t offset = options->table_offset;
    char name[64];
    snprintf(name, sizeof name, "the partition table at 0x%" PRIx32, offset);
    if (offset >= dump->length)
        return error_set(error, "%s lies beyond the end of the flash file (%zu bytes)", name, dump->length);
    size_t length = dump->length - offset;
    if (length > PARTITION_TABLE_SIZE)
        length = PARTITION_TABLE_SIZE;
    if (!partition_table_is_binary(dump->bytes + offset, length))
        return error_set(error, "%s: there is none; --partition-table-offset says where it lies", name);
    return read_layout(dump->bytes + offset, length, name, options, out, error);
}

bool parttool_table_of_file(const char *path, const struct partition_csv_options *options,
                            struct partition_table_layout *out, struct error *error) {
    struct buffer file = {0};
    bool fine = file_read(path, PARTITION_CSV_SIZE_MAX, &file, error) &&
                read_layout(file.bytes, file.length, path, options, out, error);
    buffer_free(&file);
    return fine;
}

// ---- which partition ----------------------------------------------------------------------------

static bool word_or_number(const struct partition_csv_options *options, int64_t of_type, const char *text,
                           const char *what, int64_t *value, struct error *error) {
    if (partition_csv_integer(text, strlen(text), value) ||
        partition_keyword_find(options, of_type, text, value))
        return true;
    struct buffer known = {0};
    partition_keywords_list(options, of_type, &known);
    (void)error_set(error, "`%s` is no %s: a number, or one of %s", text, what, buffer_string(&known));
    buffer_free(&known);
    return false;
}

bool parttool_type(const struct partition_csv_options *options, const char *text, int64_t *type,
                   struct error *error) {
    return word_or_number(options, ALL_TYPES, text, "partition type", type, error);
}

bool parttool_subtype(const struct partition_csv_options *options, int64_t type, const char *text,
                      int64_t *subtype, struct error *error) {
    return word_or_number(options, type, text, "subtype of that type", subtype, error);
}

static char *trimmed(char *text) {
    while (*text == ' ')
        text++;
    for (size_t length = strlen(text); length > 0 && text[length - 1] == ' '; length--)
        text[length - 1] = '\0';
    return text;
}

bool partition_extra_subtype_parse(const char *text, struct partition_extra_subtype *out, char **text_out,
                                   struct error *error) {
    struct partition_csv_options options = partition_csv_options_default();
    char *copy = memory_text(text), *rest = copy, *end = NULL;
    char *type = strsep(&rest, ","), *name = strsep(&rest, ","), *value = rest;
    int64_t type_value = 0;
    unsigned long number = 0;
    bool fine = name != NULL && value != NULL &&
                partition_keyword_find(&options, ALL_TYPES, trimmed(type), &type_value);
    if (fine) {
        name = trimmed(name);
        value = trimmed(value);
        number = strtoul(value, &end, 16);
        fine = *name != '\0' && isxdigit((unsigned char)value[0]) && *end == '\0' && number <= UINT8_MAX;
    }
    if (!fine) {
        free(copy);
        return error_set(
            error, "`%s` is no subtype: \"type, name, hexvalue\" is, such as \"data, mine, 0x41\"", text);
    }
    *out = (struct partition_extra_subtype){(uint8_t)type_value, name, (uint8_t)number};
    *text_out = copy;
    return true;
}

static bool is_meant(const struct partition_entry *entry, const struct parttool_choice *choice) {
    if (choice->by == PARTTOOL_BY_NAME)
        return strcmp(entry->name, choice->name) == 0;
    return entry->type == choice->type && entry->subtype == choice->subtype;
}

static const struct partition_entry *find_boot_default(const struct partition_table_layout *layout) {
    const struct partition_entry *found = partition_find_type(layout, TYPE_APP, 0);
    for (uint8_t slot = 0; slot < OTA_SUBTYPES && found == NULL; slot++)
        found = partition_find_type(layout, TYPE_APP, (uint8_t)(APP_OTA_0 + slot));
    return found;
}

const struct partition_entry *parttool_find(const struct partition_table_layout *layout,
                                            const struct parttool_choice *choice,
                                            const struct partition_entry *after) {
    if (choice->by == PARTTOOL_BOOT_DEFAULT)
        return after == NULL ? find_boot_default(layout) : NULL;
    size_t next = after == NULL ? 0 : (size_t)(after - layout->entries) + 1;
    for (; next < layout->count; next++)
        if (is_meant(&layout->entries[next], choice))
            return &layout->entries[next];
    return NULL;
}

void parttool_choice_print(const struct parttool_choice *choice, struct buffer *out) {
    if (choice->by == PARTTOOL_BY_NAME)
        buffer_printf(out, "partition `%s`", choice->name);
    else if (choice->by == PARTTOOL_BY_TYPE)
        buffer_printf(out, "partition of type %" PRId64 " and subtype %" PRId64, choice->type,
                      choice->subtype);
    else
        buffer_text(out, "partition that boots by default");
}

// ---- what is asked about it ---------------------------------------------------------------------

static void print_keyword(const char *keyword, uint8_t number, struct buffer *out) {
    if (keyword != NULL)
        buffer_text(out, keyword);
    else
        buffer_printf(out, "0x%02x", number);
}

void parttool_kind_print(uint8_t type, uint8_t subtype, struct buffer *out) {
    struct partition_csv_options options = partition_csv_options_default();
    print_keyword(partition_keyword_name(&options, ALL_TYPES, type), type, out);
    buffer_text(out, "/");
    print_keyword(partition_keyword_name(&options, type, subtype), subtype, out);
}

static bool info_value(const struct partition_entry *partition, const char *name, struct buffer *out) {
    char hex[HEX_TEXT_SIZE];
    if (strcmp(name, "name") == 0)
        buffer_text(out, partition->name);
    else if (strcmp(name, "type") == 0)
        buffer_printf(out, "%" PRId64, partition->type);
    else if (strcmp(name, "subtype") == 0)
        buffer_printf(out, "%" PRId64, partition->subtype);
    else if (strcmp(name, "offset") == 0)
        buffer_text(out, partition_csv_hex(partition->offset, hex));
    else if (strcmp(name, "size") == 0)
        buffer_text(out, partition_csv_hex(partition->size, hex));
    else if (strcmp(name, "encrypted") == 0)
        buffer_text(out, partition->encrypted ? "True" : "False");
    else if (strcmp(name, "readonly") == 0)
        buffer_text(out, partition->readonly ? "True" : "False");
    else
        return false;
    return true;
}

bool parttool_info(const struct partition_entry *partition, const char *const *wanted, size_t wanted_count,
                   struct buffer *out, struct error *error) {
    for (size_t i = 0; i < wanted_count; i++) {
        if (out->length > 0)
            buffer_text(out, " ");
        if (!info_value(partition, wanted[i], out))
            return error_set(error,
                             "nothing is known as `%s` of a partition: name, type, subtype, offset, size, "
                             "encrypted and readonly are",
                             wanted[i]);
    }
    return true;
}

// ---- contents -----------------------------------------------------------------------------------

static bool check_place(const struct buffer *dump, const struct partition_entry *partition,
                        struct error *error) {
    uint64_t length = dump->length;
    bool inside = partition->offset >= 0 && partition->size >= 0 && (uint64_t)partition->offset <= length &&
                  (uint64_t)partition->size <= length - (uint64_t)partition->offset;
    if (inside)
        return true;
    char offset[HEX_TEXT_SIZE], size[HEX_TEXT_SIZE];
    return error_set(error,
                     "partition `%s` (%s bytes at %s) lies beyond the end of the flash file (%zu bytes)",
                     partition->name, partition_csv_hex(partition->size, size),
                     partition_csv_hex(partition->offset, offset), dump->length);
}

bool parttool_read(const struct buffer *dump, const struct partition_entry *partition, struct buffer *out,
                   struct error *error) {
    if (!check_place(dump, partition, error))
        return false;
    buffer_append(out, dump->bytes + partition->offset, (size_t)partition->size);
    return true;
}

// esptool erases sectors only.
static bool check_sectors(const struct partition_entry *partition, struct error *error) {
    if (partition->offset % 0x1000 == 0 && partition->size % 0x1000 == 0)
        return true;
    char offset[HEX_TEXT_SIZE], size[HEX_TEXT_SIZE];
    return error_set(error,
                     "partition `%s` cannot be erased: %s bytes at %s are not whole sectors of 0x1000 bytes",
                     partition->name, partition_csv_hex(partition->size, size),
                     partition_csv_hex(partition->offset, offset));
}

bool parttool_erase(struct buffer *dump, const struct partition_entry *partition, struct error *error) {
    if (!check_place(dump, partition, error) || !check_sectors(partition, error))
        return false;
    memset(dump->bytes + partition->offset, 0xFF, (size_t)partition->size);
    return true;
}

bool parttool_write(struct buffer *dump, const struct partition_entry *partition, const struct buffer *bytes,
                    bool ignore_readonly, struct error *error) {
    if (partition->readonly && !ignore_readonly)
        return error_set(error, "partition `%s` is read-only; --ignore-readonly writes it all the same",
                         partition->name);
    if (bytes->length > (uint64_t)partition->size)
        return error_set(error,
                         "Input file size exceeds partition size: %zu bytes for partition `%s` of %" PRId64,
                         bytes->length, partition->name, partition->size);
    if (!parttool_erase(dump, partition, error))
        return false;
    if (bytes->length > 0)
        memcpy(dump->bytes + partition->offset, bytes->bytes, bytes->length);
    return true;
}
