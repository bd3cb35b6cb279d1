// Reports for CI systems: TAP, SARIF, GitHub's annotations, the summary in Markdown.
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>
#include <jansson.h>
#include <stdlib.h>
#include <string.h>

#include "sim/report/report_github.h"
#include "sim/report/report_markdown.h"
#include "sim/report/report_sarif.h"
#include "sim/report/report_tap.h"
#include "tests/unit/result_example.h"

typedef void report_function(const struct result *result, const char *version, struct buffer *out);

static char *written(report_function *report, const struct result *result) {
    struct buffer text = {0};
    report(result, "1.2.3", &text);
    return (char *)text.bytes;
}

static unsigned occurrences(const char *text, const char *part) {
    unsigned count = 0;
    for (; (text = strstr(text, part)) != NULL; text += strlen(part))
        count++;
    return count;
}

// A pass, a failure with everything in it, and a file that could not be run.
static struct result example(void) {
    struct result result = {0};
    example_scenario(&result, "a.yaml", "v6.0", VERDICT_PASS);
    struct result_scenario *scenario = example_scenario(&result, "folder/b c.yaml", "v6.0", VERDICT_FAIL);
    example_failure(scenario);
    example_exploration(scenario);
    scenario->violations[0].line = 12;
    struct result_scenario *broken = example_scenario(&result, "c.yaml", "", VERDICT_ERROR);
    broken->error = memory_text("c.yaml:3:5: " NASTY);
    broken->error_line = 3;
    broken->error_column = 5;
    return result;
}

// ---- TAP ----------------------------------------------------------------------------------------

static void test_tap(void **state) {
    (void)state;
    struct result result = example();
    char *text = written(report_tap, &result);
    assert_memory_equal(text, "TAP version 14\n", 15);
    assert_non_null(strstr(text, "\n1..3\n"));
    assert_non_null(strstr(text, "\nok 1 - a.yaml [v6.0]: An update arrives\n  ---\n"));
    assert_non_null(strstr(text, "\nnot ok 2 - folder/b c.yaml [v6.0]: An update arrives\n  ---\n"));
    assert_non_null(strstr(text, "\nnot ok 3 - c.yaml: An update arrives\n  ---\n"));
    assert_int_equal(occurrences(text, "\n  ...\n"), 3);
    assert_non_null(strstr(text, "      at: \"folder/b c.yaml:24:7\"\n"));
    assert_non_null(
        strstr(text, "replay: \"ota-sim replay --release v6.0 'folder/b c.yaml' confirm/2/prefix:12\"\n"));
    assert_null(strstr(text, "Bail out!"));
    free(text);
    result.partial = true;
    text = written(report_tap, &result);
    assert_non_null(strstr(text, "\nBail out! Interrupted: not all of it was run\n"));
    free(text);
    result_free(&result);
}

static void test_tap_escapes_descriptions(void **state) {
    (void)state;
    struct result result = {0};
    struct result_scenario *scenario = example_scenario(&result, "a.yaml", "v6.0", VERDICT_PASS);
    free(scenario->name);
    scenario->name = memory_text("back\\slash # TODO\nnot ok 7");
    char *text = written(report_tap, &result);
    assert_non_null(strstr(text, "\nok 1 - a.yaml [v6.0]: back\\\\slash \\# TODO\\\\nnot ok 7\n"));
    assert_null(strstr(text, "\nnot ok"));
    free(text);
    result_free(&result);
}

// ---- SARIF --------------------------------------------------------------------------------------

static json_t *sarif_run(const struct result *result) {
    char *text = written(report_sarif, result);
    json_t *root = json_loads(text, JSON_REJECT_DUPLICATES, NULL);
    assert_non_null(root);
    json_t *run = json_incref(json_array_get(json_object_get(root, "runs"), 0));
    json_decref(root);
    free(text);
    return run;
}

static void assert_result(json_t *run, size_t index, const char *rule, const char *uri, int line) {
    json_t *result = json_array_get(json_object_get(run, "results"), index);
    const char *found_rule, *found_uri;
    int found_line;
    assert_int_equal(json_unpack(result, "{s:s, s:[{s:{s:{s:s}, s:{s:i}}}]}", "ruleId", &found_rule,
                                 "locations", "physicalLocation", "artifactLocation", "uri", &found_uri,
                                 "region", "startLine", &found_line),
                     0);
    assert_string_equal(found_rule, rule);
    assert_string_equal(found_uri, uri);
    assert_int_equal(found_line, line);
}

static void test_sarif(void **state) {
    (void)state;
    struct result result = example();
    json_t *run = sarif_run(&result);
    assert_int_equal(json_array_size(json_object_get(run, "results")), 3);
    assert_result(run, 0, "expect/booted", "folder/b%20c.yaml", 24);
    assert_result(run, 1, "invariant/old-or-new", "folder/b%20c.yaml", 12);
    assert_result(run, 2, "scenario/runs", "c.yaml", 3);
    assert_null(json_object_get(json_array_get(json_object_get(run, "results"), 1), "suppressions"));
    json_decref(run);
    result_free(&result);
}

