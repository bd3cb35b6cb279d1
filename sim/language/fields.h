// Typed access to YAML values. A key that nobody asks for is an unknown key: fields_close() reports it, and
// what was asked for is what the suggestion is chosen from, so that no list of keys has to be kept in step
// with the code.
//
//      struct fields board;
//      if (fields_open(&board, reading, node, "board")) {
//          field_bool(&board, "rollback", &rollback);
//          fields_close(&board);
//      }
//
// Getters return true when the key is there and its value is right; then `*out` is set. Otherwise `*out` is
// untouched, and what is wrong has been reported.
#ifndef SIM_LANGUAGE_FIELDS_H
#define SIM_LANGUAGE_FIELDS_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "../base/words.h"
#include "yaml_tree.h"

#define FIELDS_MAX 72u // keys that one mapping may be asked for

struct fields {
    struct diagnostics *diagnostics;
    const struct yaml_node *node;      // a mapping
    const char *what;                  // the mapping, for messages: "board"; borrowed
    bool *taken;                       // of the node's pairs
    const char *known[FIELDS_MAX + 1]; // asked for so far, ended by NULL; borrowed
    size_t known_count;
};

// False: `node` is no mapping, which has been reported; close nothing then.
bool fields_open(struct fields *fields, struct diagnostics *diagnostics, const struct yaml_node *node,
                 const char *what);
void fields_close(struct fields *fields);

// The key's value; NULL: it is not there. `field_key`: the key itself.
const struct yaml_node *field(struct fields *fields, const char *name);
const struct yaml_node *field_key(const struct fields *fields, const char *name);

// As field(), but its absence is an error. `help` (may be NULL) says what to write.
const struct yaml_node *field_required(struct fields *fields, const char *name, const char *help);

// The one of `names` (ended by NULL) that is there; NULL: none (an error when `required`) or several (always
// an error).
const char *field_one_of(struct fields *fields, const char *const *names, bool required);

bool field_bool(struct fields *fields, const char *name, bool *out);
bool field_u32(struct fields *fields, const char *name, uint32_t minimum, uint32_t maximum, uint32_t *out);
bool field_u64(struct fields *fields, const char *name, uint64_t minimum, uint64_t maximum, uint64_t *out);

// A text of at most `length_max` bytes, not empty. `*out` is freed first and owned by the caller.
bool field_text(struct fields *fields, const char *name, size_t length_max, char **out);

// ---- values -------------------------------------------------------------------------------------

// A word and what it stands for; tables end with a NULL name.
struct word {
    const char *name;
    int value;
};

// `what` names the value in messages: "`seq`". Numbers: decimal, 0x hexadecimal, with K or M (1024, 1024^2)
// behind them, and underscores anywhere between digits.
bool value_u64(struct diagnostics *diagnostics, const struct yaml_node *node, const char *what,
               uint64_t minimum, uint64_t maximum, uint64_t *out);
bool value_u32(struct diagnostics *diagnostics, const struct yaml_node *node, const char *what,
               uint32_t minimum, uint32_t maximum, uint32_t *out);
bool value_bool(struct diagnostics *diagnostics, const struct yaml_node *node, const char *what, bool *out);

// The node's text (borrowed), not null; NULL: an error was reported.
const char *value_text(struct diagnostics *diagnostics, const struct yaml_node *node, const char *what);

// One of the words; letter case does not matter. `code` is that of the error when it is none of them.
bool value_word(struct diagnostics *diagnostics, const struct yaml_node *node, const char *what,
                const char *code, const struct word *words, int *out);

// "5s", "300ms", "20us", "2min", "1h"; in microseconds.
bool value_duration(struct diagnostics *diagnostics, const struct yaml_node *node, const char *what,
                    uint64_t *out);

// "50%", "12.5 %": in thousandths of a per cent, 0 to 100000.
bool value_share(struct diagnostics *diagnostics, const struct yaml_node *node, const char *what,
                 uint64_t *out);

// A chip revision: "v3.1", "3.1" or 301 (major * 100 + minor).
bool value_revision(struct diagnostics *diagnostics, const struct yaml_node *node, const char *what,
                    uint32_t *out);

// Hexadecimal bytes with or without spaces: "e9 00 ff". Appends to `out`; at least one byte.
bool value_bytes(struct diagnostics *diagnostics, const struct yaml_node *node, const char *what,
                 struct buffer *out);

// Reports that the value is not what it should be: "`at_boot` must be a word, not a list".
struct diagnostic *value_wrong_type(struct diagnostics *diagnostics, const struct yaml_node *node,
                                    const char *what, const char *expected);

// Adds "did you mean ...?" when one of the words is near, else the list of words when it is short.
void suggest(struct diagnostic *item, const char *word, const char *const *candidates);

// True when the text is a number as value_u64 reads it.
bool number_parse(const char *text, uint64_t *out);

#endif
