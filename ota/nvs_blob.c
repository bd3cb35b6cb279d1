// Blobs: pieces on as many pages as it takes, and an index that makes them a value (NV-9, NV-72 to NV-75,
// NV-88).
#include <string.h>

#include "crc32.h"
#include "firmware.h"
#include "nvs_storage.h"
#include "port.h"

#define ROOM_WORTH_FILLING (NVS_CHUNK_MAX / 10) // less is left unused when a blob begins (NV-73)

static const struct release_profile *profile(void) {
    return port_ram()->app_build->profile;
}

static struct nvs_query piece_query(uint8_t name_space, const char *key, uint8_t chunk) {
    return (struct nvs_query){
        .name_space = name_space, .type = NVS_ITEM_BLOB_DATA, .key = key, .chunk = chunk, .chunk_start = -1};
}

static struct nvs_query index_query(uint8_t name_space, const char *key, int start) {
    return (struct nvs_query){.name_space = name_space,
                              .type = NVS_ITEM_BLOB_INDEX,
                              .key = key,
                              .chunk = NVS_CHUNK_NONE,
                              .chunk_start = start};
}

static esp_err_t find_piece(struct nvs_storage *storage, uint8_t name_space, const char *key, uint8_t chunk,
                            struct nvs_place *place) {
    struct nvs_query query = piece_query(name_space, key, chunk);
    return nvs_storage_find(storage, &query, place);
}

// ---- erasing (NV-75) ----------------------------------------------------------------------------

// Every piece on every page; `start` -1: of any version.
static esp_err_t erase_all_pieces(struct nvs_storage *storage, uint8_t name_space, const char *key, int start,
                                  enum nvs_purge purge) {
    for (uint32_t i = 0; i < storage->listed_count; i++) {
        struct nvs_page *page = nvs_listed_page(storage, i);
        struct nvs_query query = piece_query(name_space, key, NVS_ANY);
        struct nvs_entry entry;
        uint32_t index;
        while (nvs_page_find(page, &query, &index, &entry) == ESP_OK) {
            query.from = nvs_item_end(index, &entry);
            if (start >= 0 && !nvs_same_version(entry.chunk, (uint8_t)start))
                continue;
            esp_err_t code = nvs_page_erase_item(page, index, purge);
            if (code != ESP_OK)
                return code;
        }
    }
    return ESP_OK;
}

esp_err_t nvs_blob_erase(struct nvs_storage *storage, uint8_t name_space, const char *key, uint8_t start,
                         enum nvs_purge purge) {
    struct nvs_query query = index_query(name_space, key, start);
    struct nvs_place place;
    esp_err_t code = nvs_storage_find(storage, &query, &place);
    if (code != ESP_OK)
        return code;
    uint8_t count = nvs_entry_chunk_count(&place.entry);
    code = nvs_page_erase_item(place.page, place.index, purge);
    if (code == ESP_OK && !profile()->nvs_blob_by_version) // NV-111
        return erase_all_pieces(storage, name_space, key, start, purge);
    for (uint32_t i = 0; i < count && code == ESP_OK; i++) {
        code = find_piece(storage, name_space, key, (uint8_t)(start + i), &place);
        if (code == ESP_OK)
            code = nvs_page_erase_item(place.page, place.index, purge);
    }
    return code;
}

// What is left of a blob that cannot be read.
static void erase_wreck(struct nvs_storage *storage, uint8_t name_space, const char *key) {
    struct nvs_query query = index_query(name_space, key, -1);
    struct nvs_place place;
    for (int versions = 0; versions < 2 && nvs_storage_find(storage, &query, &place) == ESP_OK; versions++)
        (void)nvs_page_erase_item(place.page, place.index, nvs_repair_purge());
    (void)erase_all_pieces(storage, name_space, key, -1, nvs_repair_purge());
}

// ---- reading ------------------------------------------------------------------------------------

