// Where the elements of a long array stand in a JSON text, so that they can be read one by one: a tree of all of them takes
// forty times the text's memory.
#ifndef SIM_REPORT_JSON_ARRAY_H
#define SIM_REPORT_JSON_ARRAY_H

#include <stdbool.h>
#include <stddef.h>

struct json_span {
    size_t begin, end; // bytes of the text; the end is behind the last one
};

struct json_array_places {
    struct json_span inside; // what stands between the brackets
    struct json_span *elements;
    size_t count;
};

// Looks for the member `key` (as it stands in quotes) of the object that `text` is. True: it is an array, and brackets and
// quotes behind it close up to the text's end; whether all else is JSON is for a parser to say. To be freed then.
bool json_array_find(const char *text, size_t length, const char *key, struct json_array_places *out);
void json_array_free(struct json_array_places *places);

#endif
