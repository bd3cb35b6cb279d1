// A running NVS partition: its pages in order, its namespaces, and the items in them.
#ifndef OTA_NVS_STORAGE_H
#define OTA_NVS_STORAGE_H

#include "nvs_page.h"

// ---- starting and stopping ----------------------------------------------------------------------

// Loads and repairs a partition (NV-40 to NV-49). On an error nothing runs. ESP_ERR_NO_MEM: see
// nvs_ram.h.
esp_err_t nvs_storage_start(const esp_partition_t *partition);
void nvs_storage_stop(struct nvs_storage *storage); // handles and iterators end, too

// NULL: no such partition runs. nvs_storage_any: does one?
struct nvs_storage *nvs_storage_of(const char *label);
bool nvs_storage_any(void);

// ---- pages (nvs_pages.c) ------------------------------------------------------------------------

struct nvs_page *nvs_listed_page(const struct nvs_storage *storage, uint32_t i);
struct nvs_page *nvs_current_page(const struct nvs_storage *storage);

// NV-40 to NV-45.
esp_err_t nvs_pages_load(struct nvs_storage *storage);

// NV-61: the current page is to be left. Makes it FULL, takes another one and compacts when that was the
// last. ESP_ERR_NVS_INVALID_STATE, ESP_ERR_NVS_NOT_ENOUGH_SPACE.
esp_err_t nvs_pages_request_new(struct nvs_storage *storage);

// ---- namespaces (nvs_namespaces.c) --------------------------------------------------------------

esp_err_t nvs_namespaces_load(struct nvs_storage *storage);                       // NV-46
int nvs_namespace_find(const struct nvs_storage *storage, const char *name);      // -1: none
const char *nvs_namespace_name(const struct nvs_storage *storage, uint8_t index); // NULL: none
uint32_t nvs_namespace_count(const struct nvs_storage *storage);
esp_err_t nvs_namespace_create(struct nvs_storage *storage, const char *name, int *index); // NV-84
void nvs_namespaces_forget(const struct nvs_storage *storage);

// ---- items --------------------------------------------------------------------------------------

// Where an item is.
struct nvs_place {
    struct nvs_page *page;
    uint32_t index;
    struct nvs_entry entry;
};

// NV-35: the first page in order that has it, else ESP_ERR_NVS_NOT_FOUND.
esp_err_t nvs_storage_find(struct nvs_storage *storage, const struct nvs_query *query,
                           struct nvs_place *place);

// Integers, strings (NV-70). `purge`: of what the value replaces.
esp_err_t nvs_storage_set(struct nvs_storage *storage, uint8_t name_space, uint8_t type, const char *key,
                          const void *value, uint32_t length, enum nvs_purge purge);
esp_err_t nvs_storage_erase_key(struct nvs_storage *storage, uint8_t name_space, const char *key,
                                enum nvs_purge purge); // NV-80
esp_err_t nvs_storage_erase_all(struct nvs_storage *storage, uint8_t name_space,
                                enum nvs_purge purge); // NV-81

// Writes on the current page or, when that is full, on a new one.
esp_err_t nvs_storage_append(struct nvs_storage *storage, uint8_t name_space, uint8_t type, const char *key,
                             const void *value, uint32_t length);

// What a set erases when the new value stands: flash errors become ESP_ERR_NVS_REMOVE_FAILED (NV-76).
esp_err_t nvs_storage_erase_old(struct nvs_storage *storage, uint8_t name_space, const char *key,
                                const struct nvs_place *old, enum nvs_purge purge);

// ---- blobs (nvs_blob.c) -------------------------------------------------------------------------

esp_err_t nvs_blob_set(struct nvs_storage *storage, uint8_t name_space, const char *key, const void *value,
                       uint32_t length, enum nvs_purge purge); // NV-72 to NV-74
esp_err_t nvs_blob_read(struct nvs_storage *storage, uint8_t name_space, const char *key,
                        const struct nvs_entry *blob_index, void *out); // NV-88
// NV-75, of one version.
esp_err_t nvs_blob_erase(struct nvs_storage *storage, uint8_t name_space, const char *key, uint8_t start,
                         enum nvs_purge purge);

// NV-47, NV-48: indices without all of their pieces, pieces without an index.
void nvs_blobs_repair(struct nvs_storage *storage);

#endif
