#include "nvs_call.h"

#include <stdlib.h>
#include <string.h>
#include <zlib.h>

#include "nvs_flash.h"

#define DATA_MAX       81920u // longer values are not read (the recording's limit)
#define DATA_SHOWN_MAX 16u    // longer ones are recorded by their CRC-32

struct invocation {
    struct vector *vector;
    struct nvs_application *application;
    const json_t *call;
    esp_err_t code;
    json_t *out;
    uint8_t *data; // freed by nvs_call
};

static const struct {
    const char *name;
    nvs_type_t type;
} types[] = {
    {"u8", NVS_TYPE_U8},   {"i8", NVS_TYPE_I8},     {"u16", NVS_TYPE_U16}, {"i16", NVS_TYPE_I16},
    {"u32", NVS_TYPE_U32}, {"i32", NVS_TYPE_I32},   {"u64", NVS_TYPE_U64}, {"i64", NVS_TYPE_I64},
    {"str", NVS_TYPE_STR}, {"blob", NVS_TYPE_BLOB}, {"any", NVS_TYPE_ANY},
};

// ---- arguments ----------------------------------------------------------------------------------

static const char *text_argument(struct invocation *in, size_t index) {
    const char *text = json_string_value(json_array_get(in->call, index));
    if (text == NULL)
        (void)vector_malformed(in->vector, "argument %zu must be a text", index);
    return text == NULL ? "" : text;
}

static uint32_t number_argument(struct invocation *in, size_t index) {
    return vector_number_value(in->vector, json_array_get(in->call, index), "call");
}

static nvs_handle_t *handle_variable(struct invocation *in) {
    uint32_t number = number_argument(in, 1);
    if (number < NVS_HANDLE_VARIABLES)
        return &in->application->handles[number];
    (void)vector_malformed(in->vector, "a handle must be a number below %d", NVS_HANDLE_VARIABLES);
    return &in->application->handles[0];
}

static nvs_type_t type_argument(struct invocation *in, size_t index) {
    const char *name = text_argument(in, index);
    for (size_t i = 0; i < sizeof types / sizeof *types; i++)
        if (strcmp(types[i].name, name) == 0)
            return types[i].type;
    (void)vector_malformed(in->vector, "argument %zu must be a type", index);
    return NVS_TYPE_ANY;
}

static const char *type_name(nvs_type_t type) {
    for (size_t i = 0; i < sizeof types / sizeof *types; i++)
        if (types[i].type == type)
            return types[i].name;
    return "?";
}

// A number of up to 64 bits; those that jansson has no type for come as text (vector_file.h).
static uint64_t value_argument(struct invocation *in, size_t index) {
    const json_t *value = json_array_get(in->call, index);
    if (json_is_integer(value))
        return (uint64_t)json_integer_value(value);
    return strtoull(text_argument(in, index), NULL, 10);
}

// ---- results ------------------------------------------------------------------------------------

// Bytes as characters U+0000 to U+00FF.
static json_t *json_bytes(const char *text) {
    char utf8[64];
    size_t length = 0;
    for (const char *c = text; *c != '\0' && length + 2 < sizeof utf8; c++) {
        uint8_t byte = (uint8_t)*c;
        if (byte >= 0x80)
            utf8[length++] = (char)(0xC0 | byte >> 6);
        utf8[length++] = (char)(byte >= 0x80 ? 0x80 | (byte & 0x3F) : byte);
    }
    return json_stringn(utf8, length);
}

static json_t *json_unsigned(uint64_t value) {
    char digits[24];
    if (value <= INT64_MAX)
        return json_integer((json_int_t)value);
    (void)snprintf(digits, sizeof digits, "%llu", (unsigned long long)value);
    return json_string(digits);
}

static json_t *json_data(const uint8_t *data, size_t length) {
    if (length <= DATA_SHOWN_MAX)
        return json_hex(data, length);
    return json_integer((json_int_t)crc32_z(0, data, length));
}

// ---- numbers ------------------------------------------------------------------------------------

static esp_err_t set_number(nvs_handle_t handle, nvs_type_t type, const char *key, uint64_t value) {
    switch (type) {
    case NVS_TYPE_U8:
        return nvs_set_u8(handle, key, (uint8_t)value);
    case NVS_TYPE_I8:
        return nvs_set_i8(handle, key, (int8_t)value);
    case NVS_TYPE_U16:
        return nvs_set_u16(handle, key, (uint16_t)value);
    case NVS_TYPE_I16:
        return nvs_set_i16(handle, key, (int16_t)value);
    case NVS_TYPE_U32:
        return nvs_set_u32(handle, key, (uint32_t)value);
    case NVS_TYPE_I32:
        return nvs_set_i32(handle, key, (int32_t)value);
    case NVS_TYPE_U64:
        return nvs_set_u64(handle, key, value);
    default:
        return nvs_set_i64(handle, key, (int64_t)value);
    }
}

