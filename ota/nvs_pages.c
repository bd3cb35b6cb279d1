// The pages of a partition: which are in use, in which order, and which comes next (NV-40 to NV-45, NV-60 to
// NV-66).
#include <string.h>

#include "firmware.h"
#include "nvs_storage.h"
#include "port.h"

static const struct release_profile *profile(void) {
    return port_ram()->app_build->profile;
}

struct nvs_page *nvs_listed_page(const struct nvs_storage *storage, uint32_t i) {
    return &storage->pages[storage->listed[i]];
}

struct nvs_page *nvs_current_page(const struct nvs_storage *storage) {
    return nvs_listed_page(storage, storage->listed_count - 1);
}

static void append_free(struct nvs_storage *storage, uint8_t sector) {
    storage->free[storage->free_count++] = sector;
}

static void unlist(struct nvs_storage *storage, uint32_t i) {
    storage->listed_count--;
    memmove(&storage->listed[i], &storage->listed[i + 1], storage->listed_count - i);
}

// ---- a new page ---------------------------------------------------------------------------------

// NV-60: the current page from now on. Its header is programmed with its first item.
static esp_err_t take_page(struct nvs_storage *storage) {
    if (storage->free_count == 0)
        return ESP_ERR_NVS_NOT_ENOUGH_SPACE;
    uint8_t sector = storage->free[0];
    struct nvs_page *page = &storage->pages[sector];
    if (page->state == NVS_PAGE_CORRUPT) {
        esp_err_t code = nvs_page_erase(page);
        if (code != ESP_OK)
            return code;
    }
    memmove(storage->free, storage->free + 1, --storage->free_count);
    storage->listed[storage->listed_count++] = sector;
    page->sequence = storage->next_sequence++;
    return ESP_OK;
}

// Copies the listed page to the current one, erases it and frees it.
static esp_err_t move_items(struct nvs_storage *storage, uint32_t victim) {
    uint8_t sector = storage->listed[victim];
    struct nvs_page *from = &storage->pages[sector], *to = nvs_current_page(storage);
    esp_err_t code = nvs_page_copy_items(from, to);
    if (code != ESP_OK)
        return code;
    uint32_t items = from->used;
    code = nvs_page_erase(from);
    if (code != ESP_OK)
        return code;
    if (to->used != items)
        return ESP_FAIL;
    unlist(storage, victim);
    append_free(storage, sector);
    return ESP_OK;
}

// The listed page that gives most room, the oldest of equals; false: all are wholly in use.
static bool choose_victim(const struct nvs_storage *storage, uint32_t *victim) {
    uint32_t most = 0;
    for (uint32_t i = 0; i < storage->listed_count; i++) {
        uint32_t unused = NVS_ENTRIES - nvs_listed_page(storage, i)->used;
        if (unused > most) {
            most = unused;
            *victim = i;
        }
    }
    return most > 0;
}

// A second page that a cut left half copied waits for the next start-up (NV-44): it cannot be the victim.
static esp_err_t set_freeing(struct nvs_page *page) {
    return page->state == NVS_PAGE_FREEING ? ESP_ERR_NVS_INVALID_STATE
                                           : nvs_page_set_state(page, NVS_PAGE_FREEING);
}

// NV-62.
static esp_err_t compact(struct nvs_storage *storage) {
    uint32_t victim = 0;
    if (!choose_victim(storage, &victim))
        return ESP_ERR_NVS_NOT_ENOUGH_SPACE;
    struct nvs_page *page = nvs_listed_page(storage, victim);
    bool freeing_first = profile()->nvs_freeing_first;
    esp_err_t code = freeing_first ? set_freeing(page) : take_page(storage);
    if (code == ESP_OK)
        code = freeing_first ? take_page(storage) : set_freeing(page);
    return code == ESP_OK ? move_items(storage, victim) : code;
}

esp_err_t nvs_pages_request_new(struct nvs_storage *storage) {
    struct nvs_page *current = nvs_current_page(storage);
    if (current->state != NVS_PAGE_FULL) {
        esp_err_t code = nvs_page_set_state(current, NVS_PAGE_FULL);
        if (code != ESP_OK)
            return code;
    }
    if (storage->free_count == 0)
        return ESP_ERR_NVS_INVALID_STATE;
    return storage->free_count > 1 ? take_page(storage) : compact(storage);
}

// ---- loading ------------------------------------------------------------------------------------

