// Which operation a violation is blamed on: small boards, and bugs that are planted beside what ESP-IDF does.
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>

#include "sim/explore/crash_address.h"
#include "sim/explore/explorer.h"
#include "sim/language/reader.h"
#include "sim/verdict/recorded_run.h"

#define BOARD                                                                                                \
    "name: t\n"                                                                                              \
    "board:\n"                                                                                               \
    "  size: 1M\n"                                                                                           \
    "  partitions: |\n"                                                                                      \
    "    otadata, data, ota,     0x9000, 8K\n"                                                               \
    "    ota_0,   app,  ota_0,   0x20000, 64K\n"                                                             \
    "    ota_1,   app,  ota_1,   0x30000, 64K\n"                                                             \
    "  config: {rollback: true}\n"                                                                           \
    "images:\n"                                                                                              \
    "  old: {version: 1.0.0, size: 1K, at_boot: confirm}\n"                                                  \
    "  new: {version: 2.0.0, size: 1K, at_boot: nothing}\n"                                                  \
    "flash: {ota_0: old, otadata: [{seq: 1, state: VALID}, blank]}\n"

struct explored {
    struct scenario scenario;
    struct recorded_run run;
    struct exploration found;
};

static void explore_text(const char *text, uint32_t models, unsigned threads, struct explored *out) {
    struct diagnostics diagnostics = {0};
    struct error error = {0};
    assert_true(scenario_read_text("t.yaml", text, strlen(text), &diagnostics, &out->scenario));
    diagnostics_free(&diagnostics);
    assert_true(recorded_run_make(&out->scenario, release_profile_find("v6.0"), true, &out->run, &error));
    struct explorer_options options = {
        .models = models,
        .limits = {.checked = INVARIANTS_ALL, .boots_max = 16, .erases_max = 8, .rollback = true},
        .late_bit_samples = 64,
        .seed = 1,
        .threads = threads,
        .memo = true};
    explore(&out->run.workload, &out->run.recording, &options, &out->found);
}

static void free_explored(struct explored *explored) {
    exploration_free(&explored->found);
    recorded_run_free(&explored->run);
    scenario_free(&explored->scenario);
}

static const struct found_violation *find(const struct explored *explored, enum invariant invariant,
                                          const char *call, enum journal_kind kind) {
    for (size_t i = 0; i < explored->found.violation_count; i++) {
        const struct found_violation *violation = &explored->found.violations[i];
        const struct culprit *culprit = &violation->cause.culprit;
        if (violation->cause.invariant == (uint32_t)invariant && culprit->operated && culprit->kind == kind &&
            strcmp(culprit->call, call) == 0)
            return violation;
    }
    return NULL;
}

#define SOUND "steps: [boot, update: new, restart, mark_app_valid_cancel_rollback]\n"
// The way back is erased before the new app has confirmed itself.
#define PLANTED                                                                                              \
    "steps: [boot, update: new, restart, erase_last_boot_app_partition, "                                    \
    "mark_app_valid_cancel_rollback]\n"
#define CUTS (FAULT_CLEAN | FAULT_PREFIX | FAULT_LATE_BITS | FAULT_PARTIAL_ERASE)

// The record is rewritten: the erase is to blame for the time up to the end of the program, and for no more.
static void a_lost_record_is_the_erases_fault(void **state) {
    (void)state;
    struct explored explored;
    explore_text(BOARD SOUND, CUTS, 1, &explored);
    const struct found_violation *boot =
        find(&explored, INVARIANT_UPDATE_NOT_LOST, "bootloader", JOURNAL_ERASE);
    const struct found_violation *confirm =
        find(&explored, INVARIANT_UPDATE_NOT_LOST, "esp_ota_mark_app_valid_cancel_rollback", JOURNAL_ERASE);
    assert_non_null(boot);
    assert_non_null(confirm);
    assert_null(find(&explored, INVARIANT_UPDATE_NOT_LOST, "bootloader", JOURNAL_PROGRAM));
    assert_string_equal(explored.run.place_names[boot->cause.culprit.place], "otadata");
    assert_int_equal(boot->tears, CUTS);
    assert_false(boot->spreads);
    assert_false(confirm->spreads);
    assert_int_equal(boot->cause.gravity, GRAVITY_NONE);
    assert_true(boot->exposure_ns > 0 && boot->exposure_ns < 100000000); // one erase and one program
    assert_int_equal(boot->path.count, 1);
    assert_int_equal(boot->path.cuts[0].tear.kind, TEAR_CLEAN); // the simplest example
    free_explored(&explored);
}

// A cell of the state that is late shows at the next power cut only: the program is to blame all the same.
static void a_torn_state_is_the_programs_fault(void **state) {
    (void)state;
    struct explored explored;
    explore_text(BOARD SOUND, CUTS, 1, &explored);
    const struct found_violation *late =
        find(&explored, INVARIANT_PENDING_BOOTS_ONCE, "bootloader", JOURNAL_PROGRAM);
    assert_non_null(late);
    assert_int_equal(late->tears, FAULT_LATE_BITS);
    assert_int_equal(late->path.count, 2);
    assert_int_equal(late->exposure_ns, 0);
    free_explored(&explored);
}

static void a_planted_bug_is_a_cause_of_its_own(void **state) {
    (void)state;
    struct explored explored;
    explore_text(BOARD PLANTED, CUTS & ~(uint32_t)FAULT_LATE_BITS, 1, &explored);
    const struct found_violation *bug =
        find(&explored, INVARIANT_PENDING_BOOTS_ONCE, "esp_ota_erase_last_boot_app_partition", JOURNAL_ERASE);
    assert_non_null(bug);
    assert_string_equal(explored.run.place_names[bug->cause.culprit.place], "ota_0");
    assert_true(bug->spreads); // the device stays broken after the call
    assert_int_equal(bug->path.count, 1);
    assert_non_null(find(&explored, INVARIANT_UPDATE_NOT_LOST, "bootloader", JOURNAL_ERASE));
    free_explored(&explored);
}

static void assert_same_path(const struct explored *explored, const struct crash_path *a,
                             const struct crash_path *b) {
    struct buffer first = {0}, second = {0};
    crash_address_format(&explored->run.recording, a, &first);
    crash_address_format(&explored->run.recording, b, &second);
    assert_string_equal(buffer_string(&first), buffer_string(&second));
    buffer_free(&first);
    buffer_free(&second);
}

static void threads_change_nothing(void **state) {
    (void)state;
    struct explored one, three;
    explore_text(BOARD PLANTED, CUTS & ~(uint32_t)FAULT_LATE_BITS, 1, &one);
    explore_text(BOARD PLANTED, CUTS & ~(uint32_t)FAULT_LATE_BITS, 3, &three);
    assert_int_equal(one.found.violation_count, three.found.violation_count);
    for (size_t i = 0; i < one.found.violation_count; i++) {
        const struct found_violation *a = &one.found.violations[i], *b = &three.found.violations[i];
        assert_true(cause_equal(&a->cause, &b->cause));
        assert_same_path(&one, &a->path, &b->path);
        assert_int_equal(a->states, b->states);
        assert_int_equal(a->exposure_ns, b->exposure_ns);
        assert_int_equal(a->worst_ns, b->worst_ns);
        assert_int_equal(a->tears, b->tears);
    }
    free_explored(&one);
    free_explored(&three);
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_lost_record_is_the_erases_fault),
        cmocka_unit_test(a_torn_state_is_the_programs_fault),
        cmocka_unit_test(a_planted_bug_is_a_cause_of_its_own),
        cmocka_unit_test(threads_change_nothing),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
