// Addresses of crash states: what names a step, what is understood besides, what is none.
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>

#include "sim/explore/crash_address.h"
#include "sim/verdict/recorded_run.h"
#include "tests/unit/scenario_example.h"

#define NAMED                                                                                                \
    "steps:\n"                                                                                               \
    "  - update: new\n"                                                                                      \
    "    name: one\n"                                                                                        \
    "  - restart:\n"                                                                                         \
    "  - update: silent\n"                                                                                   \
    "  - restart:\n"                                                                                         \
    "    name: a/0/b + c\n"                                                                                  \
    "  - repeat:\n"                                                                                          \
    "      count: 2\n"                                                                                       \
    "      steps: [{wait: 1s, name: twice}]\n"                                                               \
    "  - wait: 1s\n"                                                                                         \
    "    name: update#1\n"                                                                                   \
    "explore: {faults: [clean]}\n"

static struct scenario scenario;
static struct recorded_run run;

static int record(void **state) {
    (void)state;
    struct error error = {0};
    read_example(BOARD NAMED, &scenario);
    return recorded_run_make(&scenario, release_profile_find("v6.0"), true, &run, &error) ? 0 : 1;
}

static int forget(void **state) {
    (void)state;
    recorded_run_free(&run);
    scenario_free(&scenario);
    return 0;
}

// What is printed of an address that was read; the error when it is none.
static void assert_read(const char *text, const char *expected) {
    struct crash_path path;
    struct error error = {0};
    struct buffer again = {0};
    if (crash_address_parse(&run.recording, text, &path, &error))
        crash_address_format(&run.recording, &path, &again);
    else
        buffer_text(&again, error.message);
    assert_string_equal(buffer_string(&again), expected);
    buffer_free(&again);
}

static void names_come_first(void **state) {
    (void)state;
    static const char *const names[] = {"one",   "restart", "update#2", "a/0/b + c",
                                        "twice", "twice#2", "update#1", "end"};
    assert_int_equal(run.recording.checkpoint_count, sizeof names / sizeof *names);
    for (size_t i = 0; i < sizeof names / sizeof *names; i++)
        assert_string_equal(run.recording.step_names[i], names[i]);
    assert_read("one/3/prefix:7", "one/3/prefix:7");
    assert_read("one/3/clean+boot/1/late:3,17+boot/0/clean", "one/3/clean+boot/1/late:3,17+boot/0/clean");
    assert_read("a/0/b + c/1/clean+boot/0/clean", "a/0/b + c/1/clean+boot/0/clean");
    assert_read("a/0/b + c", "a/0/b + c");
    assert_read("update#1", "update#1");
}

static void what_a_step_does_is_understood(void **state) {
    (void)state;
    assert_read("update/3/prefix:7", "one/3/prefix:7");
    assert_read("update", "one");
    assert_read("restart#1/0/clean", "restart/0/clean");
    assert_read("restart#2/0/clean", "a/0/b + c/0/clean");
    assert_read("wait#2/0/clean", "twice#2/0/clean");
}

static void what_is_no_address_is_told(void **state) {
    (void)state;
    assert_read("", "``: the scenario has no step of that name; an address is STEP/OPERATION/TEAR, such as "
                    "`update/12/prefix:3`");
    assert_read("two/0/clean", "`two`: the scenario has no step of that name");
    assert_read("update#3/0/clean", "`update#3`: the scenario has no step of that name");
    assert_read("one/x/clean", "`x/clean`: the operation is a number, counted from 0; an address is "
                               "STEP/OPERATION/TEAR, such as `update/12/prefix:3`");
    assert_read("one/0", "`0`: the operation is a number, counted from 0; an address is STEP/OPERATION/TEAR, "
                         "such as `update/12/prefix:3`");
    assert_read("one/0/broken", "`broken`: not a tear; such as clean, prefix:12, late:3,17, zero-front:512");
    assert_read("one/0/clean+", "``: what follows a `+` is a cut in the recovery: boot/OPERATION/TEAR");
    assert_read("one/0/clean+one/0/clean",
                "`one/0/clean`: what follows a `+` is a cut in the recovery: boot/OPERATION/TEAR");
    struct buffer many = {0};
    buffer_text(&many, "one/0/clean");
    for (uint32_t i = 0; i < CRASH_CUTS_MAX; i++)
        buffer_text(&many, "+boot/0/clean");
    assert_read(buffer_string(&many), "an address has at most 16 cuts");
    buffer_free(&many);
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(names_come_first),
        cmocka_unit_test(what_a_step_does_is_understood),
        cmocka_unit_test(what_is_no_address_is_told),
    };
    return cmocka_run_group_tests_name("crash address", tests, record, forget);
}
