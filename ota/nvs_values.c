// Getting and setting values through a handle (NV-86 to NV-89).
#include <math.h>
#include <string.h>

#include "api_call.h"
#include "firmware.h"
#include "nvs_handle.h"

static const char tag[] = "nvs";

// ---- setting ------------------------------------------------------------------------------------

static esp_err_t set(nvs_handle_t handle, nvs_type_t type, const char *key, const void *value,
                     uint32_t length) {
    const struct nvs_open_handle *opened;
    esp_err_t code = nvs_handle_to_write(handle, &opened);
    if (code != ESP_OK)
        return code;
    enum nvs_purge purge = nvs_handle_purge(opened);
    return type == NVS_TYPE_BLOB
               ? nvs_blob_set(opened->storage, opened->name_space, key, value, length, purge)
               : nvs_storage_set(opened->storage, opened->name_space, (uint8_t)type, key, value, length,
                                 purge);
}

static esp_err_t set_number(nvs_handle_t handle, nvs_type_t type, const char *key, uint64_t value) {
    uint8_t bytes[8];
    for (uint32_t i = 0; i < sizeof bytes; i++)
        bytes[i] = (uint8_t)(value >> 8 * i);
    return set(handle, type, key, bytes, nvs_type_size((uint8_t)type));
}

esp_err_t nvs_set_i8(nvs_handle_t handle, const char *key, int8_t value) {
    API_CALL(esp_err_t, set_number(handle, NVS_TYPE_I8, key, (uint64_t)(int64_t)value));
}
esp_err_t nvs_set_u8(nvs_handle_t handle, const char *key, uint8_t value) {
    API_CALL(esp_err_t, set_number(handle, NVS_TYPE_U8, key, value));
}
esp_err_t nvs_set_i16(nvs_handle_t handle, const char *key, int16_t value) {
    API_CALL(esp_err_t, set_number(handle, NVS_TYPE_I16, key, (uint64_t)(int64_t)value));
}
esp_err_t nvs_set_u16(nvs_handle_t handle, const char *key, uint16_t value) {
    API_CALL(esp_err_t, set_number(handle, NVS_TYPE_U16, key, value));
}
esp_err_t nvs_set_i32(nvs_handle_t handle, const char *key, int32_t value) {
    API_CALL(esp_err_t, set_number(handle, NVS_TYPE_I32, key, (uint64_t)(int64_t)value));
}
esp_err_t nvs_set_u32(nvs_handle_t handle, const char *key, uint32_t value) {
    API_CALL(esp_err_t, set_number(handle, NVS_TYPE_U32, key, value));
}
esp_err_t nvs_set_i64(nvs_handle_t handle, const char *key, int64_t value) {
    API_CALL(esp_err_t, set_number(handle, NVS_TYPE_I64, key, (uint64_t)value));
}
esp_err_t nvs_set_u64(nvs_handle_t handle, const char *key, uint64_t value) {
    API_CALL(esp_err_t, set_number(handle, NVS_TYPE_U64, key, value));
}

static esp_err_t floats_known(void) {
    return port_ram()->app_build->profile->nvs_floats
               ? ESP_OK
               : refuse(tag, ESP_ERR_NOT_SUPPORTED, "the release has no floating-point values");
}

static esp_err_t set_float(nvs_handle_t handle, const char *key, float value) {
    uint32_t bits;
    memcpy(&bits, &value, sizeof bits);
    esp_err_t code = floats_known();
    if (code != ESP_OK)
        return code;
    return isnan(value) ? ESP_ERR_INVALID_ARG : set_number(handle, NVS_TYPE_FLOAT, key, bits);
}

static esp_err_t set_double(nvs_handle_t handle, const char *key, double value) {
    uint64_t bits;
    memcpy(&bits, &value, sizeof bits);
    esp_err_t code = floats_known();
    if (code != ESP_OK)
        return code;
    return isnan(value) ? ESP_ERR_INVALID_ARG : set_number(handle, NVS_TYPE_DOUBLE, key, bits);
}

