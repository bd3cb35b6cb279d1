#include "nvs_csv.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>

#include <openssl/evp.h>

#include "../base/file.h"

#define FIELDS      4u
#define KEY_MAX     (NVS_KEY_NAME_MAX_SIZE - 1)
#define NUMBER_SIZE 72u // characters of a number: 64 binary digits with their prefix and sign

struct row {
    char *fields[FIELDS]; // borrowed from the line; "" when it has fewer
};

struct parser {
    const char *path;
    size_t line; // from 1
    char name_space[NVS_NS_NAME_MAX_SIZE];
    bool in_namespace, header_seen;
    struct nvs_items *out;
    struct error *error;
};

__attribute__((format(printf, 2, 3))) static bool complain(const struct parser *parser, const char *format,
                                                           ...) {
    struct buffer text = {0};
    va_list arguments;
    va_start(arguments, format);
    buffer_vprintf(&text, format, arguments);
    va_end(arguments);
    (void)error_set(parser->error, "%s:%zu: %s", parser->path, parser->line, buffer_string(&text));
    buffer_free(&text);
    return false;
}

void nvs_items_add(struct nvs_items *items, const struct nvs_item *item) {
    items->items = memory_resize(items->items, (items->count + 1) * sizeof *items->items);
    items->items[items->count++] = *item;
}

void nvs_items_free(struct nvs_items *items) {
    for (size_t i = 0; i < items->count; i++)
        nvs_value_free(&items->items[i].value);
    free(items->items);
    *items = (struct nvs_items){0};
}

// ---- a line ---------------------------------------------------------------------------------------

static char *trim(char *text) {
    while (*text == ' ' || *text == '\t')
        text++;
    for (size_t length = strlen(text); length > 0 && strchr(" \t\r", text[length - 1]) != NULL;)
        text[--length] = '\0';
    return text;
}

// The field that begins at `text`, unquoted in place; returns what comes behind its comma, NULL: it was the last.
static char *take_field(char *text, char **field, bool *closed) {
    char *in = text, *out = text;
    while (*in == ' ' || *in == '\t')
        in++;
    bool quoted = *in == '"', open = quoted;
    in += quoted;
    *field = out;
    for (; *in != '\0' && (open || *in != ','); in++)
        if (open && *in == '"' && in[1] == '"')
            *out++ = *in++;
        else if (open && *in == '"')
            open = false;
        else
            *out++ = *in;
    char *next = *in == ',' ? in + 1 : NULL;
    *out = '\0';
    *closed = !open;
    if (!quoted)
        *field = trim(*field);
    return next;
}

static bool split(const struct parser *parser, char *line, struct row *row) {
    char *rest = line;
    for (size_t i = 0; i < FIELDS; i++) {
        static char none[1];
        bool closed = true;
        row->fields[i] = none;
        if (rest != NULL)
            rest = take_field(rest, &row->fields[i], &closed);
        if (!closed)
            return complain(parser, "a quote is not closed");
    }
    return rest == NULL || complain(parser, "more than four fields: key,type,encoding,value are wanted");
}

// ---- values ---------------------------------------------------------------------------------------

static bool parse_number(const struct parser *parser, const char *text, struct nvs_value *value) {
    const char *digits = text + (*text == '-' || *text == '+');
    bool negative = *text == '-', leading_zero = digits[0] == '0' && digits[1] >= '0' && digits[1] <= '9';
    char *end = NULL;
    errno = 0;
    uint64_t number = strtoull(digits, &end, 0);
    if (*digits < '0' || *digits > '9' || *end != '\0' || errno != 0 || leading_zero)
        return complain(parser, "`%s` is not a number of 64 bits", text);
    uint64_t most = negative ? ~nvs_type_smallest(value->type) + 1 : nvs_type_largest(value->type);
    if (number > most || (negative && number != 0 && !nvs_type_is_signed(value->type)))
        return complain(parser, "%s does not fit into %s", text, nvs_type_word(value->type));
    value->number = negative ? ~number + 1 : number;
    return true;
}

static int hex_digit(char digit) {
    const char *digits = "0123456789abcdef", *at = strchr(digits, digit | 0x20);
    return digit == '\0' || at == NULL ? -1 : (int)(at - digits);
}

static bool parse_hex(const struct parser *parser, const struct buffer *text, struct buffer *out) {
    for (size_t i = 0; i < text->length; i += 2) {
        int high = hex_digit((char)text->bytes[i]);
        int low = i + 1 < text->length ? hex_digit((char)text->bytes[i + 1]) : -1;
        if (high < 0 || low < 0)
            return complain(parser, "hex2bin: pairs of hexadecimal digits are wanted");
        uint8_t byte = (uint8_t)(high << 4 | low);
        buffer_append(out, &byte, 1);
    }
    return true;
}

static bool parse_base64(const struct parser *parser, const struct buffer *text, struct buffer *out) {
    if (text->length == 0)
        return true;
    buffer_reserve(out, text->length);
    int length = text->length % 4 != 0 || text->length > INT32_MAX
                     ? -1
                     : EVP_DecodeBlock(out->bytes, text->bytes, (int)text->length);
    if (length < 0)
        return complain(parser, "base64: the value is not of that form");
    size_t padding = text->bytes[text->length - 1] != '='   ? 0u
                     : text->bytes[text->length - 2] != '=' ? 1u
                                                            : 2u;
    out->length = (size_t)length - padding;
    return true;
}

