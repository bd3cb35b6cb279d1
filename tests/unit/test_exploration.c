// The explorer against brute force, against itself with another number of threads, and against hazards that
// are known to be there.
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>

#include "sim/explore/crash_address.h"
#include "sim/language/diagnostic_render.h"
#include "sim/language/reader.h"
#include "sim/verdict/exploration.h"
#include "sim/verdict/recorded_run.h"

#define BOARD                                                                                                \
    "name: t\n"                                                                                              \
    "board:\n"                                                                                               \
    "  size: 1M\n"                                                                                           \
    "  partitions: |\n"                                                                                      \
    "    otadata, data, ota,     0x9000, 8K\n"                                                               \
    "    factory, app,  factory, 0x10000, 64K\n"                                                             \
    "    ota_0,   app,  ota_0,   0x20000, 64K\n"                                                             \
    "    ota_1,   app,  ota_1,   0x30000, 64K\n"                                                             \
    "  config: {rollback: true}\n"                                                                           \
    "images:\n"                                                                                              \
    "  first: {version: 0.1.0, size: 1K, at_boot: confirm}\n"                                                \
    "  old: {version: 1.0.0, size: 1K, at_boot: confirm}\n"

#define UPDATE                                                                                               \
    "  new: {version: 2.0.0, size: 1K, at_boot: confirm}\n"                                                  \
    "flash:\n"                                                                                               \
    "  factory: first\n"                                                                                     \
    "  ota_0: old\n"                                                                                         \
    "  otadata: [{seq: 1, state: VALID}, blank]\n"                                                           \
    "steps: [boot, {update: {image: new, partition: ota_1}}, restart]\n"

static void read_scenario(const char *text, struct scenario *scenario) {
    struct diagnostics diagnostics = {0};
    bool good = scenario_read_text("t.yaml", text, strlen(text), &diagnostics, scenario);
    if (!good) {
        struct buffer out = {0};
        diagnostics_render(&diagnostics, false, &out);
        print_error("%s", buffer_string(&out));
        buffer_free(&out);
    }
    diagnostics_free(&diagnostics);
    assert_true(good);
}

static void explore_text(const char *text, const struct explore_options *options,
                         struct result_scenario *result) {
    struct scenario scenario;
    memset(result, 0, sizeof *result);
    read_scenario(text, &scenario);
    result->release = memory_text("v6.0");
    struct recorded_run run;
    struct error error = {0};
    bool remember = options == NULL || !options->no_memo;
    assert_true(recorded_run_make(&scenario, release_profile_find("v6.0"), remember, &run, &error));
    exploration_run(&run, options, result);
    recorded_run_free(&run);
    if (result->error != NULL)
        print_error("%s\n", result->error);
    assert_null(result->error);
    scenario_free(&scenario);
}

static void assert_same(const struct result_scenario *a, const struct result_scenario *b) {
    assert_int_equal(a->exploration.crash_states, b->exploration.crash_states);
    assert_int_equal(a->exploration.distinct_states, b->exploration.distinct_states);
    assert_int_equal(a->exploration.recoveries, b->exploration.recoveries);
    assert_int_equal(a->exploration.depth, b->exploration.depth);
    assert_int_equal(a->exploration.closed, b->exploration.closed);
    assert_int_equal(a->exploration.fault_count, b->exploration.fault_count);
    for (size_t i = 0; i < a->exploration.fault_count; i++)
        assert_int_equal(a->exploration.faults[i].fired, b->exploration.faults[i].fired);
    assert_int_equal(a->violation_count, b->violation_count);
    for (size_t i = 0; i < a->violation_count; i++) {
        assert_string_equal(a->violations[i].invariant, b->violations[i].invariant);
        assert_string_equal(a->violations[i].address, b->violations[i].address);
        assert_string_equal(a->violations[i].story, b->violations[i].story);
        assert_int_equal(a->violations[i].states, b->violations[i].states);
        assert_int_equal(a->violations[i].exposure_ns, b->violations[i].exposure_ns);
    }
    assert_int_equal(a->exploration.node_count, b->exploration.node_count);
    for (size_t i = 0; i < a->exploration.node_count; i++)
        assert_int_equal(a->exploration.nodes[i].states, b->exploration.nodes[i].states);
}

static bool violates(const struct result_scenario *result, const char *invariant) {
    for (size_t i = 0; i < result->violation_count; i++)
        if (strcmp(result->violations[i].invariant, invariant) == 0)
            return true;
    return false;
}

static uint64_t fired(const struct result_scenario *result, const char *model) {
    for (size_t i = 0; i < result->exploration.fault_count; i++)
        if (strcmp(result->exploration.faults[i].model, model) == 0)
            return result->exploration.faults[i].fired;
    return 0;
}

