// The CRCs of the chip's ROM, bit by bit: what they are given is small.
#include "include/esp_rom_crc.h"

// Least significant bit first; `polynomial` is reversed.
static uint32_t low_first(uint32_t crc, uint32_t polynomial, uint32_t mask, const uint8_t *bytes,
                          uint32_t length) {
    crc = ~crc & mask;
    for (uint32_t i = 0; i < length; i++) {
        crc ^= bytes[i];
        for (unsigned bit = 0; bit < 8; bit++)
            crc = crc >> 1 ^ ((crc & 1) != 0 ? polynomial : 0);
    }
    return ~crc & mask;
}

static uint32_t high_first(uint32_t crc, uint32_t polynomial, unsigned width, const uint8_t *bytes,
                           uint32_t length) {
    uint32_t mask = UINT32_MAX >> (32 - width), top = 1u << (width - 1);
    crc = ~crc & mask;
    for (uint32_t i = 0; i < length; i++) {
        crc ^= (uint32_t)bytes[i] << (width - 8);
        for (unsigned bit = 0; bit < 8; bit++)
            crc = (crc << 1 ^ ((crc & top) != 0 ? polynomial : 0)) & mask;
    }
    return ~crc & mask;
}

uint32_t esp_rom_crc32_le(uint32_t crc, uint8_t const *bytes, uint32_t length) {
    return low_first(crc, 0xEDB88320u, UINT32_MAX, bytes, length);
}

uint16_t esp_rom_crc16_le(uint16_t crc, uint8_t const *bytes, uint32_t length) {
    return (uint16_t)low_first(crc, 0x8408, UINT16_MAX, bytes, length);
}

uint8_t esp_rom_crc8_le(uint8_t crc, uint8_t const *bytes, uint32_t length) {
    return (uint8_t)low_first(crc, 0xE0, UINT8_MAX, bytes, length);
}

uint32_t esp_rom_crc32_be(uint32_t crc, uint8_t const *bytes, uint32_t length) {
    return high_first(crc, 0x04C11DB7u, 32, bytes, length);
}

uint16_t esp_rom_crc16_be(uint16_t crc, uint8_t const *bytes, uint32_t length) {
    return (uint16_t)high_first(crc, 0x1021, 16, bytes, length);
}

uint8_t esp_rom_crc8_be(uint8_t crc, uint8_t const *bytes, uint32_t length) {
    return (uint8_t)high_first(crc, 0x07, 8, bytes, length);
}
