#include "app_otadata.h"

#include <stddef.h>

#include "api_call.h"
#include "port.h"

#define SLOTS_MAX 16u

static const char tag[] = "ota";

bool app_otadata_read(struct app_otadata *out) {
    out->partition = esp_partition_find_first(ESP_PARTITION_TYPE_DATA, ESP_PARTITION_SUBTYPE_DATA_OTA, NULL);
    return out->partition != NULL && otadata_read(out->partition->address, out->entries);
}

static uint32_t entry_offset(const struct app_otadata *otadata, int index) {
    return (uint32_t)index * otadata->partition->erase_size;
}

esp_err_t app_otadata_erase(const struct app_otadata *otadata, int index) {
    return esp_partition_erase_range(otadata->partition, entry_offset(otadata, index),
                                     otadata->partition->erase_size);
}

esp_err_t app_otadata_write(const struct app_otadata *otadata, int index) {
    const struct otadata_entry *entry = &otadata->entries[index];
    uint8_t bytes[OTADATA_ENTRY_SIZE];
    otadata_encode(entry, bytes);
    port_log(PORT_LOG_INFO, tag, "otadata entry %d := seq %u, %s", index, (unsigned)entry->seq,
             otadata_state_name(entry->state));
    esp_err_t code = app_otadata_erase(otadata, index);
    if (code != ESP_OK)
        return code;
    return esp_partition_write(otadata->partition, entry_offset(otadata, index), bytes, sizeof bytes);
}

const esp_partition_t *app_slot_partition(uint32_t slot) {
    return esp_partition_find_first(
        ESP_PARTITION_TYPE_APP, (esp_partition_subtype_t)(ESP_PARTITION_SUBTYPE_APP_OTA_MIN + slot), NULL);
}

uint32_t app_slot_count(void) {
    uint32_t count = 0;
    while (app_slot_partition(count) != NULL) { // slot 16 would be the test app
        require(count < SLOTS_MAX, "assertion: the count of OTA slots ran into the test app");
        count++;
    }
    return count;
}

const esp_partition_t *app_entry_partition(const struct otadata_entry *entry, uint32_t slot_count) {
    return app_slot_partition(otadata_slot(entry->seq, slot_count));
}

bool app_is_slot(const esp_partition_t *partition) {
    return partition->type == ESP_PARTITION_TYPE_APP &&
           partition->subtype >= ESP_PARTITION_SUBTYPE_APP_OTA_MIN &&
           partition->subtype < ESP_PARTITION_SUBTYPE_APP_OTA_MAX;
}
