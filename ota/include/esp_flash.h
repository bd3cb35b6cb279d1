// Raw access to the main flash chip (PA-60 to PA-70).
//
// Addresses are absolute, addresses and lengths in bytes. Lengths are 32-bit.
// Writes and erases pass two protections: partitions flagged readonly (PA-65, ESP_ERR_NOT_ALLOWED) and the
// "dangerous" regions, that is, the partition table and the running app (PA-66, the program aborts).
#ifndef ESP_FLASH_H
#define ESP_FLASH_H

#include <stdbool.h>
#include <stdint.h>

#include "esp_err.h"

#ifdef __cplusplus
extern "C" {
#endif

#define ESP_ERR_FLASH_OP_FAIL          (ESP_ERR_FLASH_BASE + 1)
#define ESP_ERR_FLASH_OP_TIMEOUT       (ESP_ERR_FLASH_BASE + 2)
#define ESP_ERR_FLASH_NOT_INITIALISED  (ESP_ERR_FLASH_BASE + 3)
#define ESP_ERR_FLASH_UNSUPPORTED_HOST (ESP_ERR_FLASH_BASE + 4)
#define ESP_ERR_FLASH_UNSUPPORTED_CHIP (ESP_ERR_FLASH_BASE + 5)
#define ESP_ERR_FLASH_PROTECTED        (ESP_ERR_FLASH_BASE + 6)

typedef struct esp_flash_t esp_flash_t;

// The chip that the system boots from. In every function below NULL means this one, and any other chip gives
// ESP_ERR_FLASH_NOT_INITIALISED: there is only one on the board.
extern esp_flash_t *const esp_flash_default_chip;

esp_err_t esp_flash_get_size(esp_flash_t *chip, uint32_t *out_size);
esp_err_t esp_flash_read(esp_flash_t *chip, void *buffer, uint32_t address, uint32_t length);
esp_err_t esp_flash_write(esp_flash_t *chip, const void *buffer, uint32_t address, uint32_t length);
esp_err_t esp_flash_erase_region(esp_flash_t *chip, uint32_t start, uint32_t length);
esp_err_t esp_flash_erase_chip(esp_flash_t *chip);

// Switches the protection of partition table and running app; the change lasts until the reset.
esp_err_t esp_flash_set_dangerous_write_protection(esp_flash_t *chip, const bool protect);

#ifdef __cplusplus
}
#endif

#endif
