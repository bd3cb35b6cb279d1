// Opening and closing namespaces, and calls that only look at a handle or change no single value.
#include "nvs_handle.h"

#include "api_call.h"
#include "firmware.h"

static const char tag[] = "nvs";

const struct nvs_open_handle *nvs_handle_of(nvs_handle_t handle) {
    const struct nvs_ram *ram = &port_ram()->nvs;
    for (uint32_t i = 0; i < NVS_HANDLES_MAX && handle != 0; i++)
        if (ram->handles[i].handle == handle)
            return &ram->handles[i];
    return NULL;
}

esp_err_t nvs_handle_to_write(nvs_handle_t handle, const struct nvs_open_handle **out) {
    *out = nvs_handle_of(handle);
    if (*out == NULL)
        return refuse(tag, ESP_ERR_NVS_INVALID_HANDLE, "the handle is not open");
    return (*out)->mode != NVS_READONLY ? ESP_OK
                                        : refuse(tag, ESP_ERR_NVS_READ_ONLY, "the handle is read-only");
}

enum nvs_purge nvs_handle_purge(const struct nvs_open_handle *handle) {
    return handle->mode == NVS_READWRITE_PURGE && port_ram()->app_build->profile->nvs_purges ? NVS_PURGE
                                                                                             : NVS_KEEP_DATA;
}

// ---- opening ------------------------------------------------------------------------------------

static esp_err_t find_or_create(struct nvs_storage *storage, const char *name, nvs_open_mode_t mode,
                                int *index) {
    *index = nvs_namespace_find(storage, name);
    if (*index >= 0)
        return ESP_OK;
    if (mode == NVS_READONLY)
        return refuse(tag, ESP_ERR_NVS_NOT_FOUND, "open: there is no such namespace");
    return nvs_namespace_create(storage, name, index);
}

static esp_err_t take_handle(const struct nvs_open_handle *opened, nvs_handle_t *out) {
    struct nvs_ram *ram = &port_ram()->nvs;
    for (uint32_t i = 0; i < NVS_HANDLES_MAX; i++) {
        if (ram->handles[i].handle == 0) {
            ram->handles[i] = *opened;
            ram->handles[i].handle = ++ram->last_handle;
            *out = ram->last_handle;
            return ESP_OK;
        }
    }
    return refuse(tag, ESP_ERR_NO_MEM, "open: too many handles");
}

static esp_err_t open_namespace(const char *label, const char *name, nvs_open_mode_t mode,
                                nvs_handle_t *out) {
    if (label == NULL || name == NULL || out == NULL)
        return refuse(tag, ESP_ERR_INVALID_ARG, "open: no name or no place for the handle");
    struct nvs_storage *storage = nvs_storage_of(label);
    if (storage == NULL) {
        return refuse(tag, nvs_storage_any() ? ESP_ERR_NVS_PART_NOT_FOUND : ESP_ERR_NVS_NOT_INITIALIZED,
                      "open: the partition does not run");
    }
    if (mode != NVS_READONLY && storage->partition->readonly)
        return refuse(tag, ESP_ERR_NOT_ALLOWED, "open: the partition is flagged readonly");
    int index;
    esp_err_t code = find_or_create(storage, name, mode, &index);
    if (code != ESP_OK)
        return code;
    struct nvs_open_handle opened = {.storage = storage, .name_space = (uint8_t)index, .mode = mode};
    return take_handle(&opened, out);
}

esp_err_t nvs_open_from_partition(const char *part_name, const char *namespace_name,
                                  nvs_open_mode_t open_mode, nvs_handle_t *out_handle) {
    API_CALL(esp_err_t, open_namespace(part_name, namespace_name, open_mode, out_handle));
}

esp_err_t nvs_open(const char *namespace_name, nvs_open_mode_t open_mode, nvs_handle_t *out_handle) {
    API_CALL(esp_err_t, open_namespace(NVS_DEFAULT_PART_NAME, namespace_name, open_mode, out_handle));
}

void nvs_close(nvs_handle_t handle) {
    struct nvs_ram *ram = &port_ram()->nvs;
    for (uint32_t i = 0; i < NVS_HANDLES_MAX && handle != 0; i++)
        if (ram->handles[i].handle == handle)
            ram->handles[i] = (struct nvs_open_handle){0};
}

