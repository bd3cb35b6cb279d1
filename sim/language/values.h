// Scalars as the words, numbers, sizes, durations and bytes that they stand for. Each returns true and sets `*out` when the value
// is right; otherwise `*out` is untouched, and what is wrong has been reported.
#ifndef SIM_LANGUAGE_VALUES_H
#define SIM_LANGUAGE_VALUES_H

#include <stdbool.h>
#include <stdint.h>

#include "../base/words.h"
#include "yaml_tree.h"

struct diagnostics;

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

// True when the text is a number as value_u64 reads it.
bool number_parse(const char *text, uint64_t *out);

#endif
