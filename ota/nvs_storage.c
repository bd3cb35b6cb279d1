// Items of a partition: finding, setting and erasing them across pages (NV-35, NV-70, NV-80, NV-81).
#include "nvs_storage.h"

#include <string.h>

#include "firmware.h"
#include "port.h"

// ---- starting and stopping ----------------------------------------------------------------------

struct nvs_storage *nvs_storage_of(const char *label) {
    struct nvs_ram *ram = &port_ram()->nvs;
    for (uint32_t i = 0; i < NVS_STORAGES_MAX; i++) {
        const esp_partition_t *partition = ram->storages[i].partition;
        if (partition != NULL && strcmp(partition->label, label) == 0)
            return &ram->storages[i];
    }
    return NULL;
}

bool nvs_storage_any(void) {
    const struct nvs_ram *ram = &port_ram()->nvs;
    for (uint32_t i = 0; i < NVS_STORAGES_MAX; i++)
        if (ram->storages[i].partition != NULL)
            return true;
    return false;
}

// The running partition whose pages lie in the way of pool[first, first + count); NULL: none.
static const struct nvs_storage *in_the_way(const struct nvs_ram *ram, uint32_t first, uint32_t count) {
    for (uint32_t i = 0; i < NVS_STORAGES_MAX; i++) {
        const struct nvs_storage *other = &ram->storages[i];
        if (other->partition != NULL && other->pages < ram->pages + first + count &&
            ram->pages + first < other->pages + other->page_count)
            return other;
    }
    return NULL;
}

static struct nvs_page *take_pages(struct nvs_ram *ram, uint32_t count) {
    uint32_t first = 0;
    const struct nvs_storage *other;
    while (first + count <= NVS_PAGES_MAX && (other = in_the_way(ram, first, count)) != NULL)
        first = (uint32_t)(other->pages - ram->pages) + other->page_count;
    if (first + count > NVS_PAGES_MAX)
        return NULL;
    if (ram->pages_touched < first + count)
        ram->pages_touched = first + count;
    return ram->pages + first;
}

esp_err_t nvs_storage_start(const esp_partition_t *partition) {
    struct nvs_ram *ram = &port_ram()->nvs;
    struct nvs_storage *storage = ram->storages;
    uint32_t page_count = partition->size / NVS_PAGE_SIZE;
    ram->used = true;
    while (storage < ram->storages + NVS_STORAGES_MAX && storage->partition != NULL)
        storage++;
    struct nvs_page *pages = page_count > NVS_PAGES_MAX ? NULL : take_pages(ram, page_count);
    if (storage == ram->storages + NVS_STORAGES_MAX || pages == NULL)
        return ESP_ERR_NO_MEM;
    *storage = (struct nvs_storage){.partition = partition, .page_count = page_count, .pages = pages};
    esp_err_t code = nvs_pages_load(storage);
    if (code == ESP_OK)
        code = nvs_namespaces_load(storage);
    if (code == ESP_OK)
        nvs_blobs_repair(storage);
    else
        nvs_storage_stop(storage);
    return code;
}

void nvs_storage_stop(struct nvs_storage *storage) {
    struct nvs_ram *ram = &port_ram()->nvs;
    for (uint32_t i = 0; i < NVS_HANDLES_MAX; i++)
        if (ram->handles[i].storage == storage)
            ram->handles[i] = (struct nvs_open_handle){0};
    for (uint32_t i = 0; i < NVS_ITERATORS_MAX; i++)
        if (ram->iterators[i].storage == storage)
            ram->iterators[i].open = false;
    nvs_namespaces_forget(storage);
    storage->partition = NULL;
}

// ---- finding ------------------------------------------------------------------------------------

esp_err_t nvs_storage_find(struct nvs_storage *storage, const struct nvs_query *query,
                           struct nvs_place *place) {
    for (uint32_t i = 0; i < storage->listed_count; i++) {
        place->page = nvs_listed_page(storage, i);
        if (nvs_page_find(place->page, query, &place->index, &place->entry) == ESP_OK)
            return ESP_OK;
    }
    return ESP_ERR_NVS_NOT_FOUND;
}

static struct nvs_query item_query(uint8_t name_space, uint8_t type, const char *key) {
    return (struct nvs_query){
        .name_space = name_space, .type = type, .key = key, .chunk = NVS_CHUNK_NONE, .chunk_start = -1};
}

// ---- setting ------------------------------------------------------------------------------------

