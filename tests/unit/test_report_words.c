// Words that reports share: durations, shares, commands for a shell, reasons; and the table of outputs.
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>

#include <cmocka.h>
#include <string.h>

#include "sim/explore/invariant.h"
#include "sim/language/key_tables.h"
#include "sim/report/report_output.h"
#include "sim/report/report_rules.h"
#include "sim/report/report_words.h"
#include "tests/unit/result_example.h"

static void test_durations(void **state) {
    (void)state;
    static const struct {
        uint64_t ns;
        const char *words;
    } cases[] = {
        {0, "0 ns"},
        {999, "999 ns"},
        {1000, "1.00 us"},
        {999499, "999 us"},
        {999500, "1.00 ms"},
        {47300500, "47.3 ms"},
        {9995000, "10.0 ms"},
        {999999999, "1.00 s"},
        {3410000000, "3.41 s"},
        {119000000000, "119 s"},
        {150000000000, "2.50 min"},
        {UINT64_MAX, "307445735 min"},
    };
    for (size_t i = 0; i < sizeof cases / sizeof cases[0]; i++) {
        struct buffer text = {0};
        words_duration(&text, cases[i].ns);
        assert_string_equal(buffer_string(&text), cases[i].words);
        buffer_free(&text);
    }
}

static void test_counts(void **state) {
    (void)state;
    struct buffer text = {0};
    words_count(&text, 0);
    buffer_text(&text, " ");
    words_count(&text, 999);
    buffer_text(&text, " ");
    words_count(&text, 1000);
    buffer_text(&text, " ");
    words_count(&text, 1234567);
    assert_string_equal(buffer_string(&text), "0 999 1,000 1,234,567");
    buffer_free(&text);
}

static void assert_exposure(uint64_t run_ns, uint64_t exposure_ns, double per_million, const char *words) {
    struct result_scenario scenario = {.exploration.run_ns = run_ns};
    struct result_violation violation = {
        .states = 1200, .cuts = 1, .exposure_ns = exposure_ns, .per_million = per_million};
    struct buffer text = {0};
    words_exposure(&text, &scenario, &violation);
    assert_string_equal(buffer_string(&text), words);
    buffer_free(&text);
}

static void test_exposure(void **state) {
    (void)state;
    assert_exposure(3410000000, 47300000, -1, "1,200 crash states, exposed for 47.3 ms of 3.41 s, 1.4 %");
    assert_exposure(
        3410000000, 3410000000, 947.2,
        "1,200 crash states, exposed for 3.41 s of 3.41 s, 100 %; 947 expected in a million updates");
    assert_exposure(
        3410000000, 120000, 0,
        "1,200 crash states, exposed for 120 us of 3.41 s, 0.0035 %; 0 expected in a million updates");
    assert_exposure(3410000000, 1, -1, "1,200 crash states, exposed for 1 ns of 3.41 s, less than 0.0001 %");
    assert_exposure(0, 5, -1, "1,200 crash states, exposed for 5 ns");
}

static void test_commands_are_for_a_shell(void **state) {
    (void)state;
    struct result_scenario scenario = {.file = (char *)"my dir/it's.yaml", .release = (char *)"v6.0"};
    struct result_violation violation = {.address = (char *)"confirm/2/prefix:12+boot/1/clean"};
    struct buffer text = {0};
    words_replay(&text, &scenario, &violation);
    assert_string_equal(
        buffer_string(&text),
        "ota-sim replay --release v6.0 'my dir/it'\\''s.yaml' confirm/2/prefix:12+boot/1/clean");
    text.length = 0;
    scenario = (struct result_scenario){.file = (char *)"a.yaml", .release = (char *)""};
    words_rerun(&text, &scenario);
    assert_string_equal(buffer_string(&text), "ota-sim run -v a.yaml");
    buffer_free(&text);
}

static void assert_reason(const struct result_scenario *scenario, const char *words) {
    struct buffer text = {0};
    words_reason(&text, scenario);
    assert_string_equal(buffer_string(&text), words);
    buffer_free(&text);
}

static void test_reasons(void **state) {
    (void)state;
    struct result result = {0};
    struct result_scenario *scenario = example_scenario(&result, "a.yaml", "v6.0", VERDICT_FAIL);
    assert_reason(scenario, "");
    example_exploration(scenario);
    assert_reason(scenario, "old-or-new is violated");
    example_failure(scenario);
    assert_reason(scenario, "expected booted: ota_1, got ota_0 (and 1 more)");
    scenario->violations[0].known = true;
    assert_reason(scenario, "expected booted: ota_1, got ota_0");
    assert_int_equal(words_violations(scenario), 0);
    scenario->error = memory_text("no board");
    assert_reason(scenario, "no board (and 1 more)");
    result_free(&result);
}

