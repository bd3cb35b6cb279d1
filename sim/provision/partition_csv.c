#include "partition_csv.h"

#include <stdarg.h>
#include <stdlib.h>
#include <string.h>

#include "../base/buffer.h"
#include "partition_keywords.h"
#include "partition_text.h"

#define FIELDS       6u // name, type, subtype, offset, size, flags
#define TABLE_SECTOR 0x1000u

struct parser {
    const struct partition_csv_options *options;
    const struct partition_csv_rules *rules;
    struct partition_csv_notes *notes;
    uint32_t line; // from 1
};

struct text {
    const char *begin;
    size_t length;
};

// ---- errors of a line (CSV-5) -------------------------------------------------------------------

__attribute__((format(printf, 2, 3))) static bool fail_line(struct parser *parser, const char *format, ...) {
    struct buffer message = {0};
    va_list arguments;
    va_start(arguments, format);
    buffer_vprintf(&message, format, arguments);
    va_end(arguments);
    (void)partition_csv_fail(
        parser->notes, PARTITION_CSV_INPUT_ERROR, parser->line,
        "Error at line %u: %s\nPlease check extra_partition_subtypes.inc file in build/config "
        "directory",
        parser->line, buffer_string(&message));
    buffer_free(&message);
    return false;
}

// ---- environment variables (CSV-3) --------------------------------------------------------------

static bool is_name_character(char c) {
    return (c >= 'A' && c <= 'Z') || (c >= 'a' && c <= 'z') || (c >= '0' && c <= '9') || c == '_';
}

// The name after a dollar sign; *step: how much text it takes with sign and braces. 0 length: no name.
static struct text variable_name(const char *at, size_t rest, size_t *step) {
    struct text name = {at + 1, 0};
    if (rest > 1 && at[1] == '{') {
        const char *end = memchr(at, '}', rest);
        if (end != NULL) {
            name.begin = at + 2;
            name.length = (size_t)(end - name.begin);
            *step = name.length + 3;
        }
        return name;
    }
    while (name.length + 1 < rest && is_name_character(name.begin[name.length]))
        name.length++;
    *step = name.length + 1;
    return name;
}

static void expand_variables(const struct parser *parser, struct text line, struct buffer *out) {
    for (size_t at = 0; at < line.length;) {
        size_t step = 1;
        struct text name = {0};
        if (line.begin[at] == '$')
            name = variable_name(line.begin + at, line.length - at, &step);
        const char *value = NULL;
        if (name.length > 0 && parser->options->environment != NULL) {
            char *terminated = strndup(name.begin, name.length);
            value = terminated != NULL ? parser->options->environment(terminated) : NULL;
            free(terminated);
        }
        if (value != NULL) {
            buffer_text(out, value);
        } else {
            step = name.length > 0 ? step : 1;
            buffer_append(out, line.begin + at, step);
        }
        at += step;
    }
}

static bool check_first_variable(const struct parser *parser, struct text line) {
    if (line.length < 2 || line.begin[0] != '$' || !is_name_character(line.begin[1]) ||
        (line.begin[1] >= '0' && line.begin[1] <= '9'))
        return true;
    size_t length = 1;
    while (length < line.length && is_name_character(line.begin[length]))
        length++;
    return partition_csv_fail(parser->notes, PARTITION_CSV_INPUT_ERROR, parser->line,
                              "unknown variable '%.*s'", (int)(length - 1), line.begin + 1);
}

// ---- fields (CSV-10 to CSV-26) ------------------------------------------------------------------

static char *lower_case(struct text text) {
    char *word = memory_new(text.length + 1);
    for (size_t i = 0; i < text.length; i++) {
        char c = text.begin[i];
        word[i] = c >= 'A' && c <= 'Z' ? (char)(c - 'A' + 'a') : c;
    }
    word[text.length] = '\0';
    return word;
}

static bool fail_keyword(struct parser *parser, struct text field, int64_t of_type) {
    struct buffer known = {0};
    partition_keywords_list(parser->options, of_type, &known);
    (void)fail_line(parser, "Value '%.*s' is not valid. Known keywords: %s", (int)field.length, field.begin,
                    buffer_string(&known));
    buffer_free(&known);
    return false;
}