esp_err_t nvs_blob_read(struct nvs_storage *storage, uint8_t name_space, const char *key,
                        const struct nvs_entry *blob_index, void *out) {
    uint32_t done = 0, length = nvs_entry_blob_length(blob_index);
    uint8_t count = nvs_entry_chunk_count(blob_index), start = nvs_entry_chunk_start(blob_index);
    for (uint32_t i = 0; i < count; i++) {
        struct nvs_place place;
        if (find_piece(storage, name_space, key, (uint8_t)(start + i), &place) != ESP_OK ||
            nvs_entry_length(&place.entry) > length - done) {
            erase_wreck(storage, name_space, key);
            return ESP_FAIL;
        }
        esp_err_t code = nvs_page_read_data(place.page, place.index, &place.entry, (uint8_t *)out + done);
        if (code != ESP_OK)
            return code;
        done += nvs_entry_length(&place.entry);
    }
    return ESP_OK;
}

// ---- setting ------------------------------------------------------------------------------------

// NV-105: newer releases hold every piece's CRC against the beginning of the data.
static bool piece_equals(const struct nvs_place *place, const uint8_t *data, uint32_t done) {
    uint32_t length = nvs_entry_length(&place->entry);
    bool equal = false;
    if (profile()->nvs_blob_by_version && crc32_of_record(data, length) != nvs_entry_data_crc(&place->entry))
        return false;
    return nvs_page_compare_data(place->page, place->index, &place->entry, data + done, &equal) == ESP_OK &&
           equal;
}

static bool same_blob(struct nvs_storage *storage, uint8_t name_space, const char *key,
                      const struct nvs_entry *blob_index, const uint8_t *data, uint32_t length) {
    uint8_t count = nvs_entry_chunk_count(blob_index), start = nvs_entry_chunk_start(blob_index);
    uint32_t done = 0;
    if (nvs_entry_blob_length(blob_index) != length || (length == 0 && profile()->nvs_blob_by_version))
        return false;
    for (uint32_t i = 0; i < count; i++) {
        struct nvs_place place;
        if (find_piece(storage, name_space, key, (uint8_t)(start + i), &place) != ESP_OK ||
            nvs_entry_length(&place.entry) > length - done || !piece_equals(&place, data, done))
            return false;
        done += nvs_entry_length(&place.entry);
    }
    return done == length;
}

// A blob on its way into the flash.
struct blob_write {
    struct nvs_storage *storage;
    uint8_t name_space;
    const char *key;
    const uint8_t *data;
    uint32_t length, done;
    uint8_t start;
    uint32_t pieces;
    uint8_t sectors[NVS_CHUNKS_MAX + 1]; // where each piece went
};

// NV-73, step 1: a new page is better than a short piece in this one. ESP_OK with *room new.
static esp_err_t make_room(struct blob_write *write, uint32_t *room) {
    while (write->pieces == 0 && (*room < write->length || (*room == 0 && write->length == 0)) &&
           *room < ROOM_WORTH_FILLING) {
        esp_err_t code = nvs_pages_request_new(write->storage);
        if (code != ESP_OK)
            return code;
        uint32_t before = *room;
        *room = nvs_page_room(nvs_current_page(write->storage));
        if (*room == before)
            return ESP_ERR_NVS_NOT_ENOUGH_SPACE;
    }
    return *room == 0 || write->pieces > NVS_CHUNKS_MAX ? ESP_ERR_NVS_NOT_ENOUGH_SPACE : ESP_OK;
}

static esp_err_t write_piece(struct blob_write *write) {
    struct nvs_page *page = nvs_current_page(write->storage);
    uint32_t room = nvs_page_room(page), rest = write->length - write->done;
    esp_err_t code = make_room(write, &room);
    if (code != ESP_OK)
        return code;
    page = nvs_current_page(write->storage);
    uint32_t length = rest < room ? rest : room;
    code = nvs_page_write(page, write->name_space, NVS_ITEM_BLOB_DATA, write->key,
                          (uint8_t)(write->start + write->pieces), write->data + write->done, length);
    if (code != ESP_OK)
        return code == ESP_ERR_NVS_PAGE_FULL ? ESP_ERR_NVS_NOT_ENOUGH_SPACE : code;
    write->sectors[write->pieces++] = (uint8_t)(page - write->storage->pages);
    write->done += length;
    return rest > length || room - length < NVS_ENTRY_SIZE ? nvs_pages_request_new(write->storage) : ESP_OK;
}

