// Names of namespaces: items of namespace 0 in flash, a list in RAM (NV-10, NV-46, NV-84).
#include <string.h>

#include "firmware.h"
#include "nvs_storage.h"
#include "port.h"

#define DIRECTORY        0
#define NAMESPACES_FIRST 1
#define NAMESPACES_LAST  254

static bool add(const struct nvs_storage *storage, const char *name, uint8_t index) {
    struct nvs_ram *ram = &port_ram()->nvs;
    if (ram->namespace_count == NVS_NAMESPACES_MAX)
        return false;
    struct nvs_namespace *added = &ram->namespaces[ram->namespace_count++];
    *added = (struct nvs_namespace){.storage = storage, .index = index};
    memcpy(added->name, name, strnlen(name, NVS_KEY_MAX));
    return true;
}

// An item of another type in the directory hides what lies behind it on the page (NV-46).
esp_err_t nvs_namespaces_load(struct nvs_storage *storage) {
    for (uint32_t i = 0; i < storage->listed_count; i++) {
        struct nvs_query query = {
            .name_space = DIRECTORY, .type = NVS_TYPE_U8, .chunk = NVS_ANY, .chunk_start = -1};
        struct nvs_entry entry;
        uint32_t index;
        while (nvs_page_find(nvs_listed_page(storage, i), &query, &index, &entry) == ESP_OK) {
            if (!add(storage, (const char *)entry.key, entry.value[0]))
                return ESP_ERR_NO_MEM;
            query.from = nvs_item_end(index, &entry);
        }
    }
    return ESP_OK;
}

static const struct nvs_namespace *next_of(const struct nvs_storage *storage,
                                           const struct nvs_namespace *after) {
    const struct nvs_ram *ram = &port_ram()->nvs;
    const struct nvs_namespace *end = ram->namespaces + ram->namespace_count;
    for (after = after == NULL ? ram->namespaces : after + 1; after < end; after++)
        if (after->storage == storage)
            return after;
    return NULL;
}

int nvs_namespace_find(const struct nvs_storage *storage, const char *name) {
    const struct nvs_namespace *each = NULL;
    while ((each = next_of(storage, each)) != NULL)
        if (strncmp(each->name, name, NVS_KEY_MAX) == 0)
            return each->index;
    return -1;
}

const char *nvs_namespace_name(const struct nvs_storage *storage, uint8_t index) {
    const struct nvs_namespace *each = NULL;
    while ((each = next_of(storage, each)) != NULL)
        if (each->index == index)
            return each->name;
    return NULL;
}

uint32_t nvs_namespace_count(const struct nvs_storage *storage) {
    uint32_t count = 0;
    const struct nvs_namespace *each = NULL;
    while ((each = next_of(storage, each)) != NULL)
        count++;
    return count;
}

esp_err_t nvs_namespace_create(struct nvs_storage *storage, const char *name, int *index) {
    int lowest = NAMESPACES_FIRST;
    while (lowest <= NAMESPACES_LAST && nvs_namespace_name(storage, (uint8_t)lowest) != NULL)
        lowest++;
    if (lowest > NAMESPACES_LAST)
        return ESP_ERR_NVS_NOT_ENOUGH_SPACE;
    if (port_ram()->nvs.namespace_count == NVS_NAMESPACES_MAX)
        return ESP_ERR_NO_MEM;
    uint8_t value = (uint8_t)lowest;
    esp_err_t code = nvs_storage_set(storage, DIRECTORY, NVS_TYPE_U8, name, &value, 1, NVS_KEEP_DATA);
    if (code == ESP_OK) {
        (void)add(storage, name, value);
        *index = lowest;
    }
    return code;
}

void nvs_namespaces_forget(const struct nvs_storage *storage) {
    struct nvs_ram *ram = &port_ram()->nvs;
    uint32_t kept = 0;
    for (uint32_t i = 0; i < ram->namespace_count; i++)
        if (ram->namespaces[i].storage != storage)
            ram->namespaces[kept++] = ram->namespaces[i];
    ram->namespace_count = kept;
}
