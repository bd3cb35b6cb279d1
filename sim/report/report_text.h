// Text from files and flash on its way into reports: whatever the bytes are, what comes out is well-formed.
#ifndef SIM_REPORT_REPORT_TEXT_H
#define SIM_REPORT_REPORT_TEXT_H

#include "../base/buffer.h"

// Appends `text` as valid UTF-8: a byte that belongs to no character becomes U+FFFD. NULL counts as "".
void text_utf8(struct buffer *out, const char *text);

// The same for element content and attribute values of XML 1.0: markup is escaped, characters that XML
// forbids are left out.
void text_xml(struct buffer *out, const char *text);

// The same for a terminal: control characters but tab and newline become U+FFFD, so that no file can move the
// cursor.
void text_terminal(struct buffer *out, const char *text);

// Appends `text` with every line indented by `depth` blanks; ends with a newline.
void text_indented(struct buffer *out, unsigned depth, const char *text);

#endif
