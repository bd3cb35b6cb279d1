// The keys of a mapping, for schema and docs: a row each. Readers ask for the same keys; a test holds the two
// against each other (tests/scenarios/check_schema.py).
#ifndef SIM_LANGUAGE_KEY_ROW_H
#define SIM_LANGUAGE_KEY_ROW_H

#include <stddef.h>

// What a value looks like is written as a small expression, which tools/schema turns into JSON Schema:
//
//      truth  number  number(1..32)  text  text(1..32)  words(a|b)  nothing
//                           text takes numbers, too, where YAML reads one; string does not
//      @duration            a definition by name (tools/tables/schema.py)
//      %board               a mapping, by the name of its table (key_tables.h)
//      A / B                either
//      [A]                  A, or a list of A
//      list(A)  pair(A)     a list of A; of exactly two
//      some(A)              A, or a list of A that is not empty
//      {A}                  a mapping from names to A
//      seen(A)              A, a list of A, or {not: ...} of either: what expectations take
//
// In front of it may stand "required ", "one of: " (exactly one of the keys marked so has to be there), or
// "without a, b: " (not together with those).
struct key_row {
    const char *name;
    const char *type;
    const char *help; // Markdown: what it means
};

#define KEYS_END                                                                                             \
    { 0 } // a table of keys ends with it

#endif
