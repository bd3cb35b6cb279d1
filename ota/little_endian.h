// Numbers as they lie in flash and as they go over the wire, whatever the host's byte order.
#ifndef OTA_LITTLE_ENDIAN_H
#define OTA_LITTLE_ENDIAN_H

#include <stdint.h>

static inline uint16_t le16_get(const uint8_t *bytes) {
    return (uint16_t)(bytes[0] | bytes[1] << 8);
}

static inline uint32_t le32_get(const uint8_t *bytes) {
    return (uint32_t)bytes[0] | (uint32_t)bytes[1] << 8 | (uint32_t)bytes[2] << 16 | (uint32_t)bytes[3] << 24;
}

static inline void le16_put(uint8_t *bytes, uint16_t value) {
    bytes[0] = (uint8_t)value;
    bytes[1] = (uint8_t)(value >> 8);
}

static inline void le32_put(uint8_t *bytes, uint32_t value) {
    le16_put(bytes, (uint16_t)value);
    le16_put(bytes + 2, (uint16_t)(value >> 16));
}

#endif
