// Characters of texts that others wrote: which bytes make one, and which may be shown as they are.
#ifndef SIM_BASE_UTF8_H
#define SIM_BASE_UTF8_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "buffer.h"

// Decodes the first character of `room` > 0 bytes. Returns how many bytes it takes; 0: the first byte belongs to no
// character (RFC 3629: no surrogates, nothing too long, nothing above U+10FFFF).
size_t utf8_character(const char *bytes, size_t room, uint32_t *code);

// False for what acts instead of being seen: control characters, the separators of lines and paragraphs, the marks that
// change the direction of writing (Unicode's Bidi_Control) and tags.
bool utf8_is_visible(uint32_t code);

// Appends `text` as one line in which everything can be seen: what cannot is written as \n, \t, \x1b or \u{202e}. NULL
// counts as "".
void utf8_one_line(struct buffer *out, const char *text);

// The same for a text of several lines: newlines and tabs stay.
void utf8_lines(struct buffer *out, const char *text);

#endif
