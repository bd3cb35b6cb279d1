// MD5 (RFC 1321), which guards the partition table (PT-2).
#ifndef OTA_MD5_H
#define OTA_MD5_H

#include <stdint.h>

#define MD5_SIZE 16u

void md5(const uint8_t *bytes, uint32_t length, uint8_t digest[MD5_SIZE]);

#endif
