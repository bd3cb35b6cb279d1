#include "nvs_item.h"

#include <inttypes.h>
#include <string.h>

#define BYTES_SHOWN 16u

static const struct {
    const char *word;
    nvs_type_t type;
    unsigned bits; // of integers
    bool is_signed;
} types[] = {
    {"u8", NVS_TYPE_U8, 8, false},     {"i8", NVS_TYPE_I8, 8, true},     {"u16", NVS_TYPE_U16, 16, false},
    {"i16", NVS_TYPE_I16, 16, true},   {"u32", NVS_TYPE_U32, 32, false}, {"i32", NVS_TYPE_I32, 32, true},
    {"u64", NVS_TYPE_U64, 64, false},  {"i64", NVS_TYPE_I64, 64, true},  {"string", NVS_TYPE_STR, 0, false},
    {"blob", NVS_TYPE_BLOB, 0, false},
};
#define TYPE_COUNT (sizeof types / sizeof *types)

static size_t index_of(nvs_type_t type) {
    size_t i = 0;
    while (i < TYPE_COUNT && types[i].type != type)
        i++;
    return i;
}

const char *nvs_type_word(nvs_type_t type) {
    size_t i = index_of(type);
    return i < TYPE_COUNT ? types[i].word : NULL;
}

bool nvs_type_parse(const char *word, nvs_type_t *out) {
    for (size_t i = 0; i < TYPE_COUNT; i++)
        if (strcmp(types[i].word, word) == 0) {
            *out = types[i].type;
            return true;
        }
    return false;
}

bool nvs_type_is_signed(nvs_type_t type) {
    size_t i = index_of(type);
    return i < TYPE_COUNT && types[i].is_signed;
}

uint64_t nvs_type_largest(nvs_type_t type) {
    size_t i = index_of(type);
    unsigned bits = i < TYPE_COUNT && types[i].bits != 0 ? types[i].bits - types[i].is_signed : 0;
    return bits == 0 ? 0 : UINT64_MAX >> (64 - bits);
}

uint64_t nvs_type_smallest(nvs_type_t type) {
    return nvs_type_is_signed(type) ? ~nvs_type_largest(type) : 0;
}

bool nvs_value_equal(const struct nvs_value *a, const struct nvs_value *b) {
    return a->type == b->type && a->number == b->number && a->bytes.length == b->bytes.length &&
           (a->bytes.length == 0 || memcmp(a->bytes.bytes, b->bytes.bytes, a->bytes.length) == 0);
}

void nvs_value_print(const struct nvs_value *value, struct buffer *out) {
    const char *word = nvs_type_word(value->type);
    size_t length = value->bytes.length;
    if (value->type == NVS_TYPE_STR) {
        buffer_printf(out, "%s \"%.*s\"", word, (int)length, (const char *)value->bytes.bytes);
    } else if (value->type == NVS_TYPE_BLOB) {
        buffer_printf(out, "%s", word);
        for (size_t i = 0; i < length && i < BYTES_SHOWN; i++)
            buffer_printf(out, " %02x", value->bytes.bytes[i]);
        buffer_printf(out, "%s (%zu byte%s)", length > BYTES_SHOWN ? " ..." : "", length,
                      length == 1 ? "" : "s");
    } else if (nvs_type_is_signed(value->type)) {
        buffer_printf(out, "%s %" PRId64, word, (int64_t)value->number);
    } else {
        buffer_printf(out, "%s %" PRIu64, word, value->number);
    }
}

void nvs_value_copy(struct nvs_value *copy, const struct nvs_value *value) {
    *copy = (struct nvs_value){.type = value->type, .number = value->number};
    if (value->bytes.length > 0)
        buffer_append(&copy->bytes, value->bytes.bytes, value->bytes.length);
}

void nvs_value_free(struct nvs_value *value) {
    buffer_free(&value->bytes);
}

// ---- on a board, as an app ----------------------------------------------------------------------

esp_err_t nvs_value_set(nvs_handle_t handle, const char *key, const struct nvs_value *value) {
    switch (value->type) {
    case NVS_TYPE_U8:
        return nvs_set_u8(handle, key, (uint8_t)value->number);
    case NVS_TYPE_I8:
        return nvs_set_i8(handle, key, (int8_t)value->number);
    case NVS_TYPE_U16:
        return nvs_set_u16(handle, key, (uint16_t)value->number);
    case NVS_TYPE_I16:
        return nvs_set_i16(handle, key, (int16_t)value->number);
    case NVS_TYPE_U32:
        return nvs_set_u32(handle, key, (uint32_t)value->number);
    case NVS_TYPE_I32:
        return nvs_set_i32(handle, key, (int32_t)value->number);
    case NVS_TYPE_U64:
        return nvs_set_u64(handle, key, value->number);
    case NVS_TYPE_I64:
        return nvs_set_i64(handle, key, (int64_t)value->number);
    case NVS_TYPE_STR:
        return nvs_set_str(handle, key, buffer_string(&value->bytes));
    case NVS_TYPE_BLOB:
        return nvs_set_blob(handle, key, value->bytes.bytes, value->bytes.length);
    default:
        return ESP_ERR_INVALID_ARG;
    }
}

static esp_err_t get_data(nvs_handle_t handle, const char *key, struct nvs_value *out) {
    bool is_string = out->type == NVS_TYPE_STR;
    size_t length = 0;
    esp_err_t code =
        is_string ? nvs_get_str(handle, key, NULL, &length) : nvs_get_blob(handle, key, NULL, &length);
    if (code != ESP_OK)
        return code;
    buffer_reserve(&out->bytes, length + 1);
    code = is_string ? nvs_get_str(handle, key, (char *)out->bytes.bytes, &length)
                     : nvs_get_blob(handle, key, out->bytes.bytes, &length);
    if (code != ESP_OK)
        buffer_free(&out->bytes);
    else
        out->bytes.length = is_string ? strnlen((const char *)out->bytes.bytes, length) : length;
    return code;
}

#define GET(suffix, ctype)                                                                                   \
    {                                                                                                        \
        ctype number = 0;                                                                                    \
        esp_err_t code = nvs_get_##suffix(handle, key, &number);                                             \
        out->number = (uint64_t)(int64_t)number;                                                             \
        return code;                                                                                         \
    }

esp_err_t nvs_value_get(nvs_handle_t handle, const char *key, nvs_type_t type, struct nvs_value *out) {
    *out = (struct nvs_value){.type = type};
    switch (type) {
    case NVS_TYPE_U8:
        GET(u8, uint8_t)
    case NVS_TYPE_I8:
        GET(i8, int8_t)
    case NVS_TYPE_U16:
        GET(u16, uint16_t)
    case NVS_TYPE_I16:
        GET(i16, int16_t)
    case NVS_TYPE_U32:
        GET(u32, uint32_t)
    case NVS_TYPE_I32:
        GET(i32, int32_t)
    case NVS_TYPE_U64:
        GET(u64, uint64_t)
    case NVS_TYPE_I64:
        GET(i64, int64_t)
    case NVS_TYPE_STR:
    case NVS_TYPE_BLOB:
        return get_data(handle, key, out);
    default:
        return ESP_ERR_INVALID_ARG;
    }
}
