// The JSON report: valid whatever the texts are, with the keys that are promised, the same bytes for the same
// result.
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>
#include <jansson.h>
#include <string.h>

#include "sim/report/report_json.h"
#include "tests/unit/result_example.h"

static json_t *parsed(const struct result *result) {
    struct buffer text = {0};
    report_json(result, "1.2.3", &text);
    json_error_t error;
    json_t *root = json_loads(buffer_string(&text), JSON_REJECT_DUPLICATES, &error);
    if (!root)
        print_error("line %d: %s\n", error.line, error.text);
    assert_non_null(root);
    buffer_free(&text);
    return root;
}

static const char *text_at(json_t *object, const char *key) {
    const char *text = json_string_value(json_object_get(object, key));
    assert_non_null(text);
    return text;
}

static json_int_t number_at(json_t *object, const char *key) {
    json_t *value = json_object_get(object, key);
    assert_true(json_is_integer(value));
    return json_integer_value(value);
}

static void test_empty(void **state) {
    (void)state;
    struct result result = {.seed = 42};
    json_t *root = parsed(&result);
    assert_string_equal(text_at(root, "format"), "ota-sim-report/2");
    assert_string_equal(text_at(root, "version"), "1.2.3");
    assert_int_equal(number_at(root, "seed"), 42);
    assert_int_equal(json_array_size(json_object_get(root, "scenarios")), 0);
    assert_int_equal(number_at(json_object_get(root, "totals"), "scenarios"), 0);
    json_decref(root);
}

static void test_totals_count_verdicts(void **state) {
    (void)state;
    struct result result = {0};
    example_scenario(&result, "a.yaml", "v6.0", VERDICT_PASS);
    example_scenario(&result, "b.yaml", "v6.0", VERDICT_FAIL);
    example_scenario(&result, "b.yaml", "v5.5", VERDICT_FAIL);
    example_scenario(&result, "c.yaml", "", VERDICT_ERROR);
    json_t *root = parsed(&result), *totals = json_object_get(root, "totals");
    assert_int_equal(number_at(totals, "scenarios"), 4);
    assert_int_equal(number_at(totals, "passed"), 1);
    assert_int_equal(number_at(totals, "failed"), 2);
    assert_int_equal(number_at(totals, "errors"), 1);
    json_t *first = json_array_get(json_object_get(root, "scenarios"), 0);
    assert_string_equal(text_at(first, "verdict"), "pass");
    json_decref(root);
    result_free(&result);
}

static void test_scenario(void **state) {
    (void)state;
    struct result result = {0};
    example_failure(example_scenario(&result, "b.yaml", "v6.0", VERDICT_FAIL));
    json_t *root = parsed(&result), *scenario = json_array_get(json_object_get(root, "scenarios"), 0);
    assert_string_equal(text_at(scenario, "file"), "b.yaml");
    assert_string_equal(text_at(scenario, "name"), "An update arrives");
    assert_string_equal(text_at(scenario, "release"), "v6.0");
    assert_int_equal(number_at(scenario, "boots"), 5);
    json_t *expectations = json_object_get(scenario, "expectations");
    assert_int_equal(number_at(expectations, "met"), 3);
    assert_int_equal(number_at(expectations, "failed"), 1);
    json_t *flash = json_object_get(scenario, "flash");
    assert_int_equal(number_at(flash, "operations"), 23);
    assert_int_equal(number_at(flash, "bytes"), 1280);
    assert_float_equal(json_real_value(json_object_get(flash, "time_us")), 1234.567, 1e-9);
    json_t *failure = json_array_get(json_object_get(scenario, "failures"), 0);
    assert_string_equal(text_at(failure, "expected"), "booted: ota_1");
    assert_string_equal(text_at(failure, "actual"), "ota_0");
    assert_string_equal(text_at(failure, "rule"), "expect/booted");
    assert_int_equal(number_at(failure, "line"), 24);
    assert_true(json_is_null(json_object_get(failure, "operations")));
    assert_true(json_is_null(json_object_get(scenario, "exploration")));
    // The nasty source line: bytes that are no UTF-8 are replaced, everything else is kept.
    assert_non_null(strstr(text_at(failure, "source"),
                           "a<b>&\"c\" \x01\x1b[31m \xEF\xBF\xBD\xEF\xBF\xBD( \xe2\x82\xac ]]>"));
    json_decref(root);
    result_free(&result);
}

static void test_exploration(void **state) {
    (void)state;
    struct result result = {0};
    example_exploration(example_scenario(&result, "b.yaml", "v6.0", VERDICT_FAIL));
    json_t *root = parsed(&result), *scenario = json_array_get(json_object_get(root, "scenarios"), 0);
    json_t *exploration = json_object_get(scenario, "exploration");
    assert_int_equal(number_at(exploration, "crash_states"), 1000);
    assert_int_equal(number_at(exploration, "distinct_states"), 900);
    assert_int_equal(number_at(exploration, "recoveries"), 40);
    assert_int_equal(number_at(exploration, "recoveries_saved"), 960);
    assert_int_equal(number_at(exploration, "depth"), 4);
    assert_true(json_is_true(json_object_get(exploration, "closed")));
    assert_float_equal(json_real_value(json_object_get(exploration, "elapsed_s")), 0.5, 1e-9);
    json_t *fired = json_object_get(exploration, "faults_fired");
    assert_int_equal(number_at(fired, "clean"), 100);
    assert_int_equal(number_at(fired, "prefix"), 0); // asked for and never fired: that is told
    assert_null(json_object_get(fired, "bit_rot"));  // not asked for
    json_t *violation = json_array_get(json_object_get(scenario, "violations"), 0);
    assert_string_equal(text_at(violation, "invariant"), "old-or-new");
    assert_string_equal(text_at(violation, "address"), "confirm/2/prefix:12");
    assert_int_equal(number_at(violation, "states"), 12);
    assert_float_equal(json_real_value(json_object_get(violation, "exposure_us")), 47300.5, 1e-9);
    assert_true(json_is_false(json_object_get(violation, "known")));
    assert_true(json_is_null(json_object_get(violation, "per_million")));
    json_decref(root);
    result_free(&result);
}

static void test_same_bytes(void **state) {
    (void)state;
    struct buffer texts[2] = {{0}, {0}};
    for (int i = 0; i < 2; i++) {
        struct result result = {0};
        example_failure(example_scenario(&result, "b.yaml", "v6.0", VERDICT_FAIL));
        example_exploration(&result.scenarios[0]);
        result.scenarios[0].elapsed_s = result.scenarios[0].exploration.elapsed_s = i;
        result_forget_time(&result); // the wall clock must not show
        report_json(&result, "1.2.3", &texts[i]);
        result_free(&result);
    }
    assert_string_equal(buffer_string(&texts[0]), buffer_string(&texts[1]));
    assert_int_equal(texts[0].bytes[texts[0].length - 1], '\n');
    buffer_free(&texts[0]);
    buffer_free(&texts[1]);
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_empty),      cmocka_unit_test(test_totals_count_verdicts),
        cmocka_unit_test(test_scenario),   cmocka_unit_test(test_exploration),
        cmocka_unit_test(test_same_bytes),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
