// The CRC-32 of the chips' ROM as boot records use it (OD-2): reflected, polynomial 0xEDB88320, register
// started at 0, inverted at the end. That is zlib's crc32 continued from 0xFFFFFFFF, not the usual CRC-32 of
// the bytes.
#ifndef OTA_CRC32_H
#define OTA_CRC32_H

#include <stdint.h>

uint32_t crc32_of_record(const uint8_t *bytes, uint32_t length);

#endif
