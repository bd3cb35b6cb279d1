// The bootloader descriptor: 80 bytes at offset 32 of a bootloader image (IMG-13, v5.2+).
#ifndef ESP_BOOTLOADER_DESC_H
#define ESP_BOOTLOADER_DESC_H

#include <stdint.h>

#ifdef __cplusplus
extern "C" {
#endif

#define ESP_BOOTLOADER_DESC_MAGIC_BYTE 0x50u

typedef struct {
    uint8_t magic_byte; // ESP_BOOTLOADER_DESC_MAGIC_BYTE
    uint8_t reserved[2];
    uint8_t secure_version;
    uint32_t version;
    char idf_ver[32];
    char date_time[24];
    uint8_t reserved2[16];
} esp_bootloader_desc_t;

#ifdef __cplusplus
}
#endif

#endif
