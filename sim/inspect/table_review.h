// What a careful reviewer would name about a partition table.
#ifndef SIM_INSPECT_TABLE_REVIEW_H
#define SIM_INSPECT_TABLE_REVIEW_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "../../ota/partition_table.h"
#include "dump.h"

enum problem_weight {
    PROBLEM_NOTE,    // worth knowing
    PROBLEM_WARNING, // works today, and is a trap
    PROBLEM_ERROR    // some bootloader, app or tool fails because of it
};
const char *problem_weight_name(enum problem_weight weight); // "warning"

struct problem {
    enum problem_weight weight;
    const char *code; // "overlap"; a literal
    char *text;       // one line
};

struct problem_list {
    struct problem *items;
    size_t count, capacity;
};

__attribute__((format(printf, 4, 5))) void problem_add(struct problem_list *list, enum problem_weight weight,
                                                       const char *code, const char *format, ...);
void problem_list_free(struct problem_list *list);

enum table_digest { DIGEST_ABSENT, DIGEST_MATCHES, DIGEST_WRONG };

// The rows as they stand in flash, in order, up to the first that is no partition.
struct table_view {
    uint32_t offset;
    bool found, ended; // an end marker follows
    enum table_digest digest;
    uint32_t count;
    struct partition_row rows[PARTITION_TABLE_ROWS_MAX];
    uint32_t slot_count; // OTA slots in a row from ota_0 on, as apps count them (OD-17)
};

void table_view_read(const struct dump *dump, struct table_view *out);

// First row of that kind; NULL: none.
const struct partition_row *table_find(const struct table_view *table, uint8_t type, uint8_t subtype);

// The partition that begins at that address; NULL: none.
const struct partition_row *table_at(const struct table_view *table, uint32_t address);

void table_review(const struct dump *dump, const struct table_view *table, struct problem_list *problems);

#endif
