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

// A key that would change nothing is refused. True: it is there, and an error was added. `why`: what it would need.
bool field_idle(struct fields *fields, const char *name, const char *why);

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

// The same for what is printed as a name: one line, every character of which can be seen.
bool field_line(struct fields *fields, const char *name, size_t length_max, char **out);

// Adds "did you mean ...?" when one of the words is near, else the list of words when it is short.
void suggest(struct diagnostic *item, const char *word, const char *const *candidates);

#endif
