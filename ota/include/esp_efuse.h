// The eFuse secure version, the memory of anti-rollback (EF rules).
#ifndef ESP_EFUSE_H
#define ESP_EFUSE_H

#include <stdbool.h>
#include <stdint.h>

#include "esp_err.h"

#ifdef __cplusplus
extern "C" {
#endif

#define ESP_OK_EFUSE_CNT                     (ESP_ERR_EFUSE + 0x01)
#define ESP_ERR_EFUSE_CNT_IS_FULL            (ESP_ERR_EFUSE + 0x02)
#define ESP_ERR_EFUSE_REPEATED_PROG          (ESP_ERR_EFUSE + 0x03)
#define ESP_ERR_CODING                       (ESP_ERR_EFUSE + 0x04)
#define ESP_ERR_NOT_ENOUGH_UNUSED_KEY_BLOCKS (ESP_ERR_EFUSE + 0x05)
#define ESP_ERR_DAMAGED_READING              (ESP_ERR_EFUSE + 0x06)

// Number of ones in the field (EF-10).
uint32_t esp_efuse_read_secure_version(void);

// May an image of this version run? (EF-11)
bool esp_efuse_check_secure_version(uint32_t secure_version);

// Raises the field to `secure_version`. ESP_ERR_INVALID_ARG: wider than the field; ESP_ERR_NOT_SUPPORTED:
// coding scheme; ESP_FAIL: the field is already beyond it (EF-12). A burn that fails is not reported.
esp_err_t esp_efuse_update_secure_version(uint32_t secure_version);

// Burns the flash address of the recovery bootloader, once (CH-45). ESP_ERR_NOT_SUPPORTED: chip or release know none;
// ESP_ERR_INVALID_ARG: not below 16 MiB; ESP_ERR_NOT_ALLOWED: it is switched off for good; ESP_FAIL: eFuse holds another.
esp_err_t esp_efuse_set_recovery_bootloader_offset(uint32_t offset);

#ifdef __cplusplus
}
#endif

#endif
