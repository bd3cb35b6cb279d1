// The CRCs of the chip's ROM. Each takes what the last call returned, 0 at first, and complements it before and after, so that
// esp_rom_crc32_le(0, ...) is the CRC-32 of zip and Ethernet.
#ifndef ESP_ROM_CRC_H
#define ESP_ROM_CRC_H

#include <stdint.h>

#ifdef __cplusplus
extern "C" {
#endif

// Polynomials: 0x04C11DB7, 0x1021, 0x07. Least significant bit first ...
uint32_t esp_rom_crc32_le(uint32_t crc, uint8_t const *bytes, uint32_t length);
uint16_t esp_rom_crc16_le(uint16_t crc, uint8_t const *bytes, uint32_t length);
uint8_t esp_rom_crc8_le(uint8_t crc, uint8_t const *bytes, uint32_t length);
// ... and most significant bit first.
uint32_t esp_rom_crc32_be(uint32_t crc, uint8_t const *bytes, uint32_t length);
uint16_t esp_rom_crc16_be(uint16_t crc, uint8_t const *bytes, uint32_t length);
uint8_t esp_rom_crc8_be(uint8_t crc, uint8_t const *bytes, uint32_t length);

#ifdef __cplusplus
}
#endif

#endif
