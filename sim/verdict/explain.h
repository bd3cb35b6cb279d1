// The long form of what a diagnostic's code means, for `ota-sim explain E0101`.
#ifndef SIM_VERDICT_EXPLAIN_H
#define SIM_VERDICT_EXPLAIN_H

#include <stddef.h>

// One or more paragraphs, lines of at most 96 columns, ending in a newline; letter case of `code` is ignored.
// NULL: there is no such code.
const char *diagnostic_explanation(const char *code);

// The codes in order, from 0; NULL: there are no more.
const char *diagnostic_code(size_t index);

// One line: what the code stands for ("unknown key"). NULL: there is no such code.
const char *diagnostic_title(const char *code);

#endif
