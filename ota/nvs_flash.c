// Starting, stopping and erasing NVS partitions (NV-49, NV-82, NV-83).
#include "include/nvs_flash.h"

#include <string.h>

#include "api_call.h"
#include "nvs_storage.h"

static const char tag[] = "nvs";

static const esp_partition_t *find_partition(const char *label) {
    return esp_partition_find_first(ESP_PARTITION_TYPE_DATA, ESP_PARTITION_SUBTYPE_DATA_NVS, label);
}

static bool label_too_long(const char *label) {
    return strnlen(label, NVS_PART_NAME_MAX_SIZE + 1) > NVS_PART_NAME_MAX_SIZE;
}

static esp_err_t start(const esp_partition_t *partition) {
    if (nvs_storage_of(partition->label) != NULL)
        return ESP_OK;
    if (partition->encrypted)
        return refuse(tag, ESP_ERR_NVS_WRONG_ENCRYPTION, "init: the partition is flagged encrypted");
    esp_err_t code = nvs_storage_start(partition);
    return code == ESP_OK ? code : refuse(tag, code, "init: the partition does not start");
}

static esp_err_t start_labelled(const char *label) {
    if (label == NULL || label_too_long(label))
        return refuse(tag, ESP_ERR_INVALID_ARG, "init: a label has at most 16 characters");
    const esp_partition_t *partition = find_partition(label);
    return partition != NULL ? start(partition)
                             : refuse(tag, ESP_ERR_NOT_FOUND, "init: there is no such data/nvs partition");
}

static esp_err_t stop(const char *label) {
    struct nvs_storage *storage = nvs_storage_of(label);
    if (storage == NULL)
        return refuse(tag, ESP_ERR_NVS_NOT_INITIALIZED, "deinit: the partition does not run");
    nvs_storage_stop(storage);
    return ESP_OK;
}

static esp_err_t erase(const esp_partition_t *partition) {
    if (partition == NULL)
        return refuse(tag, ESP_ERR_NOT_FOUND, "erase: there is no such data/nvs partition");
    if (nvs_storage_of(partition->label) != NULL)
        nvs_storage_stop(nvs_storage_of(partition->label));
    return esp_partition_erase_range(partition, 0, partition->size);
}

static esp_err_t start_secure(const char *label, const nvs_sec_cfg_t *keys) {
    return keys == NULL ? start_labelled(label)
                        : refuse(tag, ESP_ERR_NVS_ENCR_NOT_SUPPORTED, "encrypted NVS is not modelled");
}

esp_err_t nvs_flash_init_partition(const char *partition_label) {
    API_CALL(esp_err_t, start_labelled(partition_label));
}

esp_err_t nvs_flash_init(void) {
    API_CALL(esp_err_t, start_labelled(NVS_DEFAULT_PART_NAME));
}

esp_err_t nvs_flash_init_partition_ptr(const esp_partition_t *partition) {
    API_CALL(esp_err_t, partition == NULL ? ESP_ERR_INVALID_ARG : start(partition));
}

esp_err_t nvs_flash_deinit_partition(const char *partition_label) {
    API_CALL(esp_err_t, stop(partition_label));
}

esp_err_t nvs_flash_deinit(void) {
    API_CALL(esp_err_t, stop(NVS_DEFAULT_PART_NAME));
}

esp_err_t nvs_flash_erase_partition(const char *part_name) {
    API_CALL(esp_err_t, erase(find_partition(part_name)));
}

esp_err_t nvs_flash_erase(void) {
    API_CALL(esp_err_t, erase(find_partition(NVS_DEFAULT_PART_NAME)));
}

esp_err_t nvs_flash_erase_partition_ptr(const esp_partition_t *partition) {
    API_CALL(esp_err_t, partition == NULL ? ESP_ERR_INVALID_ARG : erase(partition));
}

esp_err_t nvs_flash_secure_init_partition(const char *partition_label, nvs_sec_cfg_t *cfg) {
    API_CALL(esp_err_t, start_secure(partition_label, cfg));
}

esp_err_t nvs_flash_secure_init(nvs_sec_cfg_t *cfg) {
    API_CALL(esp_err_t, start_secure(NVS_DEFAULT_PART_NAME, cfg));
}