static void without_memo_the_same(void **state) {
    (void)state;
    static const char *const texts[] = {
        BOARD UPDATE "explore: {faults: [clean, prefix]}\n",
        BOARD UPDATE "explore: {faults: [clean, prefix, partial-erase]}\n",
        BOARD UPDATE "explore: {faults: [clean, prefix], depth: 1}\n",
        BOARD UPDATE "explore: {faults: [clean, unstable]}\n",
    };
    for (size_t i = 0; i < sizeof texts / sizeof texts[0]; i++) {
        struct result_scenario with, without;
        explore_text(texts[i], &(struct explore_options){.threads = 1}, &with);
        explore_text(texts[i], &(struct explore_options){.threads = 1, .no_memo = true}, &without);
        assert_same(&with, &without);
        result_scenario_free(&with);
        result_scenario_free(&without);
    }
}

static void threads_change_nothing(void **state) {
    (void)state;
    struct result_scenario one, three;
    explore_text(BOARD UPDATE "explore: {}\n", &(struct explore_options){.threads = 1}, &one);
    explore_text(BOARD UPDATE "explore: {}\n", &(struct explore_options){.threads = 3}, &three);
    assert_same(&one, &three);
    assert_true(one.exploration.closed);
    result_scenario_free(&one);
    result_scenario_free(&three);
}

// A cut while the bootloader rewrites the selected record in place loses the update.
static void in_place_rewrite_is_found(void **state) {
    (void)state;
    struct result_scenario result;
    explore_text(BOARD UPDATE "explore: {faults: [clean, prefix]}\n", NULL, &result);
    assert_true(violates(&result, "update-not-lost"));
    assert_false(violates(&result, "boots"));
    assert_false(violates(&result, "old-or-new"));
    assert_false(violates(&result, "settles"));
    assert_false(violates(&result, "retry-succeeds"));
    assert_false(violates(&result, "confirmed-survives"));
    result_scenario_free(&result);
}

// Going back to factory erases two sectors, one after the other: a cut between them boots a third image.
static void two_sectors_to_factory_are_found(void **state) {
    (void)state;
    struct result_scenario result;
    explore_text(BOARD "  other: {version: 3.0.0, size: 1K, at_boot: confirm}\n"
                       "flash:\n"
                       "  factory: first\n"
                       "  ota_0: old\n"
                       "  ota_1: other\n"
                       "  otadata: [{seq: 3, state: VALID}, {seq: 2, state: VALID}]\n"
                       "steps: [boot, {set_boot_partition: factory}, restart]\n"
                       "explore: {faults: [clean]}\n",
                 NULL, &result);
    assert_true(violates(&result, "old-or-new"));
    assert_string_equal(result.violations[0].address, "set_boot/1/clean");
    result_scenario_free(&result);
}

// What is asked for is no violation: the factory app has no try to use up, an app that gives itself up asks
// for the one before it, and selecting what runs brings no new version.
static void what_was_asked_for_is_no_violation(void **state) {
    (void)state;
    struct result_scenario result;
    explore_text(BOARD "flash: {factory: first, ota_0: old, otadata: [{seq: 1, state: VALID}, blank]}\n"
                       "steps: [boot, {set_boot_partition: factory}, restart]\n"
                       "explore: {}\n",
                 NULL, &result);
    assert_false(violates(&result, "pending-boots-once"));
    result_scenario_free(&result);
    explore_text(BOARD "  next: {version: 3.0.0, size: 1K, at_boot: confirm}\n"
                       "flash:\n"
                       "  ota_0: old\n"
                       "  ota_1: next\n"
                       "  otadata: [{seq: 1, state: VALID}, {seq: 2, state: VALID}]\n"
                       "steps: [boot, mark_app_invalid_rollback_and_reboot]\n"
                       "explore: {}\n",
                 NULL, &result);
    assert_int_equal(result.violation_count, 0);
    result_scenario_free(&result);
    explore_text(BOARD "  quiet: {version: 3.0.0, size: 1K}\n"
                       "flash: {factory: first, ota_0: quiet, otadata: [{seq: 1, state: VALID}, blank]}\n"
                       "steps: [boot, {set_boot_partition: ota_0}, restart]\n"
                       "explore: {faults: [clean, late-bits]}\n",
                 NULL, &result);
    assert_false(violates(&result, "pending-boots-once"));
    result_scenario_free(&result);
}

