// What every mapping of a scenario takes: for the schema and the tables in docs/scenario-format.md, which
// tools/schema makes.
#ifndef SIM_LANGUAGE_KEY_TABLES_H
#define SIM_LANGUAGE_KEY_TABLES_H

#include "key_row.h"

struct key_table {
    const char *name;           // "board": a type `%board` means it
    const struct key_row *keys; // ends with KEYS_END
};

extern const struct key_table key_tables[]; // ends with NULL

// The keys of `expect`, from 0; NULL: that was all.
const struct key_row *expect_key(size_t index);

#endif
