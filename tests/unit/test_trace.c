// Traces: what a run records, and how it is drawn. Spans are strictly nested, times agree with the run.
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>
#include <jansson.h>
#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "sim/report/report_trace.h"
#include "sim/verdict/runner.h"
#include "tests/unit/scenario_example.h"

static struct result run(const char *text, bool trace) {
    struct result result = {0};
    struct scenario scenario;
    read_example(text, &scenario);
    struct run_options options = {.trace = trace};
    scenario_run(&scenario, &options, result_add(&result));
    scenario_free(&scenario);
    return result;
}

// The n-th event (from 0) of a track whose name begins with `name`.
static const struct result_event *event_named(const struct result *result, const char *track,
                                              const char *name, unsigned n) {
    const struct result_scenario *scenario = &result->scenarios[0];
    for (size_t i = 0; i < scenario->event_count; i++) {
        const struct result_event *event = &scenario->events[i];
        if (strcmp(event->track, track) == 0 && strncmp(event->name, name, strlen(name)) == 0 && n-- == 0)
            return event;
    }
    return NULL;
}

static uint64_t end_of(const struct result_event *event) {
    return event->start_ns + event->duration_ns;
}

static bool within(const struct result_event *inner, const struct result_event *outer) {
    return inner->start_ns >= outer->start_ns && end_of(inner) <= end_of(outer);
}

static void assert_nested(const struct result *result) {
    static const char *const tracks[] = {"steps", "calls", "flash", "boots", "power"};
    const struct result_scenario *scenario = &result->scenarios[0];
    size_t seen = 0;
    for (size_t t = 0; t < 5; t++) {
        uint64_t ends[32], last = 0;
        size_t depth = 0;
        for (size_t i = 0; i < scenario->event_count; i++) {
            const struct result_event *event = &scenario->events[i];
            if (strcmp(event->track, tracks[t]) != 0)
                continue;
            seen++;
            assert_true(event->start_ns >= last);
            assert_true(end_of(event) <= scenario->flash.time_ns);
            last = event->start_ns;
            while (depth > 0 && ends[depth - 1] < end_of(event)) {
                assert_true(ends[depth - 1] <= event->start_ns);
                depth--;
            }
            assert_true(depth < 32);
            ends[depth++] = end_of(event);
        }
    }
    assert_int_equal(seen, scenario->event_count);
}

static void test_nothing_is_recorded_unless_asked(void **state) {
    (void)state;
    struct result result = run(BOARD "steps: [boot]\n", false);
    assert_int_equal(result.scenarios[0].event_count, 0);
    result_free(&result);
}

static void test_update(void **state) {
    (void)state;
    struct result result = run(BOARD "steps:\n  - boot\n  - update: new\n  - restart\n", true);
    assert_nested(&result);
    const struct result_event *step = event_named(&result, "steps", "update", 0);
    const struct result_event *begin = event_named(&result, "calls", "esp_ota_begin", 0);
    const struct result_event *last = event_named(&result, "calls", "esp_ota_set_boot_partition", 0);
    assert_true(within(begin, step) && within(last, step));
    assert_non_null(event_named(&result, "calls", "esp_ota_write", 4)); // 20K by 4096 bytes
    assert_null(event_named(&result, "calls", "esp_ota_write", 5));
    const struct result_event *erase = event_named(&result, "flash", "erase ota_1", 0);
    assert_true(within(erase, step) && erase->length > 0);
    assert_true(within(event_named(&result, "flash", "busy: sector erase", 0), erase));
    const struct result_event *first_boot = event_named(&result, "boots", "boot 1: power-on", 0);
    const struct result_event *second_boot = event_named(&result, "boots", "boot 2: software reset", 0);
    assert_int_equal(end_of(first_boot), second_boot->start_ns);
    assert_true(within(event_named(&result, "boots", "bootloader", 1), second_boot));
    assert_true(within(event_named(&result, "boots", "app new 2.0.0 in ota_1", 0), second_boot));
    const struct result_event *powered = event_named(&result, "power", "powered", 0);
    assert_int_equal(powered->start_ns, 0);
    assert_int_equal(end_of(powered), result.scenarios[0].flash.time_ns);
    assert_null(event_named(&result, "power", "power cut", 0));
    result_free(&result);
}

static void test_power_cut(void **state) {
    (void)state;
    struct result result = run(BOARD "steps:\n  - boot\n  - power_loss: {operation: 20, tear: \"prefix:7\"}\n"
                                     "  - update: new\n  - power_cycle\n",
                               true);
    assert_nested(&result);
    const struct result_event *cut = event_named(&result, "power", "power cut", 0);
    assert_true(cut->mark && cut->duration_ns == 0);
    assert_int_equal(end_of(event_named(&result, "power", "powered", 0)), cut->start_ns);
    assert_non_null(event_named(&result, "flash", "program ota_1, cut off", 0));
    // A call that the cut interrupts ends with it.
    uint64_t longest = 0;
    for (unsigned i = 0; event_named(&result, "calls", "esp_ota_write", i); i++)
        longest = end_of(event_named(&result, "calls", "esp_ota_write", i));
    assert_int_equal(longest, cut->start_ns);
    assert_true(event_named(&result, "power", "power off", 0)->mark);
    assert_non_null(event_named(&result, "power", "powered", 2));
    result_free(&result);
}

static void test_apps_that_go_down(void **state) {
    (void)state;
    struct result result = run(BOARD "steps:\n  - boot\n  - update: crashes\n  - restart\n", true);
    assert_nested(&result);
    const struct result_event *crash = event_named(&result, "boots", "crashed", 0);
    assert_true(crash->mark);
    assert_int_equal(end_of(event_named(&result, "boots", "app crashes 3.0.0 in ota_1", 0)), crash->start_ns);
    assert_non_null(event_named(&result, "boots", "boot 3: panic reset", 0));
    result_free(&result);
}

static void test_drawn(void **state) {
    (void)state;
    struct result result = run(BOARD "steps:\n  - boot\n  - update: new\n  - power_cycle\n", true);
    struct buffer text = {0};
    report_trace(&result, "1.2.3", &text);
    json_t *root = json_loads(buffer_string(&text), JSON_REJECT_DUPLICATES, NULL);
    json_t *events = json_object_get(root, "traceEvents"), *event;
    size_t i, drawn = 0, labels = 0;
    json_array_foreach (events, i, event) {
        const char *phase = json_string_value(json_object_get(event, "ph"));
        if (strcmp(phase, "M") == 0) {
            labels++;
            continue;
        }
        const struct result_event *span = &result.scenarios[0].events[drawn++];
        assert_string_equal(phase, span->mark ? "i" : "X");
        assert_string_equal(json_string_value(json_object_get(event, "name")), span->name);
        double start = json_real_value(json_object_get(event, "ts")),
               duration = json_real_value(json_object_get(event, "dur"));
        assert_int_equal(llround(start * 1000), span->start_ns); // nothing is lost to rounding
        assert_int_equal(llround(duration * 1000), span->duration_ns);
    }
    assert_int_equal(drawn, result.scenarios[0].event_count);
    assert_int_equal(labels, 2 + 2 * 5); // of the process and its tracks
    json_decref(root);
    buffer_free(&text);
    result_free(&result);
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_nothing_is_recorded_unless_asked),
        cmocka_unit_test(test_update),
        cmocka_unit_test(test_power_cut),
        cmocka_unit_test(test_apps_that_go_down),
        cmocka_unit_test(test_drawn),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