#define GET(suffix, ctype, json)                                                                             \
    {                                                                                                        \
        ctype value;                                                                                         \
        in->code = nvs_get_##suffix(handle, key, &value);                                                    \
        if (in->code == ESP_OK)                                                                              \
            in->out = json;                                                                                  \
        return;                                                                                              \
    }

static void call_get(struct invocation *in) {
    nvs_handle_t handle = *handle_variable(in);
    const char *key = text_argument(in, 3);
    switch (type_argument(in, 2)) {
    case NVS_TYPE_U8:
        GET(u8, uint8_t, json_integer(value))
    case NVS_TYPE_I8:
        GET(i8, int8_t, json_integer(value))
    case NVS_TYPE_U16:
        GET(u16, uint16_t, json_integer(value))
    case NVS_TYPE_I16:
        GET(i16, int16_t, json_integer(value))
    case NVS_TYPE_U32:
        GET(u32, uint32_t, json_integer(value))
    case NVS_TYPE_I32:
        GET(i32, int32_t, json_integer(value))
    case NVS_TYPE_U64:
        GET(u64, uint64_t, json_unsigned(value))
    default:
        GET(i64, int64_t, json_integer(value))
    }
}

static void call_set(struct invocation *in) {
    in->code =
        set_number(*handle_variable(in), type_argument(in, 2), text_argument(in, 3), value_argument(in, 4));
}

static void call_setn(struct invocation *in) {
    uint64_t value = value_argument(in, 4);
    uint32_t count = number_argument(in, 5);
    in->code = ESP_OK;
    for (uint32_t i = 0; i < count && in->code == ESP_OK; i++)
        in->code = set_number(*handle_variable(in), type_argument(in, 2), text_argument(in, 3), value + i);
}

// ---- strings and blobs --------------------------------------------------------------------------

static uint8_t *take_data(struct invocation *in, uint32_t length) {
    if (length > 2 * DATA_MAX * 8) {
        (void)vector_malformed(in->vector, "a value of %u bytes is too long", length);
        length = 0;
    }
    in->data = memory_new(length + 1);
    return in->data;
}

static void call_str(struct invocation *in) {
    uint32_t seed = number_argument(in, 3), length = number_argument(in, 4);
    char *text = (char *)take_data(in, length);
    for (uint32_t k = 0; k < length; k++)
        text[k] = (char)('a' + (5 * seed + 3 * k + (k >> 6)) % 26);
    text[length] = '\0';
    in->code = nvs_set_str(*handle_variable(in), text_argument(in, 2), text);
}

static void call_blob(struct invocation *in) {
    uint32_t seed = number_argument(in, 3), length = number_argument(in, 4);
    uint8_t *bytes = take_data(in, length);
    for (uint32_t k = 0; k < length; k++)
        bytes[k] = (uint8_t)(31 * seed + 7 * k + 13 * (k >> 8));
    in->code = nvs_set_blob(*handle_variable(in), text_argument(in, 2), bytes, length);
}

static esp_err_t get_data(struct invocation *in, void *data, size_t *length) {
    nvs_handle_t handle = *handle_variable(in);
    const char *key = text_argument(in, 2);
    bool is_string = strcmp(text_argument(in, 0), "gstr") == 0;
    return is_string ? nvs_get_str(handle, key, data, length) : nvs_get_blob(handle, key, data, length);
}

static void call_get_data(struct invocation *in) {
    const json_t *room = json_array_get(in->call, 3);
    size_t length = SIZE_MAX;
    if (json_is_integer(room)) {
        length = number_argument(in, 3);
        in->code = get_data(in, take_data(in, (uint32_t)length), &length);
        in->out = json_pack("[I]", (json_int_t)length);
        if (in->code == ESP_OK)
            (void)json_array_append_new(in->out, json_data(in->data, length));
        return;
    }
    in->code = get_data(in, NULL, &length);
    if (length != SIZE_MAX)
        in->out = json_pack("[I]", (json_int_t)length);
    if (room != NULL || in->code != ESP_OK || length > DATA_MAX)
        return;
    in->code = get_data(in, take_data(in, (uint32_t)length), &length);
    if (in->code == ESP_OK)
        (void)json_array_append_new(in->out, json_data(in->data, length));
}