static void known_violation_that_is_gone_fails(void **state) {
    (void)state;
    struct result_scenario result;
    explore_text(
        BOARD UPDATE
        "explore: {faults: [clean], known: [{invariant: boots, during: boot, why: it never happens}]}\n",
        NULL, &result);
    assert_int_equal(result.failure_count, 1);
    result_scenario_free(&result);
}

static void exploration_without_operations_fails(void **state) {
    (void)state;
    struct result_scenario result;
    explore_text(BOARD "flash: {factory: first}\n"
                       "steps: [boot]\n"
                       "explore: {faults: [prefix]}\n",
                 NULL, &result);
    assert_true(result.failure_count >= 1);
    result_scenario_free(&result);
}

static void unite(void *context, const struct judged_start *start) {
    *(uint32_t *)context |= start->broken;
}

static void every_address_replays(void **state) {
    (void)state;
    struct result_scenario result;
    struct scenario scenario;
    explore_text(BOARD UPDATE "explore: {}\n", NULL, &result);
    read_scenario(BOARD UPDATE "explore: {}\n", &scenario);
    assert_true(result.violation_count > 0);
    for (size_t i = 0; i < result.violation_count; i++) {
        struct recorded_run run;
        struct crash_path path;
        struct nv_state left;
        struct explorer_options options;
        uint32_t broken = 0;
        bool named = false;
        struct error error = {0};
        struct buffer address = {0};
        assert_true(recorded_run_make(&scenario, release_profile_find("v6.0"), true, &run, &error));
        assert_true(crash_address_parse(&run.recording, result.violations[i].address, &path, &error));
        crash_address_format(&run.recording, &path, &address);
        assert_string_equal(buffer_string(&address), result.violations[i].address);
        assert_true(explore_materialise(&run.workload, &run.recording, &path, &left));
        exploration_asks(&run, &options);
        assert_true(explore_judge(&run.workload, &run.recording, &options, &path, unite, &broken));
        for (uint32_t k = 0; k < INVARIANT_COUNT; k++)
            named |= (broken >> k & 1) != 0 && strcmp(invariant_name(k), result.violations[i].invariant) == 0;
        assert_true(named); // what is replayed breaks what the report says
        buffer_free(&address);
        nv_state_free(&left);
        recorded_run_free(&run);
    }
    scenario_free(&scenario);
    result_scenario_free(&result);
}

// An update that was selected and not yet started may still boot when a second one begins.
static void selected_version_may_boot_during_the_next_update(void **state) {
    (void)state;
    struct result_scenario result;
    explore_text(
        BOARD
        "  next: {version: 2.0.0, size: 1K, at_boot: confirm}\n"
        "  last: {version: 3.0.0, size: 1K, at_boot: confirm}\n"
        "flash:\n"
        "  factory: first\n"
        "  ota_0: old\n"
        "  otadata: [{seq: 1, state: VALID}, blank]\n"
        "steps: [boot, {update: {image: next, partition: ota_1}}, {begin: {partition: ota_1, image: last}}]\n"
        "explore: {faults: [clean], invariants: [old-or-new, boots]}\n",
        NULL, &result);
    assert_false(violates(&result, "old-or-new"));
    result_scenario_free(&result);
}

// Steps that change flash between operations: what rots, and what was promised, is that of the step.
static void bits_rot_in_each_state_that_is_set(void **state) {
    (void)state;
    struct result_scenario result;
    explore_text(BOARD "flash:\n"
                       "  factory: first\n"
                       "  ota_0: old\n"
                       "  otadata: [{seq: 1, state: VALID}, blank]\n"
                       "steps:\n"
                       "  - set_otadata: [{seq: 1, state: VALID}, {seq: 2, state: INVALID}]\n"
                       "  - set_otadata: [blank, blank]\n"
                       "explore: {faults: [bit-rot], bit_rot: {at: otadata, length: 32}, invariants: "
                       "[confirmed-survives]}\n",
                 NULL, &result);
    assert_int_equal(result.violation_count, 0);
    assert_int_equal(fired(&result, "bit-rot"), 3 * 256); // as provisioned, and as set twice
    result_scenario_free(&result);
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(without_memo_the_same),
        cmocka_unit_test(threads_change_nothing),
        cmocka_unit_test(in_place_rewrite_is_found),
        cmocka_unit_test(two_sectors_to_factory_are_found),
        cmocka_unit_test(what_was_asked_for_is_no_violation),
        cmocka_unit_test(known_violation_that_is_gone_fails),
        cmocka_unit_test(exploration_without_operations_fails),
        cmocka_unit_test(every_address_replays),
        cmocka_unit_test(selected_version_may_boot_during_the_next_update),
        cmocka_unit_test(bits_rot_in_each_state_that_is_set),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
