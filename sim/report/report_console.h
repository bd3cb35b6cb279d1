// What a person reads on the terminal: a line a scenario, the failures in full, a matrix of releases, a
// summary. 80 columns.
#ifndef SIM_REPORT_REPORT_CONSOLE_H
#define SIM_REPORT_REPORT_CONSOLE_H

#include <stdbool.h>

#include "../base/buffer.h"
#include "result.h"

struct console_style {
    bool colour; // terminal escapes
};

// "PASS  scenarios/powerloss.yaml [v6.0]     12 expectations, 34 boots", and a line for each known bug and
// known violation.
void console_scenario(const struct result_scenario *scenario, const struct console_style *style,
                      struct buffer *out);

// All of what is wrong with it: lines of the scenario, expected and actual, otadata, flash operations,
// violations with their replay. Nothing when it passed.
void console_details(const struct result_scenario *scenario, const struct console_style *style,
                     struct buffer *out);

// Scenarios down, releases across. Nothing when there is one release only.
void console_matrix(const struct result *result, const struct console_style *style, struct buffer *out);

// What was explored: a line for each exploration, and the totals. Nothing when there was none.
void console_table(const struct result *result, const struct console_style *style, struct buffer *out);

// A line for each scenario that did not pass, and the totals.
void console_summary(const struct result *result, double elapsed_s, const struct console_style *style,
                     struct buffer *out);

#endif
