// Building JSON from a result: jansson with texts that may hold any bytes. Private to the reports.
#ifndef SIM_REPORT_JSON_VALUE_H
#define SIM_REPORT_JSON_VALUE_H

#include <jansson.h>
#include <stdint.h>

#include "../base/buffer.h"

// New values. A NULL text is null; bytes that are no UTF-8 become U+FFFD. A count above 2^63 - 1 is told as
// that.
json_t *json_value_text(const char *text);
json_t *json_value_count(uint64_t count);
json_t *json_value_us(uint64_t ns); // microseconds

// Sets a key; takes the value over.
void json_put(json_t *object, const char *key, json_t *value);
void json_put_text(json_t *object, const char *key, const char *text);
void json_put_count(json_t *object, const char *key, uint64_t count);

// Appends the text of `value`. `flags`: of json_dumps, the precision of numbers aside.
void json_print(const json_t *value, size_t flags, struct buffer *out);

#endif