// NV-40: equal sequence numbers stay in the order of their sectors.
static void list_page(struct nvs_storage *storage, uint8_t sector) {
    uint32_t i = storage->listed_count++;
    for (; i > 0 && nvs_listed_page(storage, i - 1)->sequence > storage->pages[sector].sequence; i--)
        storage->listed[i] = storage->listed[i - 1];
    storage->listed[i] = sector;
}

static bool last_item(struct nvs_page *page, struct nvs_entry *last) {
    struct nvs_entry entry;
    uint32_t index, from = 0;
    bool found = false;
    while (nvs_page_next_item(page, from, &index, &entry) == ESP_OK) {
        *last = entry;
        found = true;
        from = nvs_item_end(index, &entry);
    }
    return found;
}

// The first page but the current one with such an item.
static esp_err_t erase_on_older_page(struct nvs_storage *storage, const struct nvs_query *query,
                                     bool *erased) {
    for (uint32_t i = 0; i + 1 < storage->listed_count && !*erased; i++) {
        struct nvs_page *page = nvs_listed_page(storage, i);
        struct nvs_entry entry;
        uint32_t index;
        if (page->state != NVS_PAGE_FREEING && nvs_page_find(page, query, &index, &entry) == ESP_OK) {
            *erased = true;
            return nvs_page_erase_item(page, index, nvs_repair_purge());
        }
    }
    return ESP_OK;
}

// NV-43: the newest item was written, the one that it replaces not yet erased.
static esp_err_t finish_overwrite(struct nvs_storage *storage) {
    struct nvs_entry last;
    if (!last_item(nvs_current_page(storage), &last))
        return ESP_OK;
    char key[NVS_KEY_MAX + 1] = {0};
    memcpy(key, last.key, NVS_KEY_MAX);
    struct nvs_query query = {
        .name_space = last.name_space, .type = last.type, .key = key, .chunk = last.chunk, .chunk_start = -1};
    bool erased = false;
    esp_err_t code = erase_on_older_page(storage, &query, &erased);
    if (code == ESP_OK && !erased && last.type == NVS_ITEM_BLOB_INDEX) {
        query.type = NVS_ITEM_LEGACY_BLOB;
        code = erase_on_older_page(storage, &query, &erased);
    }
    return code;
}

// NV-44: what was copied is thrown away and copied again.
static esp_err_t finish_compaction(struct nvs_storage *storage) {
    uint32_t victim = 0;
    while (victim < storage->listed_count && nvs_listed_page(storage, victim)->state != NVS_PAGE_FREEING)
        victim++;
    if (victim == storage->listed_count)
        return ESP_OK;
    struct nvs_page *current = nvs_current_page(storage);
    if (current->state == NVS_PAGE_ACTIVE) {
        esp_err_t code = nvs_page_erase(current);
        if (code != ESP_OK)
            return code;
        append_free(storage, storage->listed[--storage->listed_count]);
    }
    esp_err_t code = take_page(storage);
    return code == ESP_OK ? move_items(storage, victim) : code;
}

static esp_err_t load_pages(struct nvs_storage *storage) {
    for (uint32_t sector = 0; sector < storage->page_count; sector++) {
        struct nvs_page *page = &storage->pages[sector];
        esp_err_t code = nvs_page_load(page, storage->partition, sector * NVS_PAGE_SIZE);
        if (code != ESP_OK)
            return code;
        if (page->state == NVS_PAGE_UNINITIALIZED || page->state == NVS_PAGE_CORRUPT)
            append_free(storage, (uint8_t)sector);
        else
            list_page(storage, (uint8_t)sector);
    }
    return ESP_OK;
}

esp_err_t nvs_pages_load(struct nvs_storage *storage) {
    esp_err_t code = load_pages(storage);
    if (code != ESP_OK)
        return code;
    if (storage->listed_count == 0) { // NV-41: no look at whether a page is left
        storage->next_sequence = 0;
        return take_page(storage);
    }
    storage->next_sequence = nvs_current_page(storage)->sequence + 1;
    if (storage->partition->readonly && profile()->nvs_readonly_not_repaired)
        return ESP_OK;
    code = finish_overwrite(storage);
    if (code == ESP_OK)
        code = finish_compaction(storage);
    return code == ESP_OK && storage->free_count == 0 ? ESP_ERR_NVS_NO_FREE_PAGES : code;
}
