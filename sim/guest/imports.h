// What a guest may call: a row each. To give guests another function, add its row to the table of its kind (imports_*.c):
// nothing else has to be told. What has no row, a guest cannot be loaded with.
#ifndef SIM_GUEST_IMPORTS_H
#define SIM_GUEST_IMPORTS_H

#include <stddef.h>
#include <stdint.h>

enum import_kind {
    IMPORT_FUNCTION,
    IMPORT_OBJECT, // a variable of the guest's own: so many bytes, which begin as `initial` says
    IMPORT_TRAP    // may be linked and not called: a call of it ends the run, as not modelled
};

struct import {
    const char *name;
    void (*function)(void); // IMPORT_FUNCTION: called on the guest's stack, while its board runs
    const char *remark;     // for people: since which release, what is different; NULL: nothing
    enum import_kind kind;
    uint32_t size; // IMPORT_OBJECT
    const void *initial;
};

// Rows for the tables. A function is called by whatever signature the guest's headers give it.
#define IMPORT(function)                                                                                     \
    { #function, (void (*)(void))(function), NULL, IMPORT_FUNCTION, 0, NULL }
#define IMPORT_SINCE(function, since)                                                                        \
    { #function, (void (*)(void))(function), since, IMPORT_FUNCTION, 0, NULL }
#define IMPORT_AS(name, function)                                                                            \
    { #name, (void (*)(void))(function), NULL, IMPORT_FUNCTION, 0, NULL }
#define IMPORT_TRAPPED(name)                                                                                 \
    { #name, NULL, NULL, IMPORT_TRAP, 0, NULL }

struct import_table {
    const struct import *rows;
    size_t count;
};
#define IMPORT_TABLE(table, rows) const struct import_table table = {rows, sizeof(rows) / sizeof *(rows)}
#define IMPORT_TABLES(TABLE)                                                                                 \
    TABLE(imports_esp_idf)                                                                                   \
    TABLE(imports_ota_sim)                                                                                   \
    TABLE(imports_c)                                                                                         \
    TABLE(imports_c_memory)                                                                                  \
    TABLE(imports_c_console)                                                                                 \
    TABLE(imports_freertos)                                                                                  \
    TABLE(imports_esp_system)                                                                                \
    TABLE(imports_compiler)
#define IMPORT_TABLE_DECLARED(table) extern const struct import_table table;
IMPORT_TABLES(IMPORT_TABLE_DECLARED)
#undef IMPORT_TABLE_DECLARED

// The row of a name; NULL: there is none.
const struct import *import_find(const char *name);

void import_each(void (*visit)(void *context, const struct import *row), void *context);

#endif
