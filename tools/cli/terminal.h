// Standard output and standard error as a person sees them: colour and a progress line on a terminal only,
// and errors of writing.
#ifndef TOOLS_CLI_TERMINAL_H
#define TOOLS_CLI_TERMINAL_H

#include <stdbool.h>
#include <stdio.h>

#include "../../sim/base/buffer.h"

struct terminal {
    FILE *out; // where text for people goes: standard output, or standard error when a report has taken that
    bool colour;   // of `out`
    bool progress; // a progress line can be shown (on standard error)
    bool progress_shown;
};

// To be called first thing in main: standard streams that are closed must not be given to files that are
// opened later.
void terminal_guard_streams(void);

// `report_on_stdout`: standard output belongs to a report.
struct terminal terminal_open(bool report_on_stdout);

// True when `stream` is a terminal that takes colour and nobody has asked for none (NO_COLOR, TERM=dumb).
bool terminal_colour(FILE *stream);

// Writes text for people; a progress line gives way. `text` is emptied.
// Nothing in it is taken for a command by a CI system.
void terminal_write(struct terminal *terminal, struct buffer *text);

// The same on standard error, for what its writer has laid out in lines.
void terminal_complain(const struct buffer *text);

// Writes text that is meant to command one: GitHub's annotations.
void terminal_write_commands(struct terminal *terminal, const struct buffer *text);

// Shows a line that the next one replaces; cut to the terminal's width. Does nothing without a terminal.
__attribute__((format(printf, 2, 3))) void terminal_progress(struct terminal *terminal, const char *format,
                                                             ...);
void terminal_progress_end(struct terminal *terminal);

// False when something written to `terminal` could not be delivered: there is no point in going on for its
// sake.
bool terminal_delivers(const struct terminal *terminal);

// To be called last, with the exit status so far: when not everything written to standard output has arrived,
// that is the status. The reason has been told on standard error then, unless the reader went away on purpose
// (a closed pipe).
int terminal_finish(int status);

#endif
