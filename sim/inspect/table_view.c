// The partition table of a dump, read as it stands; and lists of problems.
#include <stdarg.h>
#include <stdlib.h>
#include <string.h>

#include "table_review.h"

// ---- problems -----------------------------------------------------------------------------------

const char *problem_weight_name(enum problem_weight weight) {
    return weight == PROBLEM_ERROR ? "error" : weight == PROBLEM_WARNING ? "warning" : "note";
}

void problem_add(struct problem_list *list, enum problem_weight weight, const char *code, const char *format,
                 ...) {
    if (list->count == list->capacity) {
        list->capacity = list->capacity == 0 ? 16 : list->capacity * 2;
        list->items = memory_resize(list->items, list->capacity * sizeof *list->items);
    }
    struct buffer text = {0};
    va_list arguments;
    va_start(arguments, format);
    buffer_vprintf(&text, format, arguments);
    va_end(arguments);
    list->items[list->count++] = (struct problem){weight, code, (char *)text.bytes};
}

void problem_list_free(struct problem_list *list) {
    for (size_t i = 0; i < list->count; i++)
        free(list->items[i].text);
    free(list->items);
    *list = (struct problem_list){0};
}

// ---- the table ----------------------------------------------------------------------------------

static void read_rows(const uint8_t *table, struct table_view *out) {
    for (uint32_t i = 0; i < PARTITION_TABLE_ROWS_MAX; i++) {
        struct partition_row row;
        partition_row_decode(table + i * PARTITION_ROW_SIZE, &row);
        if (row.magic == PARTITION_MD5_MAGIC && out->digest == DIGEST_ABSENT) {
            out->digest = partition_table_digest_matches(table, i) ? DIGEST_MATCHES : DIGEST_WRONG;
            continue;
        }
        if (row.magic != PARTITION_ROW_MAGIC) {
            out->ended = row.magic == 0xFFFF;
            return;
        }
        if (out->digest != DIGEST_ABSENT)
            return; // partitions after the MD5 row: nobody reads them alike (PT-16)
        out->rows[out->count++] = row;
    }
}

void table_view_read(const struct dump *dump, struct table_view *out) {
    *out = (struct table_view){.offset = dump->table_offset, .found = dump->table_found};
    uint8_t table[PARTITION_TABLE_SIZE];
    if (!dump->table_found || dump->table_offset > dump->flash.size - sizeof table)
        return;
    flash_read(&dump->flash, dump->table_offset, table, sizeof table);
    read_rows(table, out);
    while (out->slot_count < 16 && table_find(out, 0, (uint8_t)(0x10 + out->slot_count)))
        out->slot_count++;
}

const struct partition_row *table_find(const struct table_view *table, uint8_t type, uint8_t subtype) {
    for (uint32_t i = 0; i < table->count; i++)
        if (table->rows[i].type == type && table->rows[i].subtype == subtype)
            return &table->rows[i];
    return NULL;
}

const struct partition_row *table_at(const struct table_view *table, uint32_t address) {
    for (uint32_t i = 0; i < table->count; i++)
        if (table->rows[i].offset == address)
            return &table->rows[i];
    return NULL;
}
