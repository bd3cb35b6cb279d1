// The flash functions of ESP-IDF before esp_flash.h.
#ifndef ESP_SPI_FLASH_H
#define ESP_SPI_FLASH_H

#include <stddef.h>

#include "esp_flash.h"
#include "spi_flash_mmap.h"

#ifdef __cplusplus
extern "C" {
#endif

static inline size_t spi_flash_get_chip_size(void) {
    uint32_t size = 0;
    (void)esp_flash_get_size(NULL, &size);
    return size;
}

static inline esp_err_t spi_flash_read(size_t address, void *buffer, size_t length) {
    return esp_flash_read(NULL, buffer, (uint32_t)address, (uint32_t)length);
}

static inline esp_err_t spi_flash_write(size_t address, const void *data, size_t length) {
    return esp_flash_write(NULL, data, (uint32_t)address, (uint32_t)length);
}

static inline esp_err_t spi_flash_erase_sector(size_t sector) {
    return esp_flash_erase_region(NULL, (uint32_t)sector * SPI_FLASH_SEC_SIZE, SPI_FLASH_SEC_SIZE);
}

static inline esp_err_t spi_flash_erase_range(size_t address, size_t length) {
    return esp_flash_erase_region(NULL, (uint32_t)address, (uint32_t)length);
}

#ifdef __cplusplus
}
#endif

#endif
