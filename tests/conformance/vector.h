// One vector under replay: reading its fields, and comparing what came out with what was recorded.
#ifndef TESTS_CONFORMANCE_VECTOR_H
#define TESTS_CONFORMANCE_VECTOR_H

#include <jansson.h>
#include <stdbool.h>
#include <stdint.h>

#include "sim/base/buffer.h"

struct vector {
    const json_t *json;
    struct buffer problem;    // not empty: the vector is malformed, and why
    struct buffer difference; // not empty: the replay differs, and how (several lines)
};

void vector_free(struct vector *vector);

// ---- fields -------------------------------------------------------------------------------------

// The first problem is kept; all return false, NULL or 0.
__attribute__((format(printf, 2, 3))) bool vector_malformed(struct vector *vector, const char *format, ...);

// Wanted fields of an object. An absent field or a wrong type makes the vector malformed.
const json_t *vector_array(struct vector *vector, const json_t *object, const char *key);
const json_t *vector_object(struct vector *vector, const json_t *object, const char *key);
const char *vector_text(struct vector *vector, const json_t *object, const char *key);
uint32_t vector_number(struct vector *vector, const json_t *object, const char *key);
bool vector_hex(struct vector *vector, const json_t *object, const char *key, struct buffer *out);

// A field that may be absent.
uint32_t vector_number_or(struct vector *vector, const json_t *object, const char *key, uint32_t otherwise);

// Values by themselves; `what` names them in messages.
uint32_t vector_number_value(struct vector *vector, const json_t *value, const char *what);
bool vector_hex_value(struct vector *vector, const json_t *value, const char *what, struct buffer *out);

// Lower-case hex digits as a JSON string.
json_t *json_hex(const void *bytes, size_t length);
json_t *json_crc(const void *bytes, size_t length); // of the CRC-32, eight digits

// ---- comparison ---------------------------------------------------------------------------------

// Compares one recorded value with what came out and notes the first difference under `where`. Takes over
// `got`. NULL stands for an absent value. Keys `why` and `msg` are informative and not compared.
__attribute__((format(printf, 4, 5))) bool vector_expect(struct vector *vector, const json_t *expected,
                                                         json_t *got, const char *where, ...);

#endif
