#include "partition_binary.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <openssl/evp.h>

#include "partition_text.h"

#define LABEL_SIZE     16u
#define MD5_SIZE       16u
#define FLAG_ENCRYPTED 1u
#define FLAG_READONLY  2u

// ---- to binary ----------------------------------------------------------------------------------

static void md5(const uint8_t *bytes, size_t length, uint8_t digest[MD5_SIZE]) {
    unsigned size = MD5_SIZE;
    if (EVP_Digest(bytes, length, digest, &size, EVP_md5(), NULL) != 1)
        abort(); // part of every libcrypto's default provider: only a lack of memory gets here
}

static bool fits(int64_t value, int64_t maximum) {
    return value >= 0 && value <= maximum;
}

static bool encode_entry(const struct partition_entry *entry, struct buffer *out,
                         struct partition_csv_notes *notes) {
    if (!fits(entry->type, UINT8_MAX) || !fits(entry->subtype, UINT8_MAX))
        return partition_csv_fail(notes, PARTITION_CSV_PACK_ERROR, entry->line,
                                  "partition %s: type and subtype must be from 0 to 255", entry->name);
    if (!fits(entry->offset, UINT32_MAX) || !fits(entry->size, UINT32_MAX))
        return partition_csv_fail(notes, PARTITION_CSV_PACK_ERROR, entry->line,
                                  "partition %s: offset and size must be from 0 to 4294967295", entry->name);
    struct partition_row row = {
        .magic = PARTITION_ROW_MAGIC,
        .type = (uint8_t)entry->type,
        .subtype = (uint8_t)entry->subtype,
        .offset = (uint32_t)entry->offset,
        .size = (uint32_t)entry->size,
        .flags = (entry->encrypted ? FLAG_ENCRYPTED : 0) | (entry->readonly ? FLAG_READONLY : 0),
    };
    memcpy(row.label, entry->name, strnlen(entry->name, LABEL_SIZE));
    uint8_t bytes[PARTITION_ROW_SIZE];
    partition_row_encode(&row, bytes);
    buffer_append(out, bytes, sizeof bytes);
    return true;
}

bool partition_table_layout_encode(const struct partition_table_layout *layout,
                                   const struct partition_csv_options *options, struct buffer *out,
                                   struct partition_csv_notes *notes) {
    struct buffer table = {0};
    bool fine = true;
    for (size_t i = 0; fine && i < layout->count; i++)
        fine = encode_entry(&layout->entries[i], &table, notes);
    if (fine && !options->disable_md5) {
        uint8_t row[PARTITION_ROW_SIZE];
        memset(row, 0xFF, sizeof row);
        row[0] = row[1] = (uint8_t)PARTITION_MD5_MAGIC;
        md5(table.bytes, table.length, row + sizeof row - MD5_SIZE);
        buffer_append(&table, row, sizeof row);
    }
    if (fine && table.length >= PARTITION_TABLE_SIZE)
        fine = partition_csv_fail(notes, PARTITION_CSV_INPUT_ERROR, 0,
                                  "Binary partition table length (%zu) longer than max", table.length);
    if (fine) {
        uint8_t fill[PARTITION_TABLE_SIZE];
        memset(fill, 0xFF, sizeof fill);
        buffer_append(out, table.bytes, table.length);
        buffer_append(out, fill, sizeof fill - table.length);
    }
    buffer_free(&table);
    return fine;
}

// ---- from binary --------------------------------------------------------------------------------

static bool check_md5(const uint8_t *table, size_t at, struct partition_csv_notes *notes) {
    const uint8_t *stored = table + at + PARTITION_ROW_SIZE - MD5_SIZE;
    uint8_t computed[MD5_SIZE];
    md5(table, at, computed);
    if (memcmp(computed, stored, MD5_SIZE) == 0)
        return true;
    char texts[2][2 * MD5_SIZE + 1];
    for (size_t i = 0; i < MD5_SIZE; i++) {
        (void)snprintf(texts[0] + 2 * i, 3, "%02x", computed[i]);
        (void)snprintf(texts[1] + 2 * i, 3, "%02x", stored[i]);
    }
    return partition_csv_fail(notes, PARTITION_CSV_INPUT_ERROR, 0,
                              "MD5 checksums don't match! (computed: 0x%s, parsed: 0x%s)", texts[0],
                              texts[1]);
}