// ---- everything else ----------------------------------------------------------------------------

static void call_init(struct invocation *in) {
    in->code = nvs_flash_init();
}

static void call_deinit(struct invocation *in) {
    in->code = nvs_flash_deinit();
}

static void call_erase(struct invocation *in) {
    in->code = nvs_flash_erase();
}

static void call_open(struct invocation *in) {
    nvs_handle_t handle;
    bool writes = strcmp(text_argument(in, 3), "rw") == 0;
    in->code = nvs_open(text_argument(in, 2), writes ? NVS_READWRITE : NVS_READONLY, &handle);
    if (in->code == ESP_OK)
        *handle_variable(in) = handle;
}

static void call_close(struct invocation *in) {
    nvs_close(*handle_variable(in));
    in->code = ESP_OK;
}

static void call_del(struct invocation *in) {
    in->code = nvs_erase_key(*handle_variable(in), text_argument(in, 2));
}

static void call_delall(struct invocation *in) {
    in->code = nvs_erase_all(*handle_variable(in));
}

static void call_commit(struct invocation *in) {
    in->code = nvs_commit(*handle_variable(in));
}

static void call_find(struct invocation *in) {
    nvs_type_t type;
    in->code = nvs_find_key(*handle_variable(in), text_argument(in, 2), &type);
    if (in->code == ESP_OK)
        in->out = json_string(type_name(type));
}

static void call_used(struct invocation *in) {
    size_t used;
    in->code = nvs_get_used_entry_count(*handle_variable(in), &used);
    if (in->code == ESP_OK)
        in->out = json_integer((json_int_t)used);
}

static void call_stats(struct invocation *in) {
    nvs_stats_t stats;
    in->code = nvs_get_stats(NULL, &stats);
    if (in->code == ESP_OK)
        in->out = json_pack("[I,I,I,I,I]", (json_int_t)stats.used_entries, (json_int_t)stats.free_entries,
                            (json_int_t)stats.available_entries, (json_int_t)stats.total_entries,
                            (json_int_t)stats.namespace_count);
}

static void call_iter(struct invocation *in) {
    const char *name = text_argument(in, 1);
    nvs_iterator_t iterator = NULL;
    in->code = nvs_entry_find(NVS_DEFAULT_PART_NAME, strcmp(name, "null") == 0 ? NULL : name,
                              type_argument(in, 2), &iterator);
    if (in->code == ESP_OK)
        in->out = json_array();
    while (iterator != NULL) {
        nvs_entry_info_t info;
        (void)nvs_entry_info(iterator, &info);
        (void)json_array_append_new(in->out, json_pack("[o,o,s]", json_bytes(info.namespace_name),
                                                       json_bytes(info.key), type_name(info.type)));
        (void)nvs_entry_next(&iterator);
    }
}

static const struct {
    const char *name;
    void (*run)(struct invocation *in);
} calls[] = {
    {"init", call_init},   {"deinit", call_deinit}, {"erase", call_erase},   {"open", call_open},
    {"close", call_close}, {"set", call_set},       {"setn", call_setn},     {"str", call_str},
    {"blob", call_blob},   {"get", call_get},       {"gstr", call_get_data}, {"gblob", call_get_data},
    {"del", call_del},     {"delall", call_delall}, {"commit", call_commit}, {"find", call_find},
    {"used", call_used},   {"stats", call_stats},   {"iter", call_iter},
};

static void run_call(void *context) {
    struct invocation *in = context;
    const char *name = text_argument(in, 0);
    for (size_t i = 0; i < sizeof calls / sizeof *calls; i++) {
        if (strcmp(calls[i].name, name) == 0) {
            calls[i].run(in);
            return;
        }
    }
    (void)vector_malformed(in->vector, "an unknown call: %s", name);
}

bool nvs_call(struct board *board, struct vector *vector, struct nvs_application *application,
              const json_t *call, const char **result, json_t **out) {
    struct invocation in = {.vector = vector, .application = application, .call = call};
    const char *why = NULL;
    enum board_end end = board_run(board, run_call, &in, &why);
    free(in.data);
    *result = end == BOARD_RETURNED ? esp_err_to_name(in.code) : why;
    *out = in.out;
    return vector->problem.length == 0;
}
