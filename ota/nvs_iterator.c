// Iterators over the values of a partition (NV-90).
#include <string.h>

#include "api_call.h"
#include "firmware.h"
#include "nvs_handle.h"

static const char tag[] = "nvs";

// A blob shows once, at its first piece; the directory and indices do not.
static bool shown(const struct nvs_opaque_iterator_t *iterator, const struct nvs_entry *entry) {
    if (entry->name_space == 0 || entry->type == NVS_ITEM_BLOB_INDEX || entry->type == NVS_ITEM_LEGACY_BLOB ||
        (entry->type == NVS_ITEM_BLOB_DATA && entry->chunk != NVS_VERSION_0_START &&
         entry->chunk != NVS_VERSION_1_START))
        return false;
    return (iterator->name_space < 0 || iterator->name_space == entry->name_space) &&
           (iterator->type == NVS_TYPE_ANY || (uint8_t)iterator->type == entry->type);
}

// An item without a named namespace keeps the name of the one before.
static void describe(struct nvs_opaque_iterator_t *iterator, const struct nvs_entry *entry) {
    const char *name = nvs_namespace_name(iterator->storage, entry->name_space);
    if (name != NULL)
        memcpy(iterator->info.namespace_name, name, sizeof iterator->info.namespace_name);
    memcpy(iterator->info.key, entry->key, NVS_KEY_MAX);
    iterator->info.type = (nvs_type_t)entry->type;
}

static esp_err_t advance(struct nvs_opaque_iterator_t *iterator) {
    const struct nvs_storage *storage = iterator->storage;
    for (; iterator->listed_index < storage->listed_count; iterator->listed_index++, iterator->entry = 0) {
        struct nvs_page *page = nvs_listed_page(storage, iterator->listed_index);
        struct nvs_entry entry;
        uint32_t index;
        while (nvs_page_next_item(page, iterator->entry, &index, &entry) == ESP_OK) {
            iterator->entry = nvs_item_end(index, &entry);
            if (shown(iterator, &entry)) {
                describe(iterator, &entry);
                return ESP_OK;
            }
        }
    }
    return ESP_ERR_NVS_NOT_FOUND;
}

static esp_err_t begin(struct nvs_storage *storage, int name_space, nvs_type_t type, nvs_iterator_t *out) {
    struct nvs_ram *ram = &port_ram()->nvs;
    for (uint32_t i = 0; i < NVS_ITERATORS_MAX; i++) {
        nvs_iterator_t iterator = &ram->iterators[i];
        if (iterator->open)
            continue;
        *iterator = (struct nvs_opaque_iterator_t){
            .open = true, .storage = storage, .name_space = name_space, .type = type};
        esp_err_t code = advance(iterator);
        iterator->open = code == ESP_OK;
        *out = iterator->open ? iterator : NULL;
        return code;
    }
    return refuse(tag, ESP_ERR_NO_MEM, "too many iterators");
}

static esp_err_t find(const char *label, const char *name, nvs_type_t type, nvs_iterator_t *out) {
    if (label == NULL || out == NULL)
        return ESP_ERR_INVALID_ARG;
    *out = NULL;
    struct nvs_storage *storage = nvs_storage_of(label);
    if (storage == NULL)
        return ESP_ERR_NVS_NOT_FOUND;
    int name_space = name == NULL ? -1 : nvs_namespace_find(storage, name);
    return name != NULL && name_space < 0 ? ESP_ERR_NVS_NOT_FOUND : begin(storage, name_space, type, out);
}

static esp_err_t find_in_handle(nvs_handle_t handle, nvs_type_t type, nvs_iterator_t *out) {
    if (out == NULL)
        return ESP_ERR_INVALID_ARG;
    *out = NULL;
    const struct nvs_open_handle *opened = nvs_handle_of(handle);
    return opened == NULL ? refuse(tag, ESP_ERR_NVS_INVALID_HANDLE, "the handle is not open")
                          : begin(opened->storage, opened->name_space, type, out);
}

static esp_err_t next(nvs_iterator_t *iterator) {
    if (iterator == NULL || *iterator == NULL || !(*iterator)->open)
        return ESP_ERR_INVALID_ARG;
    esp_err_t code = advance(*iterator);
    if (code != ESP_OK) {
        (*iterator)->open = false;
        *iterator = NULL;
    }
    return code;
}

esp_err_t nvs_entry_find(const char *part_name, const char *namespace_name, nvs_type_t type,
                         nvs_iterator_t *output_iterator) {
    API_CALL(esp_err_t, find(part_name, namespace_name, type, output_iterator));
}

esp_err_t nvs_entry_find_in_handle(nvs_handle_t handle, nvs_type_t type, nvs_iterator_t *output_iterator) {
    API_CALL(esp_err_t, find_in_handle(handle, type, output_iterator));
}

esp_err_t nvs_entry_next(nvs_iterator_t *iterator) {
    API_CALL(esp_err_t, next(iterator));
}

esp_err_t nvs_entry_info(const nvs_iterator_t iterator, nvs_entry_info_t *out_info) {
    if (iterator == NULL || !iterator->open || out_info == NULL)
        return ESP_ERR_INVALID_ARG;
    *out_info = iterator->info;
    return ESP_OK;
}

void nvs_release_iterator(nvs_iterator_t iterator) {
    if (iterator != NULL)
        iterator->open = false;
}