static void test_sarif_suppresses_what_is_known(void **state) {
    (void)state;
    struct result result = example();
    result.scenarios[1].violations[0].known = true;
    result.scenarios[1].violations[0].why = memory_text("fixed in v7");
    result.scenarios[1].violations[0].link = memory_text("https://example.org/1");
    json_t *run = sarif_run(&result);
    json_t *violation = json_array_get(json_object_get(run, "results"), 1);
    const char *kind, *why;
    assert_int_equal(
        json_unpack(violation, "{s:[{s:s, s:s}]}", "suppressions", "kind", &kind, "justification", &why), 0);
    assert_string_equal(kind, "inSource");
    assert_string_equal(why, "fixed in v7 (https://example.org/1)");
    json_decref(run);
    result_free(&result);
}

// ---- GitHub -------------------------------------------------------------------------------------

static void test_annotations(void **state) {
    (void)state;
    struct result result = example();
    free(result.scenarios[1].failures[0].otadata);
    free(result.scenarios[1].failures[0].said);
    result.scenarios[1].failures[0].otadata = result.scenarios[1].failures[0].said = NULL;
    char *text = written(report_github_annotations, &result);
    assert_int_equal(occurrences(text, "::error "), 3);
    assert_int_equal(occurrences(text, "\n"), 3); // one line each
    assert_non_null(strstr(text,
                           "::error file=folder/b c.yaml,line=24,col=7,endColumn=20,"
                           "title=An update arrives [v6.0]::expected booted: ota_1, got ota_0%0Ain step 2: "
                           "restart\n"));
    assert_non_null(
        strstr(text, "::error file=c.yaml,line=3,col=5,title=An update arrives::c.yaml:3:5: a<b>"));
    free(text);
    result_free(&result);
}

static void test_annotations_escape_properties(void **state) {
    (void)state;
    struct result result = {0};
    struct result_scenario *scenario = example_scenario(&result, "a,b:c%.yaml", "", VERDICT_ERROR);
    scenario->error = memory_text("50 %, a: b\r\nc");
    char *text = written(report_github_annotations, &result);
    assert_string_equal(text,
                        "::error file=a%2Cb%3Ac%25.yaml,title=An update arrives::50 %25, a: b%0D%0Ac\n");
    free(text);
    result_free(&result);
}

static void assert_annotations(size_t failures, unsigned lines, const char *last) {
    struct result result = {0};
    for (size_t i = 0; i < failures; i++)
        example_failure(example_scenario(&result, "a.yaml", "v6.0", VERDICT_FAIL));
    char *text = written(report_github_annotations, &result);
    assert_int_equal(occurrences(text, "\n"), lines);
    assert_non_null(strstr(text, last));
    free(text);
    result_free(&result);
}

static void test_annotations_keep_within_limits(void **state) {
    (void)state;
    assert_annotations(10, 10, "::error file=a.yaml,line=24");
    assert_annotations(11, 10, "::error title=ota-sim::2 more like these: see the job summary\n");
    assert_annotations(500, 10, "::error title=ota-sim::491 more like these: see the job summary\n");
}

// ---- Markdown -----------------------------------------------------------------------------------

static void test_markdown(void **state) {
    (void)state;
    struct result result = example();
    char *text = written(report_markdown, &result);
    assert_memory_equal(text, "## ota-sim: 1 passed, 1 failed, 1 error\n", 40);
    assert_non_null(strstr(text, "| a.yaml \\[v6.0\\] | ✅ pass | 3 |  |  |\n"));
    assert_non_null(
        strstr(text, "| folder/b c.yaml \\[v6.0\\] | ❌ **fail** | 4 | 1,000 | any number of cuts |\n"));
    assert_non_null(strstr(text, "12 crash states, exposed for 47.3 ms of 2.00 s, 2.4 %\n"));
    assert_non_null(strstr(text, "\nota-sim replay --release v6.0 'folder/b c.yaml' confirm/2/prefix:12\n"));
    assert_null(strstr(text, "Declared as known"));
    free(text);
    result_free(&result);
}

// However much went wrong, a job summary takes it, and the tables and blocks in it are whole.
static void test_markdown_fits_a_job_summary(void **state) {
    (void)state;
    struct result result = {0};
    char *long_text = memory_new(300001);
    memset(long_text, '`', 300000);
    long_text[300000] = '\0';
    for (int i = 0; i < 5; i++) {
        struct result_scenario *scenario = example_scenario(&result, "a.yaml", "v6.0", VERDICT_FAIL);
        example_failure(scenario);
        free(scenario->failures[0].otadata);
        scenario->failures[0].otadata = memory_text(i < 2 ? "```\n" : long_text);
    }
    char *text = written(report_markdown, &result);
    assert_true(strlen(text) <= REPORT_MARKDOWN_MAX);
    assert_non_null(strstr(text, "\nThere is more: it does not fit into a job summary."));
    assert_non_null(strstr(text, "\n````text\nboot: power-on\n")); // a fence longer than what is in it
    free(text);
    free(long_text);
    result_free(&result);
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_tap),
        cmocka_unit_test(test_tap_escapes_descriptions),
        cmocka_unit_test(test_sarif),
        cmocka_unit_test(test_sarif_suppresses_what_is_known),
        cmocka_unit_test(test_annotations),
        cmocka_unit_test(test_annotations_escape_properties),
        cmocka_unit_test(test_annotations_keep_within_limits),
        cmocka_unit_test(test_markdown),
        cmocka_unit_test(test_markdown_fits_a_job_summary),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
