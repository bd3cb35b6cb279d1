// Starting, stopping and erasing NVS partitions (NV-49, NV-82, NV-83).
//
// Labels have at most 16 characters (else ESP_ERR_INVALID_ARG).
#ifndef NVS_FLASH_H
#define NVS_FLASH_H

#include "esp_partition.h"
#include "nvs.h"

#ifdef __cplusplus
extern "C" {
#endif

#define NVS_KEY_SIZE 32 // bytes of one of the two XTS keys

typedef struct {
    uint8_t eky[NVS_KEY_SIZE];
    uint8_t tky[NVS_KEY_SIZE];
} nvs_sec_cfg_t;

// Reads the partition and repairs what a power cut left. ESP_OK also when it is running already.
// ESP_ERR_NOT_FOUND: no such data/nvs partition; ESP_ERR_NVS_NO_FREE_PAGES, ESP_ERR_NVS_NEW_VERSION_FOUND;
// ESP_ERR_NVS_WRONG_ENCRYPTION: it is flagged encrypted; ESP_ERR_NO_MEM: see nvs_ram.h; ESP_ERR_NOT_ALLOWED:
// it is flagged readonly and would need a repair.
esp_err_t nvs_flash_init(void);
esp_err_t nvs_flash_init_partition(const char *partition_label);
esp_err_t nvs_flash_init_partition_ptr(const esp_partition_t *partition);

// Closes all handles of the partition; no flash operation. ESP_ERR_NVS_NOT_INITIALIZED.
esp_err_t nvs_flash_deinit(void);
esp_err_t nvs_flash_deinit_partition(const char *partition_label);

// Erases the whole partition, after deinit if it runs.
esp_err_t nvs_flash_erase(void);
esp_err_t nvs_flash_erase_partition(const char *part_name);
esp_err_t nvs_flash_erase_partition_ptr(const esp_partition_t *partition);

// cfg NULL: as nvs_flash_init. Encrypted contents are not modelled: with keys ESP_ERR_NVS_ENCR_NOT_SUPPORTED.
esp_err_t nvs_flash_secure_init(nvs_sec_cfg_t *cfg);
esp_err_t nvs_flash_secure_init_partition(const char *partition_label, nvs_sec_cfg_t *cfg);

#ifdef __cplusplus
}
#endif

#endif
