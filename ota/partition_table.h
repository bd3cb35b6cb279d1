// The partition table: rows, and its verification by bootloader and by an OTA of a table (PT rules).
#ifndef OTA_PARTITION_TABLE_H
#define OTA_PARTITION_TABLE_H

#include <stdbool.h>
#include <stdint.h>

#include "include/esp_err.h"

#define PARTITION_TABLE_SIZE     0xC00u // bytes looked at (FL-31)
#define PARTITION_TABLE_ROWS_MAX 96u
#define PARTITION_ROW_SIZE       32u
#define PARTITION_ROW_MAGIC      0x50AAu
#define PARTITION_MD5_MAGIC      0xEBEBu

struct partition_row {
    uint16_t magic;
    uint8_t type, subtype;
    uint32_t offset, size;
    char label[17]; // NUL-terminated here; 16 bytes in flash
    uint32_t flags;
};

void partition_row_decode(const uint8_t bytes[PARTITION_ROW_SIZE], struct partition_row *out);
void partition_row_encode(const struct partition_row *row, uint8_t bytes[PARTITION_ROW_SIZE]);

// Does the MD5 row (index `md5_row`) carry the digest of the rows before it?
bool partition_table_digest_matches(const uint8_t *table, uint32_t md5_row);

// Verifies PARTITION_TABLE_SIZE bytes against a flash of `flash_size` bytes under a release's rules (D11,
// D12). *count: partition rows; 0 on error.
struct release_profile;
esp_err_t partition_table_verify(const uint8_t *table, uint32_t flash_size,
                                 const struct release_profile *profile, uint32_t *count);

#endif
