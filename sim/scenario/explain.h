// The long form of what a diagnostic's code means, for `ota-sim explain E0101`.
#ifndef SIM_SCENARIO_EXPLAIN_H
#define SIM_SCENARIO_EXPLAIN_H

// One or more paragraphs, lines of at most 80 columns, ending in a newline; letter case of `code` is ignored.
// NULL: there is no such code.
const char *diagnostic_explanation(const char *code);

// All codes in order, ended by NULL.
const char *const *diagnostic_codes(void);

// One line: what the code stands for ("unknown key"). NULL: there is no such code.
const char *diagnostic_title(const char *code);

#endif
