// What is wrong with a file, where, and what would be right: the line itself with a caret, in the manner of rustc.
#ifndef SIM_SCENARIO_DIAGNOSTIC_H
#define SIM_SCENARIO_DIAGNOSTIC_H

#include <stdbool.h>
#include <stddef.h>

#include "../base/buffer.h"
#include "scenario.h"

struct diagnostic {
    char code[8];              // "E0123"; `ota-sim explain` tells more
    bool warning;              // else an error
    char *message;             // "unknown key `rolback`"
    struct source_mark mark;
    char *label;               // beside the carets; NULL: none
    struct source_mark second; // another place that matters ("first defined here"); line 0: none
    char *second_label;
    char *help;                // "did you mean `rollback`?"; NULL: none
};

struct diagnostics {
    const char *path;          // of the file that is at fault; borrowed
    const char *text;          // its contents, for quoting; borrowed
    struct diagnostic *items;
    size_t count, capacity;
    size_t error_count;
};

// Adds one; the returned item may be filled further (help, label, second). At most 100 are kept, the rest are counted.
__attribute__((format(printf, 4, 5))) struct diagnostic *
diagnostic_add(struct diagnostics *diagnostics, const char *code, struct source_mark mark, const char *format, ...);

// Renders all of them, each beginning with `file:line:column: error[E0123]: message`. `colour`: with terminal escapes.
void diagnostics_render(const struct diagnostics *diagnostics, bool colour, struct buffer *out);

void diagnostics_free(struct diagnostics *diagnostics);

// The candidate nearest to `word` in edit distance when it is near enough to be a typing error; NULL otherwise. `candidates` ends in NULL.
const char *nearest_word(const char *word, const char *const *candidates);

#endif
