// Compaction of a page: its items go to a fresh one (NV-63).
#include "api_call.h"
#include "nvs_page.h"

// Entries as they are, without a look at what is in them.
static esp_err_t copy_entry(const struct nvs_page *from, uint32_t index, struct nvs_page *to,
                            struct nvs_entry *entry) {
    uint8_t bytes[NVS_ENTRY_SIZE];
    if (to->next == NVS_ENTRIES)
        return ESP_FAIL;
    esp_err_t code = esp_partition_read(from->partition, nvs_entry_offset(from, index), bytes, sizeof bytes);
    if (code == ESP_OK) {
        nvs_entry_decode(bytes, entry);
        code = nvs_page_append(to, bytes);
    }
    return code;
}

static esp_err_t copy_item(const struct nvs_page *from, uint32_t index, struct nvs_page *to, uint32_t *next) {
    struct nvs_entry entry, data;
    uint32_t place = to->next;
    esp_err_t code = copy_entry(from, index, to, &entry);
    if (code != ESP_OK)
        return code;
    nvs_page_list_item(to, &entry, place);
    require(entry.span != 0, "NVS copies an item that spans no entries for ever; the watchdog bites");
    if (index + entry.span > NVS_ENTRIES)
        return ESP_FAIL;
    for (uint32_t i = 1; i < entry.span && code == ESP_OK; i++)
        code = copy_entry(from, index + i, to, &data);
    *next = index + entry.span;
    return code;
}

esp_err_t nvs_page_copy_items(const struct nvs_page *from, struct nvs_page *to) {
    for (uint32_t i = 0; i < NVS_ENTRIES;) {
        if (nvs_page_entry_state(from, i) != NVS_ENTRY_WRITTEN) {
            i++;
            continue;
        }
        esp_err_t code = to->state == NVS_PAGE_UNINITIALIZED ? nvs_page_activate(to) : ESP_OK;
        if (code == ESP_OK)
            code = copy_item(from, i, to, &i);
        if (code != ESP_OK)
            return code;
    }
    return ESP_OK;
}