esp_err_t nvs_set_float(nvs_handle_t handle, const char *key, float value) {
    API_CALL(esp_err_t, set_float(handle, key, value));
}
esp_err_t nvs_set_double(nvs_handle_t handle, const char *key, double value) {
    API_CALL(esp_err_t, set_double(handle, key, value));
}

// A string counts with its NUL; what is longer than a page is refused where pages are written (NV-50).
esp_err_t nvs_set_str(nvs_handle_t handle, const char *key, const char *value) {
    API_CALL(esp_err_t, set(handle, NVS_TYPE_STR, key, value, (uint32_t)strlen(value) + 1));
}
esp_err_t nvs_set_blob(nvs_handle_t handle, const char *key, const void *value, size_t length) {
    API_CALL(esp_err_t, set(handle, NVS_TYPE_BLOB, key, value, (uint32_t)length));
}

// ---- getting ------------------------------------------------------------------------------------

static esp_err_t find(const struct nvs_open_handle *opened, uint8_t type, const char *key,
                      struct nvs_place *place) {
    struct nvs_query query = {.name_space = opened->name_space,
                              .type = type,
                              .key = key,
                              .chunk = NVS_CHUNK_NONE,
                              .chunk_start = -1};
    return nvs_storage_find(opened->storage, &query, place);
}

static esp_err_t get_number(nvs_handle_t handle, nvs_type_t type, const char *key, uint64_t *value) {
    const struct nvs_open_handle *opened = nvs_handle_of(handle);
    struct nvs_place place;
    if (opened == NULL)
        return refuse(tag, ESP_ERR_NVS_INVALID_HANDLE, "the handle is not open");
    esp_err_t code = find(opened, (uint8_t)type, key, &place);
    *value = 0;
    for (uint32_t i = 0; i < nvs_type_size((uint8_t)type) && code == ESP_OK; i++)
        *value |= (uint64_t)place.entry.value[i] << 8 * i;
    return code;
}

// `out` is untouched unless the value was found.
#define GET_NUMBER(ctype, nvs_type)                                                                          \
    uint64_t number;                                                                                         \
    const char *outer_call = port_call_begin(__func__);                                                      \
    esp_err_t code = get_number(handle, nvs_type, key, &number);                                             \
    port_call_end(outer_call);                                                                               \
    if (code == ESP_OK)                                                                                      \
        *out_value = (ctype)number;                                                                          \
    return code

esp_err_t nvs_get_i8(nvs_handle_t handle, const char *key, int8_t *out_value) {
    GET_NUMBER(int8_t, NVS_TYPE_I8);
}
esp_err_t nvs_get_u8(nvs_handle_t handle, const char *key, uint8_t *out_value) {
    GET_NUMBER(uint8_t, NVS_TYPE_U8);
}
esp_err_t nvs_get_i16(nvs_handle_t handle, const char *key, int16_t *out_value) {
    GET_NUMBER(int16_t, NVS_TYPE_I16);
}
esp_err_t nvs_get_u16(nvs_handle_t handle, const char *key, uint16_t *out_value) {
    GET_NUMBER(uint16_t, NVS_TYPE_U16);
}
esp_err_t nvs_get_i32(nvs_handle_t handle, const char *key, int32_t *out_value) {
    GET_NUMBER(int32_t, NVS_TYPE_I32);
}
esp_err_t nvs_get_u32(nvs_handle_t handle, const char *key, uint32_t *out_value) {
    GET_NUMBER(uint32_t, NVS_TYPE_U32);
}
esp_err_t nvs_get_i64(nvs_handle_t handle, const char *key, int64_t *out_value) {
    GET_NUMBER(int64_t, NVS_TYPE_I64);
}
esp_err_t nvs_get_u64(nvs_handle_t handle, const char *key, uint64_t *out_value) {
    GET_NUMBER(uint64_t, NVS_TYPE_U64);
}

