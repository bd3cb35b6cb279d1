// Loading a page: what the flash holds, and the repair of what a power cut left (NV-20 to NV-25).
#include <string.h>

#include "little_endian.h"
#include "nvs_page.h"

// ---- entry states (NV-21) -----------------------------------------------------------------------

static esp_err_t load_table(struct nvs_page *page) {
    uint8_t bytes[sizeof page->table];
    esp_err_t code = esp_partition_read(page->partition, page->base + NVS_TABLE_OFFSET, bytes, sizeof bytes);
    for (uint32_t i = 0; i < sizeof page->table / sizeof page->table[0]; i++)
        page->table[i] = le32_get(bytes + 4 * i);
    page->next = NVS_ENTRIES;
    for (uint32_t i = NVS_ENTRIES; i-- > 0;) {
        enum nvs_entry_state state = nvs_page_entry_state(page, i);
        page->used += state == NVS_ENTRY_WRITTEN;
        if (state == NVS_ENTRY_EMPTY)
            page->next = (uint8_t)i;
    }
    return code;
}

// ---- repair -------------------------------------------------------------------------------------

// NV-22: entries that were begun, or lie behind one that was not.
static esp_err_t erase_half_written(struct nvs_page *page) {
    while (page->next < NVS_ENTRIES) {
        bool begun = false;
        esp_err_t code = nvs_page_entry_begun(page, page->next, &begun);
        if (code != ESP_OK || !begun)
            return code;
        code = nvs_page_erase_entry(page, page->next, nvs_repair_purge());
        if (code != ESP_OK)
            return code;
        page->next++;
    }
    return ESP_OK;
}

static bool wholly_written(const struct nvs_page *page, uint32_t index, const struct nvs_entry *entry) {
    for (uint32_t i = index; i < nvs_item_end(index, entry); i++)
        if (nvs_page_entry_state(page, i) != NVS_ENTRY_WRITTEN)
            return false;
    return true;
}

// What the walk over an ACTIVE page knows.
struct active_walk {
    uint32_t index; // where it is
    bool last_known;
    uint32_t last_index; // of the item met last
    struct nvs_entry last;
};

// NV-23 for a WRITTEN entry.
static esp_err_t check_item(struct nvs_page *page, struct active_walk *walk) {
    uint32_t index = walk->index;
    esp_err_t code = nvs_page_read_entry(page, index, &walk->last);
    if (code != ESP_OK)
        return code;
    walk->last_known = true;
    walk->last_index = index;
    const struct nvs_entry *entry = &walk->last;
    if (!nvs_consistent(entry, index)) {
        walk->index++;
        return nvs_page_erase_item(page, index, nvs_repair_purge());
    }
    walk->index = nvs_item_end(index, entry);
    nvs_page_list_item(page, entry, index);
    uint32_t hash = nvs_hash(entry->name_space, entry->key, entry->chunk);
    uint32_t duplicate = nvs_page_find_hash(page, hash, 0);
    if (nvs_type_is_variable(entry->type) && !wholly_written(page, index, entry)) {
        (void)nvs_page_erase_item(page, index, nvs_repair_purge());
        walk->last_known = false;
    } else if (duplicate < index) {
        (void)nvs_page_erase_item(page, duplicate, nvs_repair_purge());
    }
    return ESP_OK;
}

// NV-24: an item of the same name before the one met last. Of a piece of a blob it is any piece (NV-100).
static esp_err_t erase_older(struct nvs_page *page, const struct nvs_entry *last, uint32_t last_index) {
    char key[NVS_KEY_MAX + 1] = {0};
    memcpy(key, last->key, NVS_KEY_MAX);
    struct nvs_query query = {
        .name_space = last->name_space, .type = last->type, .key = key, .chunk = NVS_ANY, .chunk_start = -1};
    struct nvs_entry entry;
    uint32_t index;
    if (nvs_page_find(page, &query, &index, &entry) != ESP_OK || index >= last_index)
        return ESP_OK;
    return nvs_page_erase_item(page, index, nvs_repair_purge());
}

static esp_err_t check_active(struct nvs_page *page) {
    struct active_walk walk = {0};
    while (walk.index < page->next) {
        esp_err_t code = ESP_OK;
        switch (nvs_page_entry_state(page, walk.index)) {
        case NVS_ENTRY_WRITTEN:
            code = check_item(page, &walk);
            break;
        case NVS_ENTRY_ILLEGAL:
            code = nvs_page_erase_item(page, walk.index, nvs_repair_purge());
            // fall through
        default:
            walk.last_known = false;
            walk.index++;
        }
        if (code != ESP_OK)
            return code;
    }
    return walk.last_known ? erase_older(page, &walk.last, walk.last_index) : ESP_OK;
}

// NV-25: FULL and FREEING pages.
static esp_err_t check_full(struct nvs_page *page) {
    for (uint32_t i = 0; i < NVS_ENTRIES;) {
        struct nvs_entry entry;
        if (nvs_page_entry_state(page, i) != NVS_ENTRY_WRITTEN) {
            i++;
            continue;
        }
        esp_err_t code = nvs_page_read_entry(page, i, &entry);
        if (code != ESP_OK)
            return code;
        if (!nvs_consistent(&entry, i)) {
            code = nvs_page_erase_item(page, i++, nvs_repair_purge());
            if (code != ESP_OK)
                return code;
            continue;
        }
        nvs_page_list_item(page, &entry, i);
        if (nvs_type_is_variable(entry.type) && !wholly_written(page, i, &entry))
            (void)nvs_page_erase_item(page, i, nvs_repair_purge());
        i = nvs_item_end(i, &entry);
    }
    return ESP_OK;
}

esp_err_t nvs_page_load(struct nvs_page *page, const esp_partition_t *partition, uint32_t base) {
    memset(page, 0, sizeof *page);
    page->partition = partition;
    page->base = base;
    memset(page->table, 0xFF, sizeof page->table);
    esp_err_t code = nvs_page_load_header(page);
    if (code != ESP_OK || page->state == NVS_PAGE_UNINITIALIZED || page->state == NVS_PAGE_CORRUPT)
        return code;
    code = load_table(page);
    if (code != ESP_OK)
        return code;
    if (page->state != NVS_PAGE_ACTIVE) {
        page->next = NVS_ENTRIES;
        return check_full(page);
    }
    code = erase_half_written(page);
    return code == ESP_OK ? check_active(page) : code;
}