esp_err_t nvs_storage_append(struct nvs_storage *storage, uint8_t name_space, uint8_t type, const char *key,
                             const void *value, uint32_t length) {
    esp_err_t code =
        nvs_page_write(nvs_current_page(storage), name_space, type, key, NVS_CHUNK_NONE, value, length);
    if (code != ESP_ERR_NVS_PAGE_FULL)
        return code;
    code = nvs_pages_request_new(storage);
    if (code == ESP_OK) {
        code =
            nvs_page_write(nvs_current_page(storage), name_space, type, key, NVS_CHUNK_NONE, value, length);
    }
    return code == ESP_ERR_NVS_PAGE_FULL ? ESP_ERR_NVS_NOT_ENOUGH_SPACE : code;
}

// The old item may lie elsewhere by now: a compaction moves it.
esp_err_t nvs_storage_erase_old(struct nvs_storage *storage, uint8_t name_space, const char *key,
                                const struct nvs_place *old, enum nvs_purge purge) {
    uint8_t type = old->entry.type;
    esp_err_t code;
    if (type == NVS_ITEM_BLOB_INDEX && port_ram()->app_build->profile->nvs_replaces_blobs) {
        code = nvs_blob_erase(storage, name_space, key, nvs_entry_chunk_start(&old->entry), purge);
    } else {
        struct nvs_query query = item_query(name_space, type, key);
        struct nvs_place place;
        code = nvs_storage_find(storage, &query, &place);
        if (code == ESP_OK)
            code = nvs_page_erase_item(place.page, place.index, purge);
    }
    return code == ESP_OK || code == ESP_ERR_NVS_NOT_FOUND ? code : ESP_ERR_NVS_REMOVE_FAILED;
}

static bool same_value(const struct nvs_place *old, const void *value, uint32_t length) {
    bool equal = false;
    if (!nvs_type_is_variable(old->entry.type))
        return memcmp(old->entry.value, value, length) == 0;
    return nvs_entry_length(&old->entry) == length &&
           nvs_page_compare_data(old->page, old->index, &old->entry, value, &equal) == ESP_OK && equal;
}

esp_err_t nvs_storage_set(struct nvs_storage *storage, uint8_t name_space, uint8_t type, const char *key,
                          const void *value, uint32_t length, enum nvs_purge purge) {
    struct nvs_query query = item_query(name_space, type, key);
    struct nvs_place old;
    bool replaces = nvs_storage_find(storage, &query, &old) == ESP_OK;
    if (replaces && same_value(&old, value, length))
        return ESP_OK;
    if (!replaces && port_ram()->app_build->profile->nvs_replaces_other_types) {
        query.type = NVS_ANY;
        replaces = nvs_storage_find(storage, &query, &old) == ESP_OK;
    }
    esp_err_t code = nvs_storage_append(storage, name_space, type, key, value, length);
    if (code == ESP_OK && replaces)
        code = nvs_storage_erase_old(storage, name_space, key, &old, purge);
    return code;
}

// ---- erasing ------------------------------------------------------------------------------------

esp_err_t nvs_storage_erase_key(struct nvs_storage *storage, uint8_t name_space, const char *key,
                                enum nvs_purge purge) {
    struct nvs_query query = item_query(name_space, NVS_ANY, key);
    struct nvs_place place;
    if (nvs_storage_find(storage, &query, &place) != ESP_OK)
        return ESP_ERR_NVS_NOT_FOUND;
    if (place.entry.type == NVS_ITEM_BLOB_INDEX)
        return nvs_blob_erase(storage, name_space, key, nvs_entry_chunk_start(&place.entry), purge);
    return nvs_page_erase_item(place.page, place.index, purge);
}

esp_err_t nvs_storage_erase_all(struct nvs_storage *storage, uint8_t name_space, enum nvs_purge purge) {
    struct nvs_query query = {.name_space = name_space, .type = NVS_ANY, .chunk = NVS_ANY, .chunk_start = -1};
    for (uint32_t i = 0; i < storage->listed_count; i++) {
        struct nvs_page *page = nvs_listed_page(storage, i);
        struct nvs_entry entry;
        uint32_t index;
        while (nvs_page_find(page, &query, &index, &entry) == ESP_OK) {
            esp_err_t code = nvs_page_erase_item(page, index, purge);
            if (code != ESP_OK)
                return code;
        }
    }
    return ESP_OK;
}