esp_err_t nvs_commit(nvs_handle_t handle) {
    return nvs_handle_of(handle) != NULL ? ESP_OK
                                         : refuse(tag, ESP_ERR_NVS_INVALID_HANDLE, "commit: not open");
}

// ---- erasing ------------------------------------------------------------------------------------

static esp_err_t erase_key(nvs_handle_t handle, const char *key) {
    const struct nvs_open_handle *opened;
    esp_err_t code = nvs_handle_to_write(handle, &opened);
    return code != ESP_OK
               ? code
               : nvs_storage_erase_key(opened->storage, opened->name_space, key, nvs_handle_purge(opened));
}

static esp_err_t erase_all(nvs_handle_t handle) {
    const struct nvs_open_handle *opened;
    esp_err_t code = nvs_handle_to_write(handle, &opened);
    return code != ESP_OK
               ? code
               : nvs_storage_erase_all(opened->storage, opened->name_space, nvs_handle_purge(opened));
}

static esp_err_t purge_all(nvs_handle_t handle) {
    const struct nvs_open_handle *opened;
    esp_err_t code = nvs_handle_to_write(handle, &opened);
    for (uint32_t i = 0; code == ESP_OK && i < opened->storage->listed_count; i++)
        code = nvs_page_purge(nvs_listed_page(opened->storage, i), opened->name_space);
    return code;
}

esp_err_t nvs_erase_key(nvs_handle_t handle, const char *key) {
    API_CALL(esp_err_t, erase_key(handle, key));
}

esp_err_t nvs_erase_all(nvs_handle_t handle) {
    API_CALL(esp_err_t, erase_all(handle));
}

esp_err_t nvs_purge_all(nvs_handle_t handle) {
    API_CALL(esp_err_t, purge_all(handle));
}

// ---- statistics (NV-89) -------------------------------------------------------------------------

static esp_err_t statistics(const char *label, nvs_stats_t *stats) {
    if (stats == NULL)
        return ESP_ERR_INVALID_ARG;
    *stats = (nvs_stats_t){0};
    const struct nvs_storage *storage = nvs_storage_of(label == NULL ? NVS_DEFAULT_PART_NAME : label);
    if (storage == NULL)
        return refuse(tag, ESP_ERR_NVS_NOT_INITIALIZED, "statistics: the partition does not run");
    uint32_t used = 0, total = storage->page_count * NVS_ENTRIES;
    for (uint32_t i = 0; i < storage->listed_count; i++) {
        const struct nvs_page *page = nvs_listed_page(storage, i);
        if (page->state == NVS_PAGE_FREEING)
            return refuse(tag, ESP_FAIL, "statistics: a page's compaction is pending");
        used += page->used;
    }
    bool has_available = port_ram()->app_build->profile->nvs_available_entries;
    *stats = (nvs_stats_t){.used_entries = used,
                           .free_entries = total - used,
                           .total_entries = total,
                           .namespace_count = nvs_namespace_count(storage)};
    if (has_available && total - used > NVS_ENTRIES)
        stats->available_entries = total - used - NVS_ENTRIES;
    return ESP_OK;
}

esp_err_t nvs_get_stats(const char *part_name, nvs_stats_t *nvs_stats) {
    API_CALL(esp_err_t, statistics(part_name, nvs_stats));
}

static esp_err_t used_entries(nvs_handle_t handle, size_t *used) {
    *used = 0;
    const struct nvs_open_handle *opened = nvs_handle_of(handle);
    if (opened == NULL)
        return refuse(tag, ESP_ERR_NVS_INVALID_HANDLE, "the handle is not open");
    for (uint32_t i = 0; i < opened->storage->listed_count; i++) {
        struct nvs_page *page = nvs_listed_page(opened->storage, i);
        struct nvs_entry entry;
        uint32_t index, from = 0;
        while (nvs_page_next_item(page, from, &index, &entry) == ESP_OK) {
            from = nvs_item_end(index, &entry);
            *used += entry.name_space == opened->name_space ? entry.span : 0u;
        }
    }
    return ESP_OK;
}

esp_err_t nvs_get_used_entry_count(nvs_handle_t handle, size_t *used) {
    API_CALL(esp_err_t, used == NULL ? ESP_ERR_INVALID_ARG : used_entries(handle, used));
}
