#include "imports.h"

#include <string.h>

static const struct import_table *const tables[] = {
#define IMPORT_TABLE_LISTED(table) &table,
    IMPORT_TABLES(IMPORT_TABLE_LISTED)
#undef IMPORT_TABLE_LISTED
};
#define TABLE_COUNT (sizeof tables / sizeof *tables)

static const struct import *find_in(const struct import_table *table, const char *name) {
    for (size_t i = 0; i < table->count; i++)
        if (strcmp(table->rows[i].name, name) == 0)
            return &table->rows[i];
    return NULL;
}

const struct import *import_find(const char *name) {
    for (size_t i = 0; i < TABLE_COUNT; i++) {
        const struct import *row = find_in(tables[i], name);
        if (row != NULL)
            return row;
    }
    return NULL;
}

void import_each(void (*visit)(void *context, const struct import *row), void *context) {
    for (size_t i = 0; i < TABLE_COUNT; i++)
        for (size_t k = 0; k < tables[i]->count; k++)
            visit(context, &tables[i]->rows[k]);
}
