// The header of an app or bootloader image and of its segments (IMG-1). All numbers little-endian.
#ifndef ESP_APP_FORMAT_H
#define ESP_APP_FORMAT_H

#include <stdint.h>

#include "esp_app_desc.h"

#ifdef __cplusplus
extern "C" {
#endif

#define ESP_IMAGE_HEADER_MAGIC 0xE9u
#define ESP_IMAGE_MAX_SEGMENTS 16

// Image header bytes 12 and 13 (FL 2).
typedef enum {
    ESP_CHIP_ID_ESP32 = 0x0000,
    ESP_CHIP_ID_ESP32S2 = 0x0002,
    ESP_CHIP_ID_ESP32C3 = 0x0005,
    ESP_CHIP_ID_ESP32S3 = 0x0009,
    ESP_CHIP_ID_ESP32C2 = 0x000C,
    ESP_CHIP_ID_ESP32C6 = 0x000D,
    ESP_CHIP_ID_ESP32H2 = 0x0010,
    ESP_CHIP_ID_ESP32P4 = 0x0012,
    ESP_CHIP_ID_ESP32C61 = 0x0014,
    ESP_CHIP_ID_ESP32C5 = 0x0017,
    ESP_CHIP_ID_ESP32H21 = 0x0019,
    ESP_CHIP_ID_ESP32H4 = 0x001C,
    ESP_CHIP_ID_ESP32S31 = 0x0020,
    ESP_CHIP_ID_INVALID = 0xFFFF
} __attribute__((packed)) esp_chip_id_t;

typedef enum {
    ESP_IMAGE_SPI_MODE_QIO = 0,
    ESP_IMAGE_SPI_MODE_QOUT = 1,
    ESP_IMAGE_SPI_MODE_DIO = 2,
    ESP_IMAGE_SPI_MODE_DOUT = 3,
    ESP_IMAGE_SPI_MODE_FAST_READ = 4,
    ESP_IMAGE_SPI_MODE_SLOW_READ = 5
} esp_image_spi_mode_t;

// Low nibble of header byte 3: a divider of the chip's flash clock (flash-layout 2.2).
typedef enum {
    ESP_IMAGE_SPI_SPEED_DIV_2 = 0x0,
    ESP_IMAGE_SPI_SPEED_DIV_3 = 0x1,
    ESP_IMAGE_SPI_SPEED_DIV_4 = 0x2,
    ESP_IMAGE_SPI_SPEED_DIV_1 = 0xF
} esp_image_spi_freq_t;

// High nibble of header byte 3: size = 1 MiB << code (FL-6).
typedef enum {
    ESP_IMAGE_FLASH_SIZE_1MB = 0,
    ESP_IMAGE_FLASH_SIZE_2MB,
    ESP_IMAGE_FLASH_SIZE_4MB,
    ESP_IMAGE_FLASH_SIZE_8MB,
    ESP_IMAGE_FLASH_SIZE_16MB,
    ESP_IMAGE_FLASH_SIZE_32MB,
    ESP_IMAGE_FLASH_SIZE_64MB,
    ESP_IMAGE_FLASH_SIZE_128MB,
    ESP_IMAGE_FLASH_SIZE_MAX
} esp_image_flash_size_t;

typedef struct {
    uint8_t magic; // ESP_IMAGE_HEADER_MAGIC
    uint8_t segment_count;
    uint8_t spi_mode;
    uint8_t spi_speed : 4;
    uint8_t spi_size : 4;
    uint32_t entry_addr;
    uint8_t wp_pin; // 0xEE: disabled
    uint8_t spi_pin_drv[3];
    esp_chip_id_t chip_id;
    uint8_t min_chip_rev;       // major only; not looked at since v5.0
    uint16_t min_chip_rev_full; // major * 100 + minor
    uint16_t max_chip_rev_full;
    uint8_t reserved[4];
    uint8_t hash_appended; // 0: no SHA-256 after the checksum
} __attribute__((packed)) esp_image_header_t;

typedef struct {
    uint32_t load_addr; // 0: padding, not loaded (IMG-5)
    uint32_t data_len;  // bytes, a multiple of 4
} esp_image_segment_header_t;

#ifdef __cplusplus
}
#endif

#endif
