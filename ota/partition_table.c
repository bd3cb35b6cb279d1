#include "partition_table.h"

#include <stdbool.h>
#include <string.h>

#include "include/esp_flash_partitions.h"
#include "little_endian.h"
#include "md5.h"
#include "release_profile.h"

#define END_MAGIC 0xFFFFu

void partition_row_decode(const uint8_t bytes[PARTITION_ROW_SIZE], struct partition_row *out) {
    *out = (struct partition_row){.magic = le16_get(bytes),
                                  .type = bytes[2],
                                  .subtype = bytes[3],
                                  .offset = le32_get(bytes + 4),
                                  .size = le32_get(bytes + 8),
                                  .flags = le32_get(bytes + 28)};
    memcpy(out->label, bytes + 12, sizeof out->label - 1);
}

void partition_row_encode(const struct partition_row *row, uint8_t bytes[PARTITION_ROW_SIZE]) {
    le16_put(bytes, row->magic);
    bytes[2] = row->type;
    bytes[3] = row->subtype;
    le32_put(bytes + 4, row->offset);
    le32_put(bytes + 8, row->size);
    memset(bytes + 12, 0, sizeof row->label - 1);
    memcpy(bytes + 12, row->label, strnlen(row->label, sizeof row->label - 1));
    le32_put(bytes + 28, row->flags);
}

bool partition_table_digest_matches(const uint8_t *table, uint32_t md5_row) {
    uint8_t digest[MD5_SIZE];
    md5(table, md5_row * PARTITION_ROW_SIZE, digest);
    return memcmp(digest, table + md5_row * PARTITION_ROW_SIZE + ESP_PARTITION_MD5_OFFSET, sizeof digest) ==
           0;
}

// PT-11; before D11 the sum may wrap.
static bool fits(const struct partition_row *row, uint32_t flash_size, bool overflow_safe) {
    if (overflow_safe)
        return row->offset <= flash_size && row->size <= flash_size - row->offset;
    return row->offset + row->size <= flash_size;
}

static bool is_end(const struct partition_row *row) {
    return row->magic == END_MAGIC && row->type == 0xFF && row->subtype == 0xFF;
}

esp_err_t partition_table_verify(const uint8_t *table, uint32_t flash_size,
                                 const struct release_profile *profile, uint32_t *count) {
    bool md5_seen = false;
    *count = 0;
    for (uint32_t i = 0; i < PARTITION_TABLE_ROWS_MAX; i++) {
        struct partition_row row;
        partition_row_decode(table + i * PARTITION_ROW_SIZE, &row);
        if (row.magic == PARTITION_ROW_MAGIC) {
            if (!fits(&row, flash_size, profile->table_bound_overflow_safe))
                return ESP_ERR_INVALID_SIZE;
        } else if (row.magic == PARTITION_MD5_MAGIC) {
            if (md5_seen || !partition_table_digest_matches(table, i))
                return ESP_ERR_INVALID_STATE;
            md5_seen = true;
        } else if (is_end(&row) && (i > 0 || !profile->blank_table_refused)) {
            *count = i - (md5_seen ? 1 : 0);
            return ESP_OK;
        } else {
            return ESP_ERR_INVALID_STATE;
        }
    }
    return ESP_ERR_INVALID_STATE; // no end in sight (PT-15)
}
