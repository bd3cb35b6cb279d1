// The HTML report: what is in it, that texts stay texts, and that long runs stay small.
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>
#include <jansson.h>
#include <stdlib.h>
#include <string.h>

#include "result_example.h"
#include "sim/report/moment_groups.h"
#include "sim/report/report_html.h"
#include "sim/report/report_html_data.h"
#include "sim/report/timeline_spans.h"

// ---- the page -----------------------------------------------------------------------------------

static size_t occurrences(const char *text, const char *word) {
    size_t count = 0;
    for (; (text = strstr(text, word)) != NULL; text += strlen(word))
        count++;
    return count;
}

static void nasty_result(struct result *result) {
    struct result_scenario *scenario = example_scenario(result, NASTY, "v6.0", VERDICT_FAIL);
    free(scenario->name);
    scenario->name = memory_text("</script><script>alert(1)</script><!-- " NASTY);
    scenario->source = memory_text("name: </script>" NASTY "\n");
    example_failure(scenario);
    example_exploration(scenario);
}

static void texts_stay_texts(void **state) {
    (void)state;
    struct result result = {0}, plain = {0};
    struct buffer page = {0}, usual = {0};
    nasty_result(&result);
    report_html(&result, "1.2.3", &page);
    example_scenario(&plain, "scenarios/a.yaml", "v6.0", VERDICT_PASS);
    report_html(&plain, "1.2.3", &usual);
    assert_int_equal(occurrences(buffer_string(&page), "<script"),
                     occurrences(buffer_string(&usual), "<script"));
    assert_int_equal(occurrences(buffer_string(&page), "</script"),
                     occurrences(buffer_string(&usual), "</script"));
    assert_null(strstr(buffer_string(&page), "{{"));
    assert_int_equal(strlen(buffer_string(&page)), page.length);
    buffer_free(&page);
    buffer_free(&usual);
    result_free(&result);
    result_free(&plain);
}

static json_t *data_of(const struct result *result) {
    struct buffer data = {0};
    json_error_t error;
    report_html_data(result, "1.2.3", &data);
    assert_null(strchr(buffer_string(&data), '<'));
    json_t *page = json_loadb((const char *)data.bytes, data.length, 0, &error);
    assert_non_null(page);
    buffer_free(&data);
    return page;
}

static json_t *scenario_at(json_t *page, size_t index) {
    return json_array_get(json_object_get(page, "scenarios"), index);
}

static void data_survive_the_escaping(void **state) {
    (void)state;
    struct result result = {0};
    nasty_result(&result);
    json_t *page = data_of(&result);
    const char *name = json_string_value(json_object_get(scenario_at(page, 0), "name"));
    assert_ptr_equal(strstr(name, "</script><script>alert(1)</script><!-- a<b>&\"c\""), name);
    json_t *violation = json_array_get(json_object_get(scenario_at(page, 0), "violations"), 0);
    assert_string_equal(json_string_value(json_object_get(violation, "meaning")), "No third image ever runs");
    json_decref(page);
    result_free(&result);
}

static void releases_of_a_file_share_its_source(void **state) {
    (void)state;
    static const char *const sources[] = {"one", "one", "other", NULL, "one"};
    static const json_int_t expected[] = {0, 0, 1, 2, 0};
    struct result result = {0};
    for (size_t i = 0; i < 5; i++) {
        struct result_scenario *scenario = example_scenario(&result, "a.yaml", "v6.0", VERDICT_PASS);
        scenario->source = sources[i] ? memory_text(sources[i]) : NULL;
    }
    json_t *page = data_of(&result);
    assert_int_equal(json_array_size(json_object_get(page, "sources")), 3);
    for (size_t i = 0; i < 5; i++)
        assert_int_equal(json_integer_value(json_object_get(scenario_at(page, i), "source")), expected[i]);
    json_decref(page);
    result_free(&result);
}

static void add_moments(struct result_scenario *scenario, size_t count) {
    struct result_exploration *exploration = &scenario->exploration;
    exploration->moments = memory_zeroed(count, sizeof exploration->moments[0]);
    exploration->moment_count = count;
    for (size_t i = 0; i < count; i++)
        exploration->moments[i] = (struct result_moment){.start_ns = 123456789u * i,
                                                         .duration_ns = 100000000,
                                                         .kind = i % 2 ? "program" : "erase",
                                                         .call = "esp_ota_write",
                                                         .address = 0x100000u + 4096u * (uint32_t)(i % 512),
                                                         .length = 4096,
                                                         .line = 10,
                                                         .states = 4096,
                                                         .outcomes = {4000, 96, 0, 0, 0}};
}

static void a_hundred_long_runs_are_below_two_megabytes(void **state) {
    (void)state;
    struct result result = {0};
    struct buffer page = {0};
    for (size_t i = 0; i < 100; i++) {
        struct result_scenario *scenario = example_scenario(&result, "a.yaml", "v6.0", VERDICT_FAIL);
        example_exploration(scenario);
        add_moments(scenario, 20000);
    }
    report_html(&result, "1.2.3", &page);
    assert_in_range(page.length, 500000, 2000000);
    buffer_free(&page);
    result_free(&result);
}

// ---- operations put together --------------------------------------------------------------------

static struct result_moment moment(const char *call, uint64_t start_ns, uint64_t old, uint64_t brick) {
    return (struct result_moment){.call = call,
                                  .kind = "erase",
                                  .start_ns = start_ns,
                                  .duration_ns = 10,
                                  .address = (uint32_t)start_ns,
                                  .length = 4,
                                  .states = old + brick,
                                  .outcomes = {[OUTCOME_OLD] = old, [OUTCOME_BRICK] = brick}};
}

