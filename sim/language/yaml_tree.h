// A YAML document as a tree that remembers where everything stands. Aliases are resolved: they share the node
// that they name, so a tree may be reached by several ways, but never in a circle.
#ifndef SIM_LANGUAGE_YAML_TREE_H
#define SIM_LANGUAGE_YAML_TREE_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "diagnostic.h"

enum yaml_kind { YAML_KIND_SCALAR, YAML_KIND_SEQUENCE, YAML_KIND_MAPPING };

struct yaml_node {
    enum yaml_kind kind;
    struct source_mark mark; // of the first line of it
    uint32_t weight;         // nodes in it, itself included, aliases expanded
    uint32_t height;         // collections inside each other at its deepest place; a scalar: 0
    bool closed;             // all of it has been read

    char *text;          // scalar: NUL-terminated; holds no NUL inside
    bool plain;          // scalar without quotes: `null` is nothing, not a word
    uint32_t block_line; // line of the first line of a literal block (|) scalar's contents; 0: it is none

    struct yaml_pair *pairs;  // mapping
    struct yaml_node **items; // sequence
    size_t count;
};

struct yaml_pair {
    struct yaml_node *key; // a scalar
    struct yaml_node *value;
};

struct yaml_tree {
    struct yaml_node *root;   // a mapping
    struct yaml_node **nodes; // all of them; owned
    size_t count, capacity;
};

// Reads the one document in diagnostics->text. True: `out` (uninitialised) is the tree. False: nothing in
// `out` needs freeing, and `diagnostics` says why. Duplicate keys are errors, but the tree is there all the
// same: the caller looks at diagnostics->error_count in the end.
bool yaml_tree_read(struct diagnostics *diagnostics, struct yaml_tree *out);
void yaml_tree_free(struct yaml_tree *tree);

// True for what YAML calls null: nothing at all, `~`, `null` without quotes.
bool yaml_is_null(const struct yaml_node *node);

// "a list", "a mapping", "nothing", "`text`": for messages; into a buffer of at least 48 bytes, which is
// returned.
const char *yaml_describe(const struct yaml_node *node, char text[48]);

#endif
