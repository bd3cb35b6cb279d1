// The JUnit report: well-formed XML whatever the texts are, unique test names, at most one failure a case.
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>
#include <string.h>

#include "sim/report/report_junit.h"
#include "sim/report/report_text.h"
#include "tests/unit/result_example.h"

static unsigned occurrences(const char *text, const char *part) {
    unsigned count = 0;
    for (; (text = strstr(text, part)) != NULL; text += strlen(part))
        count++;
    return count;
}

// A small reader of the XML that the report uses: tags nest, attributes are quoted and unique in a tag, text
// holds no markup.
static void assert_well_formed(const char *text) {
    char open[16][32];
    unsigned depth = 0;
    const char *at = strchr(text, '>') + 1; // past the declaration
    while ((at = strchr(at, '<')) != NULL) {
        bool closes = at[1] == '/';
        const char *name = at + 1 + closes;
        size_t length = strcspn(name, " />\n");
        const char *end = name + length;
        while (*end != '>') {
            assert_int_not_equal(*end, '\0');
            assert_int_not_equal(*end, '<');
            if (*end == '"')
                end = strchr(end + 1, '"');
            assert_non_null(end);
            end++;
        }
        if (closes) {
            assert_true(depth > 0);
            assert_memory_equal(open[depth - 1], name, length);
            depth--;
        } else if (end[-1] != '/') {
            assert_true(depth < 16 && length < 32);
            memcpy(open[depth], name, length);
            open[depth++][length] = '\0';
        }
        at = end + 1;
    }
    assert_int_equal(depth, 0);
    for (const char *ampersand = text; (ampersand = strchr(ampersand, '&')) != NULL; ampersand++) {
        size_t length = strcspn(ampersand, ";");
        assert_true(length >= 3 && length <= 5 && ampersand[length] == ';');
    }
    for (; *text; text++)
        assert_true((unsigned char)*text >= 0x20 || *text == '\n' || *text == '\t');
}

static void test_counts(void **state) {
    (void)state;
    struct result result = {0};
    struct buffer text = {0};
    example_scenario(&result, "a.yaml", "v6.0", VERDICT_PASS);
    example_failure(example_scenario(&result, "folder/b.yaml", "v6.0", VERDICT_FAIL));
    example_scenario(&result, "folder/b.yaml", "v5.5", VERDICT_ERROR)->error =
        memory_text("no board: " NASTY);
    report_junit(&result, "1.2.3", &text);
    const char *xml = buffer_string(&text);
    assert_well_formed(xml);
    assert_non_null(strstr(xml, "<testsuites name=\"ota-sim\" tests=\"3\" failures=\"1\" errors=\"1\""));
    assert_non_null(strstr(xml, "<testsuite name=\"folder/b.yaml [v5.5]\" file=\"folder/b.yaml\" tests=\"1\" "
                                "failures=\"0\" errors=\"1\""));
    assert_int_equal(occurrences(xml, "<testcase "), 3);
    assert_int_equal(occurrences(xml, "<failure "), 1);
    assert_int_equal(occurrences(xml, "<error "), 1);
    assert_non_null(strstr(xml, "classname=\"folder.b\" name=\"An update arrives [v6.0]\""));
    buffer_free(&text);
    result_free(&result);
}

static void test_names_are_unique(void **state) {
    (void)state;
    struct result result = {0};
    struct buffer text = {0};
    example_scenario(&result, "a.yaml", "v6.0", VERDICT_PASS);
    example_scenario(&result, "a.yaml", "v6.0", VERDICT_PASS);
    example_scenario(&result, "a.yml", "v6.0", VERDICT_PASS); // of the same class
    example_scenario(&result, "b.yaml", "v6.0", VERDICT_PASS);
    report_junit(&result, "1.2.3", &text);
    const char *xml = buffer_string(&text);
    assert_int_equal(occurrences(xml, "classname=\"a\" name=\"An update arrives [v6.0]\""), 1);
    assert_int_equal(occurrences(xml, "classname=\"a\" name=\"An update arrives [v6.0] #2\""), 1);
    assert_int_equal(occurrences(xml, "classname=\"a\" name=\"An update arrives [v6.0] #3\""), 1);
    assert_int_equal(occurrences(xml, "classname=\"b\" name=\"An update arrives [v6.0]\""), 1);
    buffer_free(&text);
    result_free(&result);
}

static void test_violations_and_replay(void **state) {
    (void)state;
    struct result result = {0};
    struct buffer text = {0};
    struct result_scenario *scenario = example_scenario(&result, "a.yaml", "v6.0", VERDICT_FAIL);
    example_failure(scenario);
    example_exploration(scenario);
    report_junit(&result, "1.2.3", &text);
    const char *xml = buffer_string(&text);
    assert_well_formed(xml);
    assert_int_equal(occurrences(xml, "<failure "), 1);
    assert_non_null(strstr(xml, "message=\"expected booted: ota_1, got ota_0 (and 1 more)\""));
    const char *system_out = strstr(xml, "<system-out>");
    assert_non_null(strstr(system_out, "replay: ota-sim replay --release v6.0 a.yaml confirm/2/prefix:12\n"));
    assert_non_null(strstr(system_out, "rerun: ota-sim run -v --release v6.0 a.yaml\n"));
    assert_non_null(strstr(xml, "<property name=\"release\" value=\"v6.0\"/>"));
    assert_non_null(strstr(xml, "<property name=\"seed\" value=\"7\"/>"));
    buffer_free(&text);
    result_free(&result);
}

static void test_xml_text(void **state) {
    (void)state;
    struct buffer text = {0};
    text_xml(&text, NASTY "\r\xEF\xBF\xBF");
    assert_string_equal(
        buffer_string(&text),
        "a&lt;b&gt;&amp;&quot;c&quot; [31m \xEF\xBF\xBD\xEF\xBF\xBD( \xe2\x82\xac ]]&gt;&#13;");
    buffer_free(&text);
}

static void test_utf8_borders(void **state) {
    (void)state;
    static const struct {
        const char *in, *out;
    } cases[] = {
        {"\xF4\x8F\xBF\xBF", "\xF4\x8F\xBF\xBF"},                                 // U+10FFFF
        {"\xF4\x90\x80\x80", "\xEF\xBF\xBD\xEF\xBF\xBD\xEF\xBF\xBD\xEF\xBF\xBD"}, // beyond it
        {"\xED\xA0\x80", "\xEF\xBF\xBD\xEF\xBF\xBD\xEF\xBF\xBD"},                 // a surrogate
        {"\xC0\x80", "\xEF\xBF\xBD\xEF\xBF\xBD"},                                 // too long
        {"\xE2\x82", "\xEF\xBF\xBD\xEF\xBF\xBD"},                                 // cut off
        {"\xC3\xA9", "\xC3\xA9"},
    };
    for (size_t i = 0; i < sizeof cases / sizeof cases[0]; i++) {
        struct buffer text = {0};
        text_utf8(&text, cases[i].in);
        assert_string_equal(buffer_string(&text), cases[i].out);
        buffer_free(&text);
    }
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_counts),
        cmocka_unit_test(test_names_are_unique),
        cmocka_unit_test(test_violations_and_replay),
        cmocka_unit_test(test_xml_text),
        cmocka_unit_test(test_utf8_borders),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