// A number with suffixes, or what is left before them as a keyword (CSV-11). `has_keywords` false: numbers
// only.
static bool parse_value(struct parser *parser, struct text field, bool has_keywords, int64_t of_type,
                        int64_t *value) {
    size_t kilos = 0, megas = 0;
    for (; field.length > 0; field.length--) {
        char last = field.begin[field.length - 1];
        if (last == 'k' || last == 'K')
            kilos++;
        else if (last == 'm' || last == 'M')
            megas++;
        else
            break;
    }
    if (!partition_csv_integer(field.begin, field.length, value)) {
        if (!has_keywords || !partition_keywords_exist(parser->options, of_type))
            return fail_line(parser, "Invalid field value %.*s", (int)field.length, field.begin);
        char *word = lower_case(field);
        bool found = partition_keyword_find(parser->options, of_type, word, value);
        free(word);
        if (!found)
            return fail_keyword(parser, field, of_type);
    }
    while (*value != 0 && kilos-- > 0)
        *value = partition_csv_multiply(*value, 1u << 10);
    while (*value != 0 && megas-- > 0)
        *value = partition_csv_multiply(*value, 1u << 20);
    return true;
}

static bool parse_type(struct parser *parser, struct text field, int64_t *type) {
    if (field.length == 0)
        return fail_line(parser, "Field 'type' can't be left empty.");
    return parse_value(parser, field, true, ALL_TYPES, type);
}

static bool parse_subtype(struct parser *parser, struct text field, int64_t type, int64_t *subtype) {
    if (field.length > 0)
        return parse_value(parser, field, type >= 0, type, subtype);
    if (type == TYPE_APP)
        return fail_line(parser, "App partition cannot have an empty subtype");
    *subtype = DATA_UNDEFINED;
    return true;
}

static bool is_system(const struct parser *parser, int64_t type) {
    return parser->rules->knows_system_types && (type == TYPE_BOOTLOADER || type == TYPE_PARTITION_TABLE);
}

static bool is_primary(const struct partition_csv_rules *rules, const struct partition_entry *entry) {
    return rules->knows_system_types &&
           (entry->type == TYPE_BOOTLOADER || entry->type == TYPE_PARTITION_TABLE) &&
           entry->subtype == SYSTEM_PRIMARY;
}

static bool primary_offset(struct parser *parser, int64_t *offset) {
    *offset = parser->options->primary_bootloader_offset;
    return parser->options->has_primary_bootloader_offset ||
           fail_line(parser,
                     "Primary bootloader offset is not defined. Please use --primary-bootloader-offset");
}

static bool recovery_offset(struct parser *parser, int64_t *offset) {
    *offset = parser->options->recovery_bootloader_offset;
    return parser->options->has_recovery_bootloader_offset ||
           fail_line(parser,
                     "Recovery bootloader offset is not defined. Please use --recovery-bootloader-offset");
}

// *known false: to be chosen by place_partitions.
static bool parse_offset(struct parser *parser, struct text field, struct partition_entry *entry,
                         bool *known) {
    *known = true;
    if (is_system(parser, entry->type)) {
        if (entry->type == TYPE_BOOTLOADER && entry->subtype == SYSTEM_PRIMARY)
            return primary_offset(parser, &entry->offset);
        if (entry->type == TYPE_BOOTLOADER && entry->subtype == BOOTLOADER_RECOVERY)
            return recovery_offset(parser, &entry->offset);
        if (entry->subtype == SYSTEM_PRIMARY) {
            entry->offset = parser->options->table_offset;
            return true;
        }
    }
    *known = field.length > 0;
    return !*known || parse_value(parser, field, false, 0, &entry->offset);
}

static bool parse_size(struct parser *parser, struct text field, struct partition_entry *entry) {
    if (is_system(parser, entry->type) && entry->type == TYPE_PARTITION_TABLE) {
        entry->size = TABLE_SECTOR;
        return true;
    }
    if (is_system(parser, entry->type)) {
        int64_t primary;
        if (!primary_offset(parser, &primary))
            return false;
        entry->size = (int64_t)parser->options->table_offset - primary;
        return true;
    }
    if (field.length == 0)
        return fail_line(parser, "Size field can't be empty");
    return parse_value(parser, field, false, 0, &entry->size);
}

