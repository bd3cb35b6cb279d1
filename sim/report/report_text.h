// Text from files and flash on its way into reports: whatever the bytes are, what comes out is well-formed.
#ifndef SIM_REPORT_REPORT_TEXT_H
#define SIM_REPORT_REPORT_TEXT_H

#include "../base/buffer.h"

// Appends `text` as valid UTF-8: a byte that belongs to no character becomes U+FFFD. NULL counts as "".
void text_utf8(struct buffer *out, const char *text);

// The same for element content and attribute values of XML 1.0: markup is escaped, characters that XML
// forbids are left out, and no line begins with a CI system's command.
void text_xml(struct buffer *out, const char *text);

// For a terminal or a log: one line in which everything can be seen (utf8_one_line), so that no file can move the cursor,
// begin a line of its own, or turn the direction of writing.
void text_terminal(struct buffer *out, const char *text);

// The same for a text that has lines: they stay.
void text_terminal_lines(struct buffer *out, const char *text);

// Appends lines so that no CI system takes one for a command of its own ("::error::", "##vso[", "##teamcity["): a backslash
// goes in front. What is printed on a console goes through here last.
void text_no_commands(struct buffer *out, const char *text);

// Appends `text` with every line indented by `depth` blanks; ends with a newline.
void text_indented(struct buffer *out, unsigned depth, const char *text);

#endif
