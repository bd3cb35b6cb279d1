// Searching a page, and reading what was found.
#include <string.h>

#include "crc32.h"
#include "nvs_page.h"

// ---- search list (NV-33) ------------------------------------------------------------------------

void nvs_page_unlist_item(struct nvs_page *page, uint32_t index) {
    for (uint32_t i = 0; i < page->hash_count; i++) {
        if (page->hashes[i].index == index) {
            page->hash_count--;
            memmove(&page->hashes[i], &page->hashes[i + 1], (page->hash_count - i) * sizeof page->hashes[0]);
            return;
        }
    }
}

void nvs_page_list_item(struct nvs_page *page, const struct nvs_entry *entry, uint32_t index) {
    nvs_page_unlist_item(page, index); // after damage an entry can be met a second time
    uint32_t hash = nvs_hash(entry->name_space, entry->key, entry->chunk);
    page->hashes[page->hash_count].hash = hash & 0xFFFFFF;
    page->hashes[page->hash_count].index = index & 0xFF;
    page->hash_count++;
}

uint32_t nvs_page_find_hash(const struct nvs_page *page, uint32_t hash, uint32_t from) {
    for (uint32_t i = 0; i < page->hash_count; i++)
        if (page->hashes[i].hash == hash && page->hashes[i].index >= from)
            return page->hashes[i].index;
    return NVS_ENTRIES;
}

// ---- items --------------------------------------------------------------------------------------

uint32_t nvs_item_end(uint32_t index, const struct nvs_entry *entry) {
    uint32_t end = index + (entry->span > 0 ? entry->span : 1);
    return end < NVS_ENTRIES ? end : NVS_ENTRIES;
}

static uint32_t search_end(const struct nvs_page *page) {
    switch (page->state) {
    case NVS_PAGE_ACTIVE:
    case NVS_PAGE_FREEING:
        return page->next;
    case NVS_PAGE_FULL:
        return NVS_ENTRIES;
    default:
        return 0;
    }
}

esp_err_t nvs_page_next_item(struct nvs_page *page, uint32_t from, uint32_t *index, struct nvs_entry *entry) {
    for (uint32_t i = from; i < search_end(page); i++) {
        if (nvs_page_entry_state(page, i) != NVS_ENTRY_WRITTEN)
            continue;
        esp_err_t code = nvs_page_read_entry(page, i, entry);
        if (code != ESP_OK)
            return code;
        if (nvs_consistent(entry, i)) {
            *index = i;
            return ESP_OK;
        }
        (void)nvs_page_erase_item(page, i, nvs_repair_purge()); // a read that writes; it goes on in any case
    }
    return ESP_ERR_NVS_NOT_FOUND;
}

static bool key_matches(const struct nvs_entry *entry, const uint8_t key[16]) {
    return strncmp((const char *)entry->key, (const char *)key, NVS_KEY_MAX) == 0;
}

// Whether the pieces and indices of blobs are what is looked for.
static bool blob_part_matches(const struct nvs_query *query, const struct nvs_entry *entry) {
    if (entry->type == NVS_ITEM_BLOB_DATA) {
        if (query->type == NVS_ITEM_BLOB_INDEX)
            return false;
        return query->chunk == NVS_ANY || query->chunk == entry->chunk;
    }
    if (query->type == NVS_ITEM_BLOB_DATA && query->chunk == NVS_ANY)
        return false;
    return query->type != NVS_ITEM_BLOB_INDEX || query->chunk_start < 0 ||
           entry->type != NVS_ITEM_BLOB_INDEX || query->chunk_start == nvs_entry_chunk_start(entry);
}

esp_err_t nvs_page_find(struct nvs_page *page, const struct nvs_query *query, uint32_t *index,
                        struct nvs_entry *entry) {
    uint8_t key[16];
    uint32_t from = query->from;
    if (search_end(page) == 0)
        return ESP_ERR_NVS_NOT_FOUND;
    if (query->key != NULL)
        nvs_key_pad(query->key, key);
    bool any_piece = query->type == NVS_ITEM_BLOB_DATA && query->chunk == NVS_ANY;
    if (query->key != NULL && query->name_space != NVS_ANY && !any_piece)
        from = nvs_page_find_hash(page, nvs_hash(query->name_space, key, query->chunk), from);
    esp_err_t code;
    for (; (code = nvs_page_next_item(page, from, index, entry)) == ESP_OK;
         from = nvs_item_end(*index, entry)) {
        if ((query->name_space != NVS_ANY && query->name_space != entry->name_space) ||
            (query->key != NULL && (!key_matches(entry, key) || !blob_part_matches(query, entry))))
            continue;
        return query->type == NVS_ANY || query->type == entry->type ? ESP_OK : ESP_ERR_NVS_TYPE_MISMATCH;
    }
    return code;
}

// ---- data ---------------------------------------------------------------------------------------

// Bytes of an item's data that lie in its page: all of them but in releases that do not check lengths
// (NV-12), where the real code reads on.
static uint32_t data_length(uint32_t index, const struct nvs_entry *entry) {
    uint32_t length = nvs_entry_length(entry), room = (NVS_ENTRIES - 1 - index) * NVS_ENTRY_SIZE;
    return length < room ? length : room;
}

esp_err_t nvs_page_read_data(struct nvs_page *page, uint32_t index, const struct nvs_entry *entry,
                             void *out) {
    uint32_t length = data_length(index, entry);
    esp_err_t code = esp_partition_read(page->partition, nvs_entry_offset(page, index + 1), out, length);
    if (code != ESP_OK)
        return code;
    if (crc32_of_record(out, length) == nvs_entry_data_crc(entry))
        return ESP_OK;
    code = nvs_page_erase_item(page, index, nvs_repair_purge());
    return code == ESP_OK ? ESP_ERR_NVS_NOT_FOUND : code;
}

esp_err_t nvs_page_compare_data(const struct nvs_page *page, uint32_t index, const struct nvs_entry *entry,
                                const void *data, bool *equal) {
    uint8_t stored[NVS_CHUNK_MAX];
    uint32_t length = data_length(index, entry);
    esp_err_t code = esp_partition_read(page->partition, nvs_entry_offset(page, index + 1), stored, length);
    *equal = code == ESP_OK && memcmp(stored, data, length) == 0 &&
             crc32_of_record(stored, length) == nvs_entry_data_crc(entry);
    return code;
}