static bool decode(const struct parser *parser, const char *encoding, const struct buffer *text,
                   struct nvs_value *value) {
    if (strcmp(encoding, "hex2bin") == 0 || strcmp(encoding, "base64") == 0) {
        value->type = NVS_TYPE_BLOB;
        return encoding[0] == 'h' ? parse_hex(parser, text, &value->bytes)
                                  : parse_base64(parser, text, &value->bytes);
    }
    if (strcmp(encoding, "binary") == 0 || strcmp(encoding, "string") == 0) {
        value->type = encoding[0] == 'b' ? NVS_TYPE_BLOB : NVS_TYPE_STR;
        if (text->length > 0)
            buffer_append(&value->bytes, text->bytes, text->length);
        return value->type == NVS_TYPE_BLOB || text->length == 0 ||
               memchr(text->bytes, 0, text->length) == NULL || complain(parser, "a string with a zero byte");
    }
    if (!nvs_type_parse(encoding, &value->type) || nvs_type_largest(value->type) == 0)
        return complain(parser, "no encoding `%s`: u8 to i64, string, hex2bin, base64 or binary is wanted",
                        encoding);
    char number[NUMBER_SIZE] = {0};
    if (text->length >= sizeof number)
        return complain(parser, "the value is no number");
    memcpy(number, buffer_string(text), text->length);
    return parse_number(parser, trim(number), value);
}

static bool read_value_file(const struct parser *parser, const char *name, struct buffer *out) {
    struct buffer path = {0};
    struct error problem = {0};
    const char *slash = strrchr(parser->path, '/');
    if (name[0] != '/' && slash != NULL)
        buffer_append(&path, parser->path, (size_t)(slash - parser->path) + 1);
    buffer_text(&path, name);
    bool fine = file_read(buffer_string(&path), NVS_CSV_SIZE_MAX, out, &problem);
    buffer_free(&path);
    return fine || complain(parser, "%s", problem.message);
}

static bool read_value(const struct parser *parser, const struct row *row, struct nvs_value *value) {
    struct buffer text = {0};
    bool fine = true;
    if (strcmp(row->fields[1], "file") == 0)
        fine = read_value_file(parser, row->fields[3], &text);
    else
        buffer_text(&text, row->fields[3]);
    fine = fine && decode(parser, row->fields[2], &text, value);
    buffer_free(&text);
    if (!fine)
        nvs_value_free(value);
    return fine;
}

// ---- rows -----------------------------------------------------------------------------------------

static bool check_name(const struct parser *parser, const char *what, const char *name) {
    size_t length = strlen(name);
    if (length == 0)
        return complain(parser, "a %s needs a name", what);
    return length <= KEY_MAX ||
           complain(parser, "`%s` has %zu characters: a %s has at most %d", name, length, what, KEY_MAX);
}

static bool read_row(struct parser *parser, const struct row *row) {
    const char *key = row->fields[0], *type = row->fields[1];
    if (!parser->header_seen) {
        static const char *const header[FIELDS] = {"key", "type", "encoding", "value"};
        for (size_t i = 0; i < FIELDS; i++)
            if (strcmp(row->fields[i], header[i]) != 0)
                return complain(parser, "the first row has to be key,type,encoding,value");
        parser->header_seen = true;
        return true;
    }
    if (strcmp(type, "namespace") == 0) {
        if (!check_name(parser, "namespace", key))
            return false;
        (void)strcpy(parser->name_space, key);
        parser->in_namespace = true;
        return true;
    }
    if (strcmp(type, "data") != 0 && strcmp(type, "file") != 0)
        return complain(parser, "no type `%s`: namespace, data or file is wanted", type);
    if (!parser->in_namespace)
        return complain(parser, "a value before the first namespace");
    if (parser->out->count == NVS_CSV_ITEMS_MAX)
        return complain(parser, "more than %u values", NVS_CSV_ITEMS_MAX);
    struct nvs_item item = {0};
    if (!check_name(parser, "key", key) || !read_value(parser, row, &item.value))
        return false;
    (void)strcpy(item.name_space, parser->name_space);
    (void)strcpy(item.key, key);
    nvs_items_add(parser->out, &item);
    return true;
}

bool nvs_csv_parse(const char *path, const struct buffer *text, struct nvs_items *out, struct error *error) {
    struct parser parser = {.path = path, .out = out, .error = error};
    *out = (struct nvs_items){0};
    char *copy = memory_text(buffer_string(text)), *next = copy;
    bool fine = text->length == 0 || strlen(copy) == text->length ||
                error_set(error, "%s: not a text: it has a zero byte", path);
    while (fine && next != NULL) {
        char *line = next, *end = strchr(line, '\n');
        next = end == NULL ? NULL : end + 1;
        if (end != NULL)
            *end = '\0';
        parser.line++;
        struct row row;
        line = trim(line);
        if (*line == '\0' || *line == '#')
            continue;
        fine = split(&parser, line, &row) && read_row(&parser, &row);
    }
    if (fine && !parser.header_seen)
        fine = error_set(error, "%s: empty: the first row has to be key,type,encoding,value", path);
    free(copy);
    if (!fine)
        nvs_items_free(out);
    return fine;
}
