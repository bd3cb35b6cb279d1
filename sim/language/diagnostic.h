// What is wrong with a file, where, and what would be right: the line itself with a caret, in the manner of
// rustc.
//
//      x.yaml:7:5: error[E0101]: unknown key `rolback` in `config`
//        |
//      7 |     rolback: true
//        |     ^^^^^^^
//        = help: did you mean `rollback`?
#ifndef SIM_LANGUAGE_DIAGNOSTIC_H
#define SIM_LANGUAGE_DIAGNOSTIC_H

#include <stdbool.h>
#include <stddef.h>

#include "../base/buffer.h"
#include "scenario.h"

#define DIAGNOSTICS_MAX 100u // kept; further ones are only counted

struct diagnostic {
    char code[8]; // "E0101"; `ota-sim explain` tells more (explain.h)
    bool warning; // else an error
    char *message;
    struct source_mark mark;
    char *label;               // beside the carets; NULL: none
    struct source_mark second; // another place that matters; line 0: none
    char *second_label;        // "first defined here"
    char *help;                // "did you mean `rollback`?"; NULL: none
};

// Start with {.path = path}; free after use.
struct diagnostics {
    const char *path;   // of the file that is at fault; borrowed
    struct buffer text; // its contents, for quoting
    struct diagnostic *items;
    size_t count;                      // kept
    size_t error_count, warning_count; // all of them
    struct diagnostic overflow;        // takes what is not kept
    char **files;                      // paths of other files that it names, whether or not they are there
    size_t file_count;
};

// Adds one; codes that begin with W are warnings. The returned item may be filled further with the functions
// below and is valid until the next one is added.
__attribute__((format(printf, 4, 5))) struct diagnostic *diagnostic_add(struct diagnostics *diagnostics,
                                                                        const char *code,
                                                                        struct source_mark mark,
                                                                        const char *format, ...);

// Each replaces what was there. Texts are copied.
__attribute__((format(printf, 2, 3))) void diagnostic_label(struct diagnostic *item, const char *format, ...);
__attribute__((format(printf, 2, 3))) void diagnostic_help(struct diagnostic *item, const char *format, ...);
__attribute__((format(printf, 3, 4))) void diagnostic_second(struct diagnostic *item, struct source_mark mark,
                                                             const char *format, ...);

// Notes a file that is named; the path is copied.
void diagnostics_note_file(struct diagnostics *diagnostics, const char *path);

// In the order of the file, errors at one place in the order in which they were found.
void diagnostics_sort(struct diagnostics *diagnostics);

void diagnostics_free(struct diagnostics *diagnostics);

#endif