static esp_err_t write_index(struct blob_write *write) {
    uint8_t value[8];
    memset(value, 0xFF, sizeof value);
    memcpy(value,
           (const uint8_t[4]){(uint8_t)write->length, (uint8_t)(write->length >> 8),
                              (uint8_t)(write->length >> 16), (uint8_t)(write->length >> 24)},
           4);
    value[4] = (uint8_t)write->pieces;
    value[5] = write->start;
    return nvs_page_write(nvs_current_page(write->storage), write->name_space, NVS_ITEM_BLOB_INDEX,
                          write->key, NVS_CHUNK_NONE, value, sizeof value);
}

// NV-74, NV-101: before the fix the pieces' numbers are counted from 0, whatever the version, and looked for
// where they were written, though a compaction may have moved them: those of the old value may go instead.
static void erase_written_pieces(struct blob_write *write) {
    bool fixed = profile()->nvs_blob_cleans_own_pieces;
    for (uint32_t i = 0; i < write->pieces; i++) {
        struct nvs_query query =
            piece_query(write->name_space, write->key, (uint8_t)((fixed ? write->start : 0) + i));
        struct nvs_place place = {.page = &write->storage->pages[write->sectors[i]]};
        esp_err_t code = fixed ? nvs_storage_find(write->storage, &query, &place)
                               : nvs_page_find(place.page, &query, &place.index, &place.entry);
        if (code == ESP_OK)
            (void)nvs_page_erase_item(place.page, place.index, NVS_KEEP_DATA);
    }
}

static esp_err_t write_blob(struct blob_write *write) {
    uint32_t pages = write->storage->page_count - 1;
    if (write->length > NVS_CHUNK_MAX * (pages < NVS_CHUNKS_MAX ? pages : NVS_CHUNKS_MAX))
        return ESP_ERR_NVS_VALUE_TOO_LONG;
    esp_err_t code;
    do {
        code = write_piece(write);
    } while (code == ESP_OK && write->done < write->length);
    if (code == ESP_OK)
        code = write_index(write);
    if (code != ESP_OK)
        erase_written_pieces(write);
    return code;
}

// What the blob replaces: a blob, else what the release looks for.
static bool find_old(struct nvs_storage *storage, uint8_t name_space, const char *key,
                     struct nvs_place *old) {
    struct nvs_query query = index_query(name_space, key, -1);
    if (nvs_storage_find(storage, &query, old) == ESP_OK)
        return true;
    query.type = profile()->nvs_replaces_blobs ? NVS_ANY : NVS_ITEM_LEGACY_BLOB;
    return nvs_storage_find(storage, &query, old) == ESP_OK;
}

esp_err_t nvs_blob_set(struct nvs_storage *storage, uint8_t name_space, const char *key, const void *value,
                       uint32_t length, enum nvs_purge purge) {
    struct nvs_place old;
    struct blob_write write = {
        .storage = storage, .name_space = name_space, .key = key, .data = value, .length = length};
    bool replaces = find_old(storage, name_space, key, &old);
    bool is_blob = replaces && old.entry.type == NVS_ITEM_BLOB_INDEX;
    if (is_blob) {
        if (same_blob(storage, name_space, key, &old.entry, value, length))
            return ESP_OK;
        if (nvs_entry_chunk_start(&old.entry) == NVS_VERSION_0_START)
            write.start = NVS_VERSION_1_START;
    }
    esp_err_t code = write_blob(&write);
    if (code != ESP_OK || !replaces)
        return code;
    if (!is_blob)
        return nvs_storage_erase_old(storage, name_space, key, &old, purge);
    code = nvs_blob_erase(storage, name_space, key, nvs_entry_chunk_start(&old.entry), purge);
    return code == ESP_OK || code == ESP_ERR_NVS_NOT_FOUND ? code : ESP_ERR_NVS_REMOVE_FAILED;
}
