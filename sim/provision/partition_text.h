// The text side of partition CSV: encodings, lines, white space, numbers. What Python's text functions do, as
// far as tables can show it.
#ifndef SIM_PROVISION_PARTITION_TEXT_H
#define SIM_PROVISION_PARTITION_TEXT_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "../base/buffer.h"

// Any accepted encoding to UTF-8 without byte order mark. False: not decodable, or a NUL character is in it.
bool partition_csv_decode(const void *text, size_t length, bool detects_encoding, struct buffer *out);

// The next line of `text` from `*at` on, without its line break; false at the end.
bool partition_csv_next_line(const struct buffer *text, size_t *at, const char **line, size_t *length);

// Without white space (as Unicode defines it) at both ends.
void partition_csv_trim(const char **text, size_t *length);

// A number in Python's base-0 notation (CSV-10, without the suffixes). Too large ones keep their low 32 bits
// and are beyond 2^60 in size, so that they fit no field and can still be added.
bool partition_csv_integer(const char *text, size_t length, int64_t *value);
int64_t partition_csv_multiply(int64_t value, uint32_t factor);

#define HEX_TEXT_SIZE 24

// A number as the generator's messages show it: "0x1f0000", "0x-5".
const char *partition_csv_hex(int64_t value, char text[HEX_TEXT_SIZE]);

#endif