static bool decode_entry(const uint8_t *bytes, const struct partition_csv_rules *rules,
                         struct partition_table_layout *layout, struct partition_csv_notes *notes) {
    struct partition_row row;
    partition_row_decode(bytes, &row);
    if (row.magic != PARTITION_ROW_MAGIC)
        return partition_csv_fail(notes, PARTITION_CSV_INPUT_ERROR, 0,
                                  "Invalid magic bytes (%02x %02x) for partition definition", bytes[0],
                                  bytes[1]);
    struct buffer name = {0};
    bool is_text = partition_csv_decode(row.label, strlen(row.label), false, &name);
    buffer_free(&name);
    if (!is_text)
        return partition_csv_fail(notes, PARTITION_CSV_INPUT_ERROR, 0,
                                  "the name of partition %zu is not UTF-8", layout->count);
    struct partition_entry *entry = partition_layout_add(layout);
    entry->name = memory_text(row.label);
    entry->type = row.type;
    entry->subtype = row.subtype;
    entry->offset = row.offset;
    entry->size = row.size;
    entry->encrypted = (row.flags & FLAG_ENCRYPTED) != 0;
    entry->readonly = rules->knows_readonly && (row.flags & FLAG_READONLY) != 0;
    entry->other_flags = row.flags & ~(FLAG_ENCRYPTED | (rules->knows_readonly ? FLAG_READONLY : 0));
    if (entry->other_flags != 0)
        partition_csv_warn(notes, "partition %s has flags 0x%08x that this release does not know",
                           entry->name, entry->other_flags);
    return true;
}

static bool is_end(const uint8_t *row) {
    for (size_t i = 0; i < PARTITION_ROW_SIZE; i++)
        if (row[i] != 0xFF)
            return false;
    return true;
}

static bool decode_rows(const uint8_t *table, size_t length, const struct partition_csv_options *options,
                        struct partition_table_layout *layout, struct partition_csv_notes *notes) {
    for (size_t at = 0; at < length; at += PARTITION_ROW_SIZE) {
        const uint8_t *row = table + at;
        if (length - at < PARTITION_ROW_SIZE)
            return partition_csv_fail(notes, PARTITION_CSV_INPUT_ERROR, 0,
                                      "Partition table length must be a multiple of 32 bytes");
        if (is_end(row))
            return true;
        bool is_md5 = !options->disable_md5 && row[0] == (uint8_t)PARTITION_MD5_MAGIC && row[1] == row[0];
        bool fine = is_md5 ? check_md5(table, at, notes)
                           : decode_entry(row, partition_csv_rules_of(options), layout, notes);
        if (!fine)
            return false;
    }
    return partition_csv_fail(notes, PARTITION_CSV_INPUT_ERROR, 0,
                              "Partition table is missing an end-of-table marker");
}

bool partition_table_layout_decode(const void *bytes, size_t length,
                                   const struct partition_csv_options *options,
                                   struct partition_table_layout *out, struct partition_csv_notes *notes) {
    *out = (struct partition_table_layout){0};
    if (length > PARTITION_CSV_SIZE_MAX)
        return partition_csv_fail(notes, PARTITION_CSV_INPUT_ERROR, 0, "the table is longer than %u bytes",
                                  PARTITION_CSV_SIZE_MAX);
    bool fine = decode_rows(bytes, length, options, out, notes);
    if (!fine)
        partition_table_layout_free(out);
    return fine;
}

bool partition_table_is_binary(const void *bytes, size_t length) {
    const uint8_t *magic = bytes;
    return length >= 2 && magic[0] == (PARTITION_ROW_MAGIC & 0xFF) && magic[1] == PARTITION_ROW_MAGIC >> 8;
}
