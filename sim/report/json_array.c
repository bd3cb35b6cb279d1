#include "json_array.h"

#include <stdlib.h>
#include <string.h>

#include "../base/buffer.h"

struct scan {
    const char *text;
    size_t length, at;
    size_t depth; // of brackets around `at`
};

static bool is_blank(char letter) {
    return letter == ' ' || letter == '\t' || letter == '\n' || letter == '\r';
}

static void skip_blanks(struct scan *scan) {
    while (scan->at < scan->length && is_blank(scan->text[scan->at]))
        scan->at++;
}

// `at` stands on a quote; afterwards behind the one that closes it. False: none does.
static bool skip_string(struct scan *scan) {
    for (scan->at++; scan->at < scan->length; scan->at++)
        if (scan->text[scan->at] == '\\')
            scan->at++;
        else if (scan->text[scan->at] == '"')
            return ++scan->at <= scan->length;
    return false;
}

// Goes on to the next comma or closing bracket at depth `depth`, over whatever stands before it. False: the text ends first.
static bool skip_value(struct scan *scan, size_t depth) {
    while (scan->at < scan->length) {
        char letter = scan->text[scan->at];
        bool closes = letter == ']' || letter == '}';
        if (scan->depth == depth && (letter == ',' || closes))
            return true;
        if (letter == '"') {
            if (!skip_string(scan))
                return false;
            continue;
        }
        scan->depth += letter == '[' || letter == '{';
        scan->depth -= closes;
        scan->at++;
    }
    return false;
}

static void add_element(struct json_array_places *out, struct json_span span) {
    if ((out->count & (out->count + 1)) == 0) // one less than a power of two: all places are taken
        out->elements = memory_resize(out->elements, (2 * out->count + 1) * sizeof out->elements[0]);
    out->elements[out->count++] = span;
}

// `at` stands behind the opening bracket of an array at depth 2.
static bool find_elements(struct scan *scan, struct json_array_places *out) {
    out->inside.begin = scan->at;
    for (;;) {
        skip_blanks(scan);
        struct json_span span = {.begin = scan->at};
        if (!skip_value(scan, 2))
            return false;
        span.end = scan->at;
        bool last = scan->text[scan->at] != ',';
        if (!last || span.end > span.begin || out->count > 0)
            add_element(out, span);
        if (last)
            break;
        scan->at++;
    }
    out->inside.end = scan->at;
    return scan->text[scan->at] == ']';
}

static bool is_key(const struct scan *scan, size_t begin, const char *key) {
    size_t length = strlen(key);
    return scan->at - begin == length + 2 && memcmp(scan->text + begin + 1, key, length) == 0;
}

// `at` stands on a member's key. `found` is set when it is the array.
static bool pass_member(struct scan *scan, const char *key, struct json_array_places *out, bool *found) {
    size_t begin = scan->at;
    if (scan->text[scan->at] != '"' || !skip_string(scan))
        return false;
    bool wanted = !*found && is_key(scan, begin, key);
    skip_blanks(scan);
    if (scan->at == scan->length || scan->text[scan->at++] != ':')
        return false;
    skip_blanks(scan);
    if (wanted && scan->at < scan->length && scan->text[scan->at] == '[') {
        scan->at++;
        scan->depth++;
        if (!find_elements(scan, out))
            return false;
        scan->at++;
        scan->depth--;
        *found = true;
    }
    return skip_value(scan, 1);
}

bool json_array_find(const char *text, size_t length, const char *key, struct json_array_places *out) {
    struct scan scan = {.text = text, .length = length};
    bool found = false, fine = true, more = true;
    *out = (struct json_array_places){0};
    skip_blanks(&scan);
    fine = scan.at < length && text[scan.at++] == '{';
    scan.depth = 1;
    while (fine && more) {
        skip_blanks(&scan);
        fine = scan.at < length && pass_member(&scan, key, out, &found);
        more = fine && text[scan.at] == ',';
        scan.at++;
    }
    if (!fine || !found)
        json_array_free(out);
    return fine && found;
}

void json_array_free(struct json_array_places *places) {
    free(places->elements);
    *places = (struct json_array_places){0};
}
