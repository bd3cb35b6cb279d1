// Merging: whatever is in a report, however many shards it was made in and in which order they come, the
// whole has the bytes of one that was written at once.
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "sim/report/report_json.h"
#include "sim/report/report_merge.h"
#include "tests/unit/result_example.h"

#define UNITS      7u
#define SHARDS_MAX 9u

static enum verdict verdict_of(uint32_t unit) {
    return unit == 3 ? VERDICT_FAIL : unit == 5 ? VERDICT_ERROR : VERDICT_PASS;
}

static void add_unit(struct result *result, uint32_t unit) {
    char file[32];
    (void)snprintf(file, sizeof file, "scenario %u.yaml", unit);
    struct result_scenario *scenario = example_scenario(result, file, "v6.0", verdict_of(unit));
    scenario->flash.time_ns = 1000000007ull * unit * unit * unit; // times with all digits that a report has
    scenario->about = memory_text(NASTY);
    if (unit == 2)
        example_exploration(scenario);
    if (unit == 3)
        example_failure(scenario);
}

static struct buffer whole_report(void) {
    struct result result = {.seed = 7};
    struct buffer text = {0};
    for (uint32_t unit = 0; unit < UNITS; unit++)
        add_unit(&result, unit);
    report_json(&result, "1.2.3", &text);
    result_free(&result);
    return text;
}

// Shard `index` of `count`, as a run would fill it.
static struct result shard_result(uint32_t index, uint32_t count) {
    struct result result = {.seed = 7, .shard = index, .shards = count};
    for (uint32_t unit = index - 1; unit < UNITS; unit += count)
        add_unit(&result, unit);
    struct result_totals totals = result_totals(&result);
    result.shard_facts = (struct result_shard_facts){.units = UNITS,
                                                     .command = memory_text("scenarios"),
                                                     .inputs = UINT64_MAX,
                                                     .status = totals.errors   ? 2
                                                               : totals.failed ? 1
                                                                               : 0};
    return result;
}

static struct report_part part_of(struct result *result) {
    static const char *const names[] = {"0", "1", "2", "3", "4", "5", "6", "7", "8", "9"};
    struct report_part part = {.name = names[result->shard]};
    report_json(result, "1.2.3", &part.text);
    result_free(result);
    return part;
}

static void make_parts(struct report_part *parts, uint32_t count) {
    for (uint32_t i = 0; i < count; i++) {
        struct result result = shard_result(count - i, count); // the last shard first
        parts[i] = part_of(&result);
    }
}

static void free_parts(struct report_part *parts, uint32_t count) {
    for (uint32_t i = 0; i < count; i++)
        buffer_free(&parts[i].text);
}

static void test_whole_again(void **state) {
    (void)state;
    struct buffer whole = whole_report();
    for (uint32_t count = 1; count <= SHARDS_MAX; count++) {
        struct report_part parts[SHARDS_MAX] = {0};
        struct report_merged merged;
        struct error error = {0};
        make_parts(parts, count);
        assert_true(report_merge(parts, count, &merged, &error));
        assert_string_equal(buffer_string(&merged.json), buffer_string(&whole));
        assert_int_equal(merged.status, 2);
        assert_int_equal(merged.totals.scenarios, UNITS);
        assert_int_equal(merged.totals.errors, 1);
        assert_int_equal(merged.notice_count, 2);
        assert_string_equal(merged.notices[0].file, "scenario 3.yaml");
        report_merged_free(&merged);
        free_parts(parts, count);
    }
    buffer_free(&whole);
}

static void refused(struct report_part *parts, uint32_t count, const char *because) {
    struct report_merged merged;
    struct error error = {0};
    assert_false(report_merge(parts, count, &merged, &error));
    if (!strstr(error.message, because))
        print_error("%s\n", error.message);
    assert_non_null(strstr(error.message, because));
}

static void test_missing_and_double(void **state) {
    (void)state;
    struct report_part parts[4] = {0};
    make_parts(parts, 3);
    refused(parts, 0, "no reports");
    refused(parts, 2, "of 3 shards, 1 missing: 1");
    parts[3] = parts[1]; // borrowed
    refused(parts, 4, "are both shard 2");
    free_parts(parts, 3);
}

// Every report cut short, at every length, is refused: by the parser, or because something is not there.
static void test_cut_short(void **state) {
    (void)state;
    struct report_part parts[2] = {0};
    make_parts(parts, 2);
    size_t length = parts[0].text.length;
    for (size_t shorter = 0; shorter < length - 2; shorter += 7) { // the last newline is no loss
        parts[0].text.length = shorter;
        struct report_merged merged;
        struct error error = {0};
        assert_false(report_merge(parts, 2, &merged, &error));
        assert_true(error.message[0] != '\0');
    }
    free_parts(parts, 2);
}

static void test_of_another_run(void **state) {
    (void)state;
    static const struct {
        uint64_t seed, units, inputs;
        const char *command, *because;
    } others[] = {
        {8, UNITS, UINT64_MAX, "scenarios", "seed 7 and 8"},
        {7, UNITS + 2, UINT64_MAX, "scenarios", "number of runs 7 and 9"},
        {7, UNITS, 1, "scenarios", "scenario files with digest"},
        {7, UNITS, UINT64_MAX, "--depth 1 scenarios", "command `scenarios` and `--depth 1 scenarios`"},
    };
    for (size_t i = 0; i < sizeof others / sizeof others[0]; i++) {
        struct report_part parts[2] = {0};
        struct result first = shard_result(1, 2), second = shard_result(2, 2);
        second.seed = others[i].seed;
        second.shard_facts.units = others[i].units;
        second.shard_facts.inputs = others[i].inputs;
        free(second.shard_facts.command);
        second.shard_facts.command = memory_text(others[i].command);
        parts[0] = part_of(&first);
        parts[1] = part_of(&second);
        refused(parts, 2, others[i].because);
        free_parts(parts, 2);
    }
}

static void test_interrupted(void **state) {
    (void)state;
    struct report_part parts[2] = {0};
    struct result first = shard_result(1, 2), second = shard_result(2, 2);
    second.partial = true;
    second.shard_facts.units = second.shard_facts.inputs = 0;
    second.shard_facts.status = 130;
    result_scenario_free(&second.scenarios[--second.count]);
    parts[0] = part_of(&first);
    parts[1] = part_of(&second);
    struct report_merged merged;
    struct error error = {0};
    assert_true(report_merge(parts, 2, &merged, &error));
    assert_int_equal(merged.status, 130);
    assert_int_equal(merged.totals.scenarios, UNITS - 1);
    assert_non_null(strstr(buffer_string(&merged.json), "\"partial\": true"));
    report_merged_free(&merged);
    free_parts(parts, 2);
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_whole_again), cmocka_unit_test(test_missing_and_double),
        cmocka_unit_test(test_cut_short),   cmocka_unit_test(test_of_another_run),
        cmocka_unit_test(test_interrupted),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
