// Open NVS handles, shared by the files of the public functions (NV-84, NV-85).
#ifndef OTA_NVS_HANDLE_H
#define OTA_NVS_HANDLE_H

#include "nvs_storage.h"

// NULL: unknown, closed, or its partition does not run any more.
const struct nvs_open_handle *nvs_handle_of(nvs_handle_t handle);

// As above for a call that changes something: ESP_ERR_NVS_INVALID_HANDLE, ESP_ERR_NVS_READ_ONLY.
esp_err_t nvs_handle_to_write(nvs_handle_t handle, const struct nvs_open_handle **out);

// What the handle does with what it erases.
enum nvs_purge nvs_handle_purge(const struct nvs_open_handle *handle);

#endif