// ---- tables -------------------------------------------------------------------------------------

static const char *output_of(const char *path) {
    const struct report_output *output = report_output_of_file(path);
    return output ? output->name : "none";
}

static void test_outputs_by_ending(void **state) {
    (void)state;
    assert_string_equal(output_of("report.json"), "json");
    assert_string_equal(output_of("a.b/report.trace.json"), "trace");
    assert_string_equal(output_of("report.xml"), "junit");
    assert_string_equal(output_of("report.sarif"), "sarif");
    assert_string_equal(output_of("report.tap"), "tap");
    assert_string_equal(output_of("report.html"), "html");
    assert_string_equal(output_of("report.json.bak"), "none");
    assert_string_equal(output_of("json"), "none");
    assert_string_equal(output_of(""), "none");
}

// Every output writes something of every result, of an empty and of a nasty one.
static void test_outputs_take_every_result(void **state) {
    (void)state;
    struct result empty = {0}, result = {.partial = true};
    example_scenario(&result, NASTY, "v6.0", VERDICT_PASS)->about = memory_text(NASTY);
    struct result_scenario *scenario = example_scenario(&result, "a.yaml", "v6.0", VERDICT_FAIL);
    example_failure(scenario);
    example_exploration(scenario);
    example_scenario(&result, "", "", VERDICT_ERROR)->error = memory_text(NASTY);
    size_t count = 0;
    for (const struct report_output *output = report_outputs; output->name; output++, count++) {
        struct buffer nothing = {0}, all = {0}, again = {0};
        output->write(&empty, "1.2.3", &nothing);
        output->write(&result, "1.2.3", &all);
        output->write(&result, "1.2.3", &again);
        assert_true(nothing.length > 0 && all.length > nothing.length);
        assert_string_equal(buffer_string(&all), buffer_string(&again));
        assert_int_equal(strlen(buffer_string(&all)), all.length); // no NUL in it
        assert_null(strchr(buffer_string(&all), '\x1b'));
        assert_true(strlen(output->help) <= 50);
        for (const struct buffer *text = &nothing; text != NULL; text = text == &nothing ? &all : NULL) {
            const char *mark = strstr(buffer_string(text), output->mark); // by which it is known for ours
            assert_true(mark != NULL &&
                        mark + strlen(output->mark) <= buffer_string(text) + REPORT_MARK_WITHIN);
        }
        buffer_free(&nothing);
        buffer_free(&all);
        buffer_free(&again);
    }
    assert_true(count >= 7 && count <= REPORT_OUTPUTS_MAX);
    result_free(&result);
}

static void test_every_invariant_has_a_rule(void **state) {
    (void)state;
    size_t own = report_rule_of_invariant("of-my-own");
    assert_string_equal(report_rule(own).id, "invariant/own");
    for (int i = 0; i < INVARIANT_COUNT; i++) {
        size_t rule = report_rule_of_invariant(invariant_name((enum invariant)i));
        assert_int_not_equal(rule, own);
        assert_string_equal(report_rule(rule).id + strlen("invariant/"), invariant_name((enum invariant)i));
    }
}

// A key of `expect` stands for a rule of its own, but `only`, which expects nothing.
static void test_every_key_of_expect_has_a_rule(void **state) {
    (void)state;
    for (size_t i = 0; expect_key(i) != NULL; i++) {
        char id[64];
        snprintf(id, sizeof id, "expect/%s", expect_key(i)->name);
        if (strcmp(expect_key(i)->name, "only") != 0)
            assert_string_equal(report_rule(report_rule_index(id)).id, id);
    }
}

static void test_rules_are_told_apart(void **state) {
    (void)state;
    for (size_t i = 0; i < report_rule_count(); i++) {
        assert_int_equal(report_rule_index(report_rule(i).id), i);
        assert_true(strlen(report_rule(i).title) > 0 && strlen(report_rule(i).help) > 0);
    }
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_durations),
        cmocka_unit_test(test_counts),
        cmocka_unit_test(test_exposure),
        cmocka_unit_test(test_commands_are_for_a_shell),
        cmocka_unit_test(test_reasons),
        cmocka_unit_test(test_outputs_by_ending),
        cmocka_unit_test(test_outputs_take_every_result),
        cmocka_unit_test(test_every_invariant_has_a_rule),
        cmocka_unit_test(test_every_key_of_expect_has_a_rule),
        cmocka_unit_test(test_rules_are_told_apart),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