static void few_moments_stay_as_they_are(void **state) {
    (void)state;
    struct result_moment moments[] = {moment("a", 0, 5, 0), moment("a", 20, 5, 0)};
    struct moment_group groups[2];
    assert_int_equal(moments_group(moments, 2, 2, groups), 2);
    assert_memory_equal(&groups[1].sum, &moments[1], sizeof moments[1]);
    assert_int_equal(groups[1].count, 1);
}

static void what_leads_elsewhere_stays_alone(void **state) {
    (void)state;
    struct result_moment moments[9];
    struct moment_group groups[9];
    for (size_t i = 0; i < 9; i++)
        moments[i] = moment("a", 100 * i, 5, i == 4 ? 1 : 0);
    assert_int_equal(moments_group(moments, 9, 3, groups), 3);
    assert_int_equal(groups[0].count, 4);
    assert_int_equal(groups[1].count, 1);
    assert_int_equal(groups[1].sum.outcomes[OUTCOME_BRICK], 1);
    assert_int_equal(groups[2].count, 4);
    assert_int_equal(groups[0].sum.start_ns, 0);
    assert_int_equal(groups[0].sum.duration_ns, 310);
    assert_int_equal(groups[0].sum.length, 304);
    assert_int_equal(groups[0].sum.states, 20);
}

static void groups_are_never_more_than_asked_for(void **state) {
    (void)state;
    enum { COUNT = 20000 };
    struct result_moment *moments = memory_zeroed(COUNT, sizeof moments[0]);
    struct moment_group *groups = memory_zeroed(COUNT, sizeof groups[0]);
    for (size_t i = 0; i < COUNT; i++)
        moments[i] = moment(i % 2 ? "a" : "b", 20 * i, i % 3, i % 5);
    static const size_t limits[] = {1, 2, 3, 24, 1000, 4000};
    for (size_t i = 0; i < sizeof limits / sizeof limits[0]; i++) {
        size_t count = moments_group(moments, COUNT, limits[i], groups), operations = 0;
        assert_in_range(count, 1, limits[i]);
        for (size_t k = 0; k < count; k++)
            operations += groups[k].count;
        assert_int_equal(operations, COUNT);
    }
    free(moments);
    free(groups);
}

// ---- boots and calls ----------------------------------------------------------------------------

static struct result_event event(const char *track, const char *name, uint64_t start_ns, uint64_t end_ns) {
    return (struct result_event){
        .track = track, .name = (char *)name, .start_ns = start_ns, .duration_ns = end_ns - start_ns};
}

static void inner_boots_and_outer_calls(void **state) {
    (void)state;
    struct result_event events[] = {
        event("power", "powered", 0, 100),
        event("boots", "boot 1", 0, 100),
        event("boots", "bootloader", 0, 10),
        event("calls", "bootloader", 0, 10),
        event("boots", "app 1.0.0 in ota_0", 10, 100),
        event("calls", "esp_ota_write", 20, 30),
        event("calls", "esp_partition_write", 21, 29),
        event("calls", "esp_ota_write", 30, 40),
        event("calls", "esp_ota_end", 40, 50),
        event("power", "power cut", 100, 100),
        event("flash", "erase ota_1", 22, 28),
        event("flash", "busy: sector erase", 22, 28),
        event("flash", "burn eFuse", 41, 42),
    };
    events[9].mark = true;
    events[10].address = 0x20000;
    struct result_scenario scenario = {.events = events, .event_count = sizeof events / sizeof events[0]};
    struct timeline_span spans[13];
    assert_int_equal(timeline_spans(&scenario, 30, spans), 5);
    static const char *const names[] = {"bootloader", "app 1.0.0 in ota_0", "esp_ota_write", "esp_ota_end",
                                        "power cut"};
    for (size_t i = 0; i < 5; i++)
        assert_string_equal(spans[i].name, names[i]);
    assert_int_equal(spans[2].count, 2);
    assert_int_equal(spans[2].end_ns, 40);

    struct result_moment moments[13];
    assert_int_equal(timeline_operations(&scenario, moments), 2);
    assert_string_equal(moments[0].kind, "erase");
    assert_int_equal(moments[0].address, 0x20000);
    assert_string_equal(moments[1].kind, "efuse");
}

static void spans_are_never_more_than_asked_for(void **state) {
    (void)state;
    enum { COUNT = 1000 };
    struct result_event events[COUNT];
    struct timeline_span spans[COUNT];
    for (uint64_t i = 0; i < COUNT; i++)
        events[i] = event("calls", i % 2 ? "a" : "b", 10 * i, 10 * i + 10);
    struct result_scenario scenario = {.events = events, .event_count = COUNT};
    size_t count = timeline_spans(&scenario, 90, spans);
    assert_in_range(count, 25, 30);
    assert_true(spans[0].mixed);
    assert_int_equal(spans[count - 1].end_ns, 10 * COUNT);
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(texts_stay_texts),
        cmocka_unit_test(data_survive_the_escaping),
        cmocka_unit_test(releases_of_a_file_share_its_source),
        cmocka_unit_test(a_hundred_long_runs_are_below_two_megabytes),
        cmocka_unit_test(few_moments_stay_as_they_are),
        cmocka_unit_test(what_leads_elsewhere_stays_alone),
        cmocka_unit_test(groups_are_never_more_than_asked_for),
        cmocka_unit_test(inner_boots_and_outer_calls),
        cmocka_unit_test(spans_are_never_more_than_asked_for),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
