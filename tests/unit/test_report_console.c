// What people read: within 80 columns, without escapes unless asked, failures last.
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>
#include <stdlib.h>
#include <string.h>

#include "sim/report/report_console.h"
#include "tests/unit/result_example.h"

static const struct console_style plain = {false};

static void assert_lines_fit(const char *text) {
    while (*text) {
        size_t length = strcspn(text, "\n"), columns = 0;
        for (size_t i = 0; i < length; i++)
            columns += ((unsigned char)text[i] & 0xC0) != 0x80;
        if (columns > 80)
            print_error("%.*s\n", (int)length, text);
        assert_true(columns <= 80);
        text += length + (text[length] == '\n');
    }
}

static struct result explored(size_t count) {
    struct result result = {0};
    for (size_t i = 0; i < count; i++) {
        struct result_scenario *scenario =
            example_scenario(&result,
                             i == 1 ? "scenarios/a-name-that-is-much-longer-than-any-table-has-room-for.yaml"
                                    : "scenarios/a.yaml",
                             "v6.0", VERDICT_PASS);
        example_exploration(scenario);
        scenario->violations[0].known = true;
    }
    return result;
}

static void test_table(void **state) {
    (void)state;
    struct result result = explored(3);
    result.scenarios[2].exploration.closed = false;
    result.scenarios[2].exploration.crash_states = 123456789;
    struct buffer text = {0};
    console_table(&result, &plain, &text);
    assert_string_equal(buffer_string(&text),
                        "\n"
                        "explored                      crash states  recoveries    saved  cuts       time\n"
                        "a                                    1,000          40   96.0 %   any     500 ms\n"
                        "a-name-that-...has-room-for          1,000          40   96.0 %   any     500 ms\n"
                        "a                              123,456,789          40    0.0 %     4     500 ms\n"
                        "all                            123,458,789         120    0.0 %           1.50 s\n");
    assert_lines_fit(buffer_string(&text));
    buffer_free(&text);
    result_free(&result);
}

static void test_table_names_releases_when_they_differ(void **state) {
    (void)state;
    struct result result = explored(2);
    free(result.scenarios[1].release);
    result.scenarios[1].release = memory_text("v5.5");
    struct buffer text = {0};
    console_table(&result, &plain, &text);
    assert_non_null(strstr(buffer_string(&text), "\na                    [v6.0]  "));
    assert_non_null(strstr(buffer_string(&text), "\na-name-th...room-for [v5.5]  "));
    assert_lines_fit(buffer_string(&text));
    buffer_free(&text);
    result_free(&result);
}

static void test_no_table_of_one(void **state) {
    (void)state;
    struct result result = explored(1);
    struct buffer text = {0};
    console_table(&result, &plain, &text);
    assert_int_equal(text.length, 0);
    result_free(&result);
}

static void test_everything_fits(void **state) {
    (void)state;
    static const char long_text[] = "expected the flash to hold what an update of that partition brings, got "
                                    "something that is neither the "
                                    "old image nor the new one but a mixture of both, as after a cut";
    struct result result = {0};
    struct result_scenario *scenario = example_scenario(&result, "a.yaml", "v6.0", VERDICT_FAIL);
    example_failure(scenario);
    example_exploration(scenario);
    free(scenario->failures[0].message);
    scenario->failures[0].message = memory_text(long_text);
    free(scenario->failures[0].source);
    scenario->failures[0].source = memory_text("      booted: ota_1");
    scenario->violations[0].per_million = 12.345;
    free(scenario->violations[0].story);
    scenario->violations[0].story = memory_text(long_text);
    scenario->exploration.notes = memory_text(long_text);
    struct buffer text = {0};
    console_scenario(scenario, &plain, &text);
    console_details(scenario, &plain, &text);
    console_summary(&result, 1.5, &plain, &text);
    assert_lines_fit(buffer_string(&text));
    assert_null(strchr(buffer_string(&text), '\033'));
    assert_non_null(strstr(buffer_string(&text),
                           "12 crash states, exposed for 47.3 ms of 2.00 s, 2.4 %; 12.3 "
                           "expected in a\n"));
    assert_non_null(
        strstr(buffer_string(&text), "  replay: ota-sim replay --release v6.0 a.yaml confirm/2/"));
    buffer_free(&text);
    result_free(&result);
}

static void test_colour_only_when_asked(void **state) {
    (void)state;
    struct result result = {0};
    example_failure(example_scenario(&result, "a.yaml", "v6.0", VERDICT_FAIL));
    struct buffer text = {0};
    console_details(&result.scenarios[0], &(struct console_style){.colour = true}, &text);
    const char *escape = strchr(buffer_string(&text), '\033');
    assert_non_null(escape);
    unsigned begun = 0, ended = 0;
    for (; escape; escape = strchr(escape + 1, '\033')) {
        bool end = strncmp(escape, "\033[0m", 4) == 0;
        begun += !end;
        ended += end;
    }
    assert_int_equal(begun, ended);
    buffer_free(&text);
    result_free(&result);
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_table),
        cmocka_unit_test(test_table_names_releases_when_they_differ),
        cmocka_unit_test(test_no_table_of_one),
        cmocka_unit_test(test_everything_fits),
        cmocka_unit_test(test_colour_only_when_asked),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
