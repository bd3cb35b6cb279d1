#include "vector.h"

#include <stdlib.h>
#include <string.h>
#include <zlib.h>

#define SHOWN_MAX 400 // characters of a value in a message

void vector_free(struct vector *vector) {
    buffer_free(&vector->problem);
    buffer_free(&vector->difference);
}

// ---- fields -------------------------------------------------------------------------------------

bool vector_malformed(struct vector *vector, const char *format, ...) {
    if (vector->problem.length == 0) {
        va_list arguments;
        va_start(arguments, format);
        buffer_vprintf(&vector->problem, format, arguments);
        va_end(arguments);
    }
    return false;
}

const json_t *vector_array(struct vector *vector, const json_t *object, const char *key) {
    const json_t *value = json_object_get(object, key);
    if (!json_is_array(value))
        (void)vector_malformed(vector, "`%s` must be a list", key);
    return json_is_array(value) ? value : NULL;
}

const json_t *vector_object(struct vector *vector, const json_t *object, const char *key) {
    const json_t *value = json_object_get(object, key);
    if (!json_is_object(value))
        (void)vector_malformed(vector, "`%s` must be an object", key);
    return json_is_object(value) ? value : NULL;
}

const char *vector_text(struct vector *vector, const json_t *object, const char *key) {
    const char *text = json_string_value(json_object_get(object, key));
    if (text == NULL)
        (void)vector_malformed(vector, "`%s` must be a text", key);
    return text;
}

uint32_t vector_number_value(struct vector *vector, const json_t *value, const char *what) {
    json_int_t number = json_integer_value(value);
    if (!json_is_integer(value) || number < 0 || number > UINT32_MAX) {
        (void)vector_malformed(vector, "`%s` must be a number from 0 to 4294967295", what);
        return 0;
    }
    return (uint32_t)number;
}

uint32_t vector_number(struct vector *vector, const json_t *object, const char *key) {
    return vector_number_value(vector, json_object_get(object, key), key);
}

uint32_t vector_number_or(struct vector *vector, const json_t *object, const char *key, uint32_t otherwise) {
    const json_t *value = json_object_get(object, key);
    return value == NULL ? otherwise : vector_number_value(vector, value, key);
}

static int digit_value(char digit) {
    if (digit >= '0' && digit <= '9')
        return digit - '0';
    if (digit >= 'a' && digit <= 'f')
        return digit - 'a' + 10;
    return -1;
}

bool vector_hex_value(struct vector *vector, const json_t *value, const char *what, struct buffer *out) {
    const char *text = json_string_value(value);
    size_t length = json_string_length(value);
    if (text == NULL || length % 2 != 0)
        return vector_malformed(vector, "`%s` must be hex digits", what);
    buffer_reserve(out, length / 2);
    for (size_t i = 0; i < length; i += 2) {
        int high = digit_value(text[i]), low = digit_value(text[i + 1]);
        if (high < 0 || low < 0)
            return vector_malformed(vector, "`%s` must be hex digits", what);
        out->bytes[out->length++] = (uint8_t)(high << 4 | low);
    }
    return true;
}

bool vector_hex(struct vector *vector, const json_t *object, const char *key, struct buffer *out) {
    return vector_hex_value(vector, json_object_get(object, key), key, out);
}

json_t *json_hex(const void *bytes, size_t length) {
    static const char digits[] = "0123456789abcdef";
    char *text = memory_new(2 * length + 1);
    for (size_t i = 0; i < length; i++) {
        uint8_t byte = ((const uint8_t *)bytes)[i];
        text[2 * i] = digits[byte >> 4];
        text[2 * i + 1] = digits[byte & 15];
    }
    json_t *json = json_stringn_nocheck(text, 2 * length);
    free(text);
    return json;
}

json_t *json_crc(const void *bytes, size_t length) {
    uint32_t crc = (uint32_t)crc32_z(0, bytes, length);
    uint8_t big_endian[4] = {(uint8_t)(crc >> 24), (uint8_t)(crc >> 16), (uint8_t)(crc >> 8), (uint8_t)crc};
    return json_hex(big_endian, sizeof big_endian);
}

// ---- comparison ---------------------------------------------------------------------------------

static bool is_informative(const char *key) {
    return strcmp(key, "why") == 0 || strcmp(key, "msg") == 0;
}

// Objects that differ only in informative keys are equal.
static bool same(const json_t *expected, const json_t *got) {
    if (!json_is_object(expected) || !json_is_object(got))
        return json_equal(expected, got) != 0;
    const char *key;
    json_t *value;
    size_t compared = 0;
    json_object_foreach ((json_t *)(uintptr_t)expected, key, value) {
        if (is_informative(key))
            continue;
        if (json_equal(value, json_object_get(got, key)) == 0)
            return false;
        compared++;
    }
    return compared == json_object_size(got);
}

static void show(struct buffer *out, const char *title, const json_t *value) {
    if (value == NULL) {
        buffer_printf(out, "    %s nothing\n", title);
        return;
    }
    char *text = json_dumps(value, JSON_COMPACT | JSON_ENCODE_ANY);
    bool cut = strlen(text) > SHOWN_MAX;
    buffer_printf(out, "    %s %.*s%s\n", title, SHOWN_MAX, text, cut ? "..." : "");
    free(text);
}

// Narrows a difference down to the first list element or key that differs.
static void describe(struct buffer *out, const json_t *expected, const json_t *got) {
    size_t index;
    const char *key;
    json_t *value;
    if (json_is_array(expected) && json_is_array(got)) {
        for (index = 0; json_equal(json_array_get(expected, index), json_array_get(got, index)) != 0; index++)
            continue;
        buffer_printf(out, "[%zu]\n", index);
        show(out, "expected", json_array_get(expected, index));
        show(out, "got     ", json_array_get(got, index));
        return;
    }
    if (json_is_object(expected) && json_is_object(got)) {
        json_object_foreach ((json_t *)(uintptr_t)expected, key, value) {
            if (!is_informative(key) && json_equal(value, json_object_get(got, key)) == 0) {
                buffer_printf(out, ".%s", key);
                describe(out, value, json_object_get(got, key));
                return;
            }
        }
    }
    buffer_text(out, "\n");
    show(out, "expected", expected);
    show(out, "got     ", got);
}

bool vector_expect(struct vector *vector, const json_t *expected, json_t *got, const char *where, ...) {
    bool equal = expected == NULL || got == NULL ? expected == got : same(expected, got);
    if (!equal && vector->difference.length == 0) {
        va_list arguments;
        va_start(arguments, where);
        buffer_text(&vector->difference, "  ");
        buffer_vprintf(&vector->difference, where, arguments);
        va_end(arguments);
        describe(&vector->difference, expected, got);
    }
    json_decref(got);
    return equal;
}