esp_err_t nvs_get_float(nvs_handle_t handle, const char *key, float *out_value) {
    uint64_t number;
    esp_err_t code = get_number(handle, NVS_TYPE_FLOAT, key, &number);
    uint32_t bits = (uint32_t)number;
    if (code == ESP_OK)
        memcpy(out_value, &bits, sizeof bits);
    return code;
}
esp_err_t nvs_get_double(nvs_handle_t handle, const char *key, double *out_value) {
    uint64_t number;
    esp_err_t code = get_number(handle, NVS_TYPE_DOUBLE, key, &number);
    if (code == ESP_OK)
        memcpy(out_value, &number, sizeof number);
    return code;
}

// A blob is found by its index, or whole as old releases wrote it.
static esp_err_t find_data(const struct nvs_open_handle *opened, nvs_type_t type, const char *key,
                           struct nvs_place *place) {
    if (type == NVS_TYPE_STR)
        return find(opened, NVS_TYPE_STR, key, place);
    esp_err_t code = find(opened, NVS_ITEM_BLOB_INDEX, key, place);
    return code == ESP_OK ? code : find(opened, NVS_ITEM_LEGACY_BLOB, key, place);
}

static esp_err_t get_data(nvs_handle_t handle, nvs_type_t type, const char *key, void *out, size_t *length) {
    const struct nvs_open_handle *opened = nvs_handle_of(handle);
    struct nvs_place place;
    if (opened == NULL)
        return refuse(tag, ESP_ERR_NVS_INVALID_HANDLE, "the handle is not open");
    esp_err_t code = find_data(opened, type, key, &place);
    if (code != ESP_OK)
        return code;
    bool in_pieces = place.entry.type == NVS_ITEM_BLOB_INDEX;
    uint32_t size = in_pieces ? nvs_entry_blob_length(&place.entry) : nvs_entry_length(&place.entry);
    if (length == NULL)
        return refuse(tag, ESP_ERR_NVS_INVALID_LENGTH, "get: no place for the length");
    size_t room = *length;
    *length = size;
    if (out == NULL)
        return ESP_OK;
    if (room < size)
        return refuse(tag, ESP_ERR_NVS_INVALID_LENGTH, "get: too little room for the value");
    return in_pieces ? nvs_blob_read(opened->storage, opened->name_space, key, &place.entry, out)
                     : nvs_page_read_data(place.page, place.index, &place.entry, out);
}

esp_err_t nvs_get_str(nvs_handle_t handle, const char *key, char *out_value, size_t *length) {
    API_CALL(esp_err_t, get_data(handle, NVS_TYPE_STR, key, out_value, length));
}
esp_err_t nvs_get_blob(nvs_handle_t handle, const char *key, void *out_value, size_t *length) {
    API_CALL(esp_err_t, get_data(handle, NVS_TYPE_BLOB, key, out_value, length));
}

static esp_err_t find_key(nvs_handle_t handle, const char *key, nvs_type_t *type) {
    const struct nvs_open_handle *opened = nvs_handle_of(handle);
    struct nvs_place place;
    if (opened == NULL)
        return refuse(tag, ESP_ERR_NVS_INVALID_HANDLE, "the handle is not open");
    esp_err_t code = find(opened, NVS_ANY, key, &place);
    if (code == ESP_OK && type != NULL) {
        bool blob = place.entry.type == NVS_ITEM_BLOB_INDEX || place.entry.type == NVS_ITEM_LEGACY_BLOB;
        *type = blob ? NVS_TYPE_BLOB : (nvs_type_t)place.entry.type;
    }
    return code;
}

esp_err_t nvs_find_key(nvs_handle_t handle, const char *key, nvs_type_t *out_type) {
    API_CALL(esp_err_t, find_key(handle, key, out_type));
}
