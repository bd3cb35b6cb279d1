// Building blocks of what the console shows: paint, columns, wrapped text. Private to the console reports.
#ifndef SIM_REPORT_CONSOLE_TEXT_H
#define SIM_REPORT_CONSOLE_TEXT_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "report_console.h"

#define CONSOLE_WIDTH 80u

enum paint { PLAIN, GREEN, RED, YELLOW, BOLD, FAINT };

// What begins and ends a stretch of that paint; "" without colour.
const char *paint_begin(const struct console_style *style, enum paint paint);
const char *paint_end(const struct console_style *style);

// Text from anywhere, painted.
void painted(struct buffer *out, const struct console_style *style, enum paint paint, const char *text);

// Characters on the screen, taking each UTF-8 character for one column.
size_t columns(const char *text);

// Blanks up to column `to`, at least two.
void pad(struct buffer *out, size_t from, size_t to);

// Words of `text`, in lines of at most CONSOLE_WIDTH columns that are indented by `depth`. The first line has
// `used` columns already.
void wrapped(struct buffer *out, unsigned depth, size_t used, const char *text);

// How many leading characters all files have in common, up to a slash: they say nothing in a table.
size_t console_common_folder(const struct result *result);

// A file's name without its ending, padded to `room` columns; of a long one the middle is left out.
void console_name(const char *name, size_t room, struct buffer *out);

// A scenario's verdict in a word ("PASS"), and its colour; `is_known`: it passes, but with a declared bug or
// violation.
const char *verdict_word(const struct result_scenario *scenario);
enum paint verdict_paint(const struct result_scenario *scenario);
bool is_known(const struct result_scenario *scenario);

#endif
