// Text of others on its way to a console: everything in it can be seen, it is as many lines as it should be, and none of them is a
// command; and the places of an array's elements in a JSON text.
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>
#include <stdlib.h>
#include <string.h>

#include "sim/base/error.h"
#include "sim/base/utf8.h"
#include "sim/report/json_array.h"
#include "sim/report/report_text.h"

struct pair {
    const char *text, *shown;
};

static void check_all(void (*show)(struct buffer *out, const char *text), const struct pair *pairs,
                      size_t count) {
    for (size_t i = 0; i < count; i++) {
        struct buffer out = {0};
        show(&out, pairs[i].text);
        assert_string_equal(buffer_string(&out), pairs[i].shown);
        buffer_free(&out);
    }
}

static void test_one_line(void **state) {
    (void)state;
    static const struct pair pairs[] = {
        {"", ""},
        {NULL, ""},
        {"plain Ünï ✓ \xF0\x9F\x98\x80", "plain Ünï ✓ \xF0\x9F\x98\x80"},
        {"a\nb\tc\rd", "a\\nb\\tc\\x0dd"},
        {"\x1b[31m\x7f", "\\x1b[31m\\x7f"},
        {"\xc2\x85\xc2\x9f\xc2\xa0", "\\x85\\x9f\xc2\xa0"},                 // C1, and what is none
        {"\xe2\x80\xae\xe2\x81\xa6", "\\u{202e}\\u{2066}"},                 // right to left override, isolate
        {"\xd8\x9c\xe2\x80\x8e\xe2\x80\x8f", "\\u{61c}\\u{200e}\\u{200f}"}, // the marks
        {"\xe2\x80\xa8\xe2\x80\xa9\xef\xbb\xbf", "\\u{2028}\\u{2029}\\u{feff}"},
        {"\xe2\x80\x8d\xe2\x80\xaf", "\xe2\x80\x8d\xe2\x80\xaf"}, // a joiner, a narrow blank: neighbours
        {"\xf3\xa0\x80\x81", "\\u{e0001}"},
        {"\xff\x80\xc0\xaf\xed\xa0\x80\xf4\x90\x80\x80",
         "\\xff\\x80\\xc0\\xaf\\xed\\xa0\\x80\\xf4\\x90\\x80\\x80"},
        {"cut\xe2\x80", "cut\\xe2\\x80"},
    };
    check_all(utf8_one_line, pairs, sizeof pairs / sizeof pairs[0]);
}

static void test_lines(void **state) {
    (void)state;
    static const struct pair pairs[] = {{"a\n\tb\x1b\n", "a\n\tb\\x1b\n"}, {"\r\n", "\\x0d\n"}};
    check_all(utf8_lines, pairs, sizeof pairs / sizeof pairs[0]);
}

static void test_no_commands(void **state) {
    (void)state;
    static const struct pair pairs[] = {
        {"::error::x", "\\::error::x"},     {"a\n  ::x\n\t::y", "a\n  \\::x\n\t\\::y"},
        {"a::b :: c", "a::b :: c"},         {"at ##vso[task.x]", "at \\##vso[task.x]"},
        {"##teamcity[x", "\\##teamcity[x"}, {"##[error]", "\\##[error]"},
        {"## a [b] ##A[", "## a [b] ##A["}, {":", ":"},
        {"##add-mask[", "\\##add-mask["},   {"", ""},
    };
    check_all(text_no_commands, pairs, sizeof pairs / sizeof pairs[0]);
}

static void test_xml_has_no_commands(void **state) {
    (void)state;
    static const struct pair pairs[] = {{"::x\n ::y a::b", "&#58;:x\n &#58;:y a::b"},
                                        {"##vso[x", "&#35;#vso[x"}};
    check_all(text_xml, pairs, sizeof pairs / sizeof pairs[0]);
}

static void test_errors_are_one_line(void **state) {
    (void)state;
    struct error error = {0};
    assert_false(error_set(&error, "%s: missing", "a\nPASS  b\x1b"));
    assert_string_equal(error.message, "a\\nPASS  b\\x1b: missing");
    assert_false(error_set(NULL, "nobody asks"));
}

static void test_places_of_elements(void **state) {
    (void)state;
    static const char text[] = " {\"a\": \"scenarios\", \"b\": [1, {\"scenarios\": [7]}],\n"
                               "\"scenarios\" : [ {\"x\": \"],\\\"\"} , [1,2],3 ], \"z\": {}} ";
    static const char *const elements[] = {"{\"x\": \"],\\\"\"} ", "[1,2]", "3 "};
    struct json_array_places places;
    assert_true(json_array_find(text, strlen(text), "scenarios", &places));
    assert_int_equal(places.count, 3);
    for (size_t i = 0; i < 3; i++) {
        struct json_span span = places.elements[i];
        assert_int_equal(span.end - span.begin, strlen(elements[i]));
        assert_memory_equal(text + span.begin, elements[i], span.end - span.begin);
    }
    json_array_free(&places);
    assert_true(json_array_find("{\"k\": [ ]}", 10, "k", &places));
    assert_int_equal(places.count, 0);
    json_array_free(&places);
    for (size_t length = 0; length < strlen(text) - 1; length++) // a text that is cut short has no array
        assert_false(json_array_find(text, length, "scenarios", &places));
}

static void test_no_array_there(void **state) {
    (void)state;
    static const char *const texts[] = {
        "",           "[]",           "{",           "{}",          "{\"k\"}", "{\"k\": 1}", "x",
        "{\"k\": [}", "{\"k\": [1}}", "{\"j\": []}", "{\"k\" [1]}", "{k: [1]}"};
    struct json_array_places places;
    for (size_t i = 0; i < sizeof texts / sizeof texts[0]; i++)
        assert_false(json_array_find(texts[i], strlen(texts[i]), "k", &places));
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_one_line),
        cmocka_unit_test(test_lines),
        cmocka_unit_test(test_no_commands),
        cmocka_unit_test(test_xml_has_no_commands),
        cmocka_unit_test(test_errors_are_one_line),
        cmocka_unit_test(test_places_of_elements),
        cmocka_unit_test(test_no_array_there),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
