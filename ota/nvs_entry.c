#include "nvs_entry.h"

#include <string.h>

#include "crc32.h"
#include "include/nvs.h"
#include "little_endian.h"

#define BLOB_LENGTH_MAX (NVS_CHUNKS_MAX * NVS_CHUNK_MAX)

void nvs_entry_decode(const uint8_t bytes[NVS_ENTRY_SIZE], struct nvs_entry *out) {
    out->name_space = bytes[0];
    out->type = bytes[1];
    out->span = bytes[2];
    out->chunk = bytes[3];
    out->crc = le32_get(bytes + 4);
    memcpy(out->key, bytes + 8, sizeof out->key);
    memcpy(out->value, bytes + 24, sizeof out->value);
}

void nvs_entry_encode(const struct nvs_entry *entry, uint8_t bytes[NVS_ENTRY_SIZE]) {
    bytes[0] = entry->name_space;
    bytes[1] = entry->type;
    bytes[2] = entry->span;
    bytes[3] = entry->chunk;
    le32_put(bytes + 4, entry->crc);
    memcpy(bytes + 8, entry->key, sizeof entry->key);
    memcpy(bytes + 24, entry->value, sizeof entry->value);
}

// Over everything but itself.
uint32_t nvs_entry_crc(const struct nvs_entry *entry) {
    uint8_t bytes[NVS_ENTRY_SIZE];
    nvs_entry_encode(entry, bytes);
    memmove(bytes + 4, bytes + 8, NVS_ENTRY_SIZE - 8);
    return crc32_of_record(bytes, NVS_ENTRY_SIZE - 4);
}

struct nvs_entry nvs_entry_make(uint8_t name_space, uint8_t type, const char *key, uint8_t chunk,
                                const void *value, uint32_t length) {
    struct nvs_entry entry = {.name_space = name_space, .type = type, .span = 1, .chunk = chunk};
    nvs_key_pad(key, entry.key);
    memset(entry.value, 0xFF, sizeof entry.value);
    if (nvs_type_is_variable(type)) {
        entry.span = (uint8_t)(1 + (length + NVS_ENTRY_SIZE - 1) / NVS_ENTRY_SIZE);
        le16_put(entry.value, (uint16_t)length);
        le32_put(entry.value + 4, crc32_of_record(value, length));
    } else {
        memcpy(entry.value, value, length);
    }
    entry.crc = nvs_entry_crc(&entry);
    return entry;
}

bool nvs_type_is_variable(uint8_t type) {
    return type == NVS_TYPE_STR || type == NVS_ITEM_BLOB_DATA || type == NVS_ITEM_LEGACY_BLOB;
}

uint32_t nvs_entry_length(const struct nvs_entry *entry) {
    return le16_get(entry->value);
}

uint32_t nvs_entry_data_crc(const struct nvs_entry *entry) {
    return le32_get(entry->value + 4);
}

uint32_t nvs_entry_blob_length(const struct nvs_entry *entry) {
    return le32_get(entry->value);
}

uint8_t nvs_entry_chunk_count(const struct nvs_entry *entry) {
    return entry->value[4];
}

uint8_t nvs_entry_chunk_start(const struct nvs_entry *entry) {
    return entry->value[5];
}

bool nvs_same_version(uint8_t chunk, uint8_t other) {
    return (chunk >= NVS_VERSION_1_START) == (other >= NVS_VERSION_1_START);
}

uint32_t nvs_type_size(uint8_t type) {
    switch (type) {
    case NVS_TYPE_U8:
    case NVS_TYPE_I8:
        return 1;
    case NVS_TYPE_U16:
    case NVS_TYPE_I16:
        return 2;
    case NVS_TYPE_U32:
    case NVS_TYPE_I32:
    case NVS_TYPE_FLOAT:
        return 4;
    case NVS_TYPE_U64:
    case NVS_TYPE_I64:
    case NVS_TYPE_DOUBLE:
        return 8;
    default:
        return 0;
    }
}

static bool variable_consistent(const struct nvs_entry *entry, uint32_t index) {
    uint32_t length = nvs_entry_length(entry);
    return (entry->type != NVS_ITEM_BLOB_DATA || entry->chunk != NVS_CHUNK_NONE) &&
           index + 1 <= NVS_ENTRIES && length <= (NVS_ENTRIES - 1 - index) * NVS_ENTRY_SIZE &&
           entry->span <= NVS_ENTRIES - index &&
           entry->span == 1 + (length + NVS_ENTRY_SIZE - 1) / NVS_ENTRY_SIZE;
}

bool nvs_entry_consistent(const struct nvs_entry *entry, uint32_t index, bool fully, bool floats) {
    if (entry->crc != nvs_entry_crc(entry))
        return false;
    if (!fully)
        return true;
    if (nvs_type_is_variable(entry->type))
        return variable_consistent(entry, index);
    if (entry->type == NVS_ITEM_BLOB_INDEX) {
        return entry->span == 1 && entry->chunk == NVS_CHUNK_NONE &&
               nvs_entry_blob_length(entry) <= BLOB_LENGTH_MAX;
    }
    bool is_float = entry->type == NVS_TYPE_FLOAT || entry->type == NVS_TYPE_DOUBLE;
    return entry->span == 1 && nvs_type_size(entry->type) != 0 && (floats || !is_float);
}

uint32_t nvs_hash(uint8_t name_space, const uint8_t key[16], uint8_t chunk) {
    uint8_t bytes[18];
    bytes[0] = name_space;
    memcpy(bytes + 1, key, 16);
    bytes[17] = chunk;
    return crc32_of_record(bytes, sizeof bytes) & 0xFFFFFF;
}

void nvs_key_pad(const char *key, uint8_t padded[16]) {
    memset(padded, 0, 16);
    memcpy(padded, key, strnlen(key, NVS_KEY_MAX));
}
