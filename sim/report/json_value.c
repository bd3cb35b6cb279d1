#include "json_value.h"

#include <stdlib.h>

#include "report_text.h"

json_t *json_value_text(const char *text) {
    if (!text)
        return json_null();
    struct buffer clean = {0};
    text_utf8(&clean, text);
    json_t *string = json_stringn(buffer_string(&clean), clean.length);
    buffer_free(&clean);
    return string;
}

json_t *json_value_count(uint64_t count) {
    return json_integer(count > INT64_MAX ? INT64_MAX : (json_int_t)count);
}

json_t *json_value_us(uint64_t ns) {
    return json_real((double)ns / 1000.0);
}

void json_put(json_t *object, const char *key, json_t *value) {
    if (json_object_set_new(object, key, value) != 0)
        abort(); // out of memory: nothing sensible is left to do
}

void json_put_text(json_t *object, const char *key, const char *text) {
    json_put(object, key, json_value_text(text));
}

void json_put_count(json_t *object, const char *key, uint64_t count) {
    json_put(object, key, json_value_count(count));
}

static int append_chunk(const char *bytes, size_t length, void *out) {
    buffer_append(out, bytes, length);
    return 0;
}

void json_print(const json_t *value, size_t flags, struct buffer *out) {
    json_dump_callback(value, append_chunk, out, flags | JSON_REAL_PRECISION(15));
}