static bool text_is(struct text text, const char *word) {
    return text.length == strlen(word) && memcmp(text.begin, word, text.length) == 0;
}

static bool parse_flags(struct parser *parser, struct text field, struct partition_entry *entry) {
    const char *end = field.begin + field.length;
    for (const char *at = field.begin; at <= end;) {
        const char *colon = memchr(at, ':', (size_t)(end - at));
        struct text flag = {at, (size_t)((colon != NULL ? colon : end) - at)};
        if (text_is(flag, "encrypted"))
            entry->encrypted = true;
        else if (parser->rules->knows_readonly && text_is(flag, "readonly"))
            entry->readonly = true;
        else if (flag.length > 0)
            return fail_line(parser, "CSV flag column contains unknown flag '%.*s'", (int)flag.length,
                             flag.begin);
        if (colon == NULL)
            break;
        at = colon + 1;
    }
    return true;
}

static void split_fields(struct text line, struct text fields[FIELDS]) {
    const char *at = line.begin, *end = line.begin + line.length;
    for (size_t i = 0; i < FIELDS; i++) {
        const char *comma = memchr(at, ',', (size_t)(end - at));
        fields[i] = (struct text){at, (size_t)((comma != NULL ? comma : end) - at)};
        partition_csv_trim(&fields[i].begin, &fields[i].length);
        at = comma != NULL ? comma + 1 : end;
    }
}

// ---- placement (CSV-30) -------------------------------------------------------------------------

static bool fail_overlap(struct partition_csv_notes *notes, const struct partition_entry *entry, bool first,
                         int64_t table_offset, int64_t end) {
    char at[HEX_TEXT_SIZE], table[HEX_TEXT_SIZE], free_from[HEX_TEXT_SIZE];
    (void)partition_csv_hex(entry->offset, at);
    (void)partition_csv_hex(table_offset, table);
    (void)partition_csv_hex(end, free_from);
    if (first)
        return partition_csv_fail(
            notes, PARTITION_CSV_INPUT_ERROR, entry->line,
            "CSV Error at line %u: Partitions overlap. Partition sets offset %s. But partition "
            "table occupies the whole sector %s. Use a free offset %s or higher.",
            entry->line, at, table, free_from);
    return partition_csv_fail(
        notes, PARTITION_CSV_INPUT_ERROR, entry->line,
        "CSV Error at line %u: Partitions overlap. Partition sets offset %s. Previous partition "
        "ends %s",
        entry->line, at, free_from);
}

// The original tells the first row by its contents: another one that says the same is taken for it.
static bool equals(const struct partition_entry *a, const struct partition_entry *b) {
    return strcmp(a->name, b->name) == 0 && a->type == b->type && a->subtype == b->subtype &&
           a->offset == b->offset && a->size == b->size;
}

// Resolves missing offsets and negative sizes. `known[i]`: row i states its offset.
static bool place_partitions(const struct partition_csv_options *options,
                             struct partition_table_layout *layout, const struct buffer *known,
                             struct partition_csv_notes *notes) {
    const struct partition_csv_rules *rules = partition_csv_rules_of(options);
    int64_t end = (int64_t)options->table_offset + TABLE_SECTOR;
    for (size_t i = 0; i < layout->count; i++) {
        struct partition_entry *entry = &layout->entries[i];
        if (is_primary(rules, entry))
            continue;
        if (known->bytes[i] != 0 && entry->offset < end)
            return fail_overlap(notes, entry, equals(entry, &layout->entries[0]), options->table_offset, end);
        if (known->bytes[i] == 0) {
            int64_t step = partition_csv_alignment(rules, entry->type);
            entry->offset = (end + step - 1) / step * step;
        }
        if (entry->size < 0)
            entry->size = -entry->size - entry->offset;
        end = entry->offset + entry->size;
    }
    return true;
}

// ---- a whole text -------------------------------------------------------------------------------

static bool parse_partition(struct parser *parser, struct text line, struct partition_table_layout *layout,
                            struct buffer *known_offsets) {
    struct text fields[FIELDS];
    split_fields(line, fields);
    struct partition_entry *entry = partition_layout_add(layout);
    entry->line = parser->line;
    entry->name = memory_new(fields[0].length + 1);
    memcpy(entry->name, fields[0].begin, fields[0].length);
    entry->name[fields[0].length] = '\0';
    bool known = false;
    bool fine = parse_type(parser, fields[1], &entry->type) &&
                parse_subtype(parser, fields[2], entry->type, &entry->subtype) &&
                parse_offset(parser, fields[3], entry, &known) && parse_size(parser, fields[4], entry) &&
                parse_flags(parser, fields[5], entry);
    buffer_append(known_offsets, &(uint8_t){known}, 1);
    return fine;
}

static bool parse_lines(struct parser *parser, const struct buffer *text,
                        struct partition_table_layout *layout, struct buffer *known_offsets) {
    struct text raw;
    struct buffer expanded = {0};
    bool fine = true;
    for (size_t at = 0; fine && partition_csv_next_line(text, &at, &raw.begin, &raw.length);) {
        parser->line++;
        expanded.length = 0;
        expand_variables(parser, raw, &expanded);
        struct text line = {buffer_string(&expanded), expanded.length};
        fine = check_first_variable(parser, line);
        partition_csv_trim(&line.begin, &line.length);
        if (fine && line.length > 0 && line.begin[0] != '#')
            fine = parse_partition(parser, line, layout, known_offsets);
    }
    buffer_free(&expanded);
    return fine;
}

// CSV-27, CSV-80.
static bool check_options(const struct partition_csv_options *options, struct partition_csv_notes *notes) {
    if (options->has_primary_bootloader_offset && options->primary_bootloader_offset >= options->table_offset)
        return partition_csv_fail(
            notes, PARTITION_CSV_INPUT_ERROR, 0,
            "the primary bootloader (at 0x%x) must lie below the partition table (at 0x%x)",
            options->primary_bootloader_offset, options->table_offset);
    struct partition_csv_options so_far = *options;
    for (size_t i = 0; i < options->extra_subtype_count; i++) {
        const struct partition_extra_subtype *extra = &options->extra_subtypes[i];
        so_far.extra_subtype_count = i;
        if (extra->type > TYPE_PARTITION_TABLE ||
            partition_keyword_name(&so_far, extra->type, extra->value) != NULL)
            return partition_csv_fail(notes, PARTITION_CSV_INPUT_ERROR, 0,
                                      "extra subtype %s: its type does not exist or its value 0x%x is taken",
                                      extra->name, extra->value);
    }
    return true;
}

// CSV-2, RL-39.
static bool detects_encoding(const struct partition_csv_options *options) {
    return options->release == NULL || options->release->csv_byte_order_mark;
}

bool partition_csv_parse(const void *text, size_t length, const struct partition_csv_options *options,
                         struct partition_table_layout *out, struct partition_csv_notes *notes) {
    struct parser parser = {.options = options, .rules = partition_csv_rules_of(options), .notes = notes};
    struct buffer decoded = {0}, known_offsets = {0};
    *out = (struct partition_table_layout){0};
    bool fine = check_options(options, notes);
    if (fine && length > PARTITION_CSV_SIZE_MAX)
        fine = partition_csv_fail(notes, PARTITION_CSV_INPUT_ERROR, 0, "the text is longer than %u bytes",
                                  PARTITION_CSV_SIZE_MAX);
    if (fine && !partition_csv_decode(text, length, detects_encoding(options), &decoded))
        fine = partition_csv_fail(
            notes, PARTITION_CSV_INPUT_ERROR, 0,
            "neither a binary partition table (it would begin with AA 50) nor text in UTF-8");
    fine = fine && parse_lines(&parser, &decoded, out, &known_offsets) &&
           place_partitions(options, out, &known_offsets, notes);
    if (!fine)
        partition_table_layout_free(out);
    buffer_free(&decoded);
    buffer_free(&known_offsets);
    return fine;
}
