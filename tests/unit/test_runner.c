// Scenarios from text to results.
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>
#include <string.h>

#include "sim/verdict/runner.h"
#include "tests/unit/scenario_example.h"

static void run_under(const char *text, const char *release, struct result_scenario *result) {
    struct scenario scenario;
    read_example(text, &scenario);
    struct run_options options = {.release = release ? release_profile_find(release) : NULL};
    scenario_run(&scenario, &options, result);
    scenario_free(&scenario);
}

static void print_result(const struct result_scenario *result) {
    print_error("%s: %s\n", verdict_name(result->verdict), result->error ? result->error : "");
    for (size_t i = 0; i < result->failure_count; i++)
        print_error("line %u: %s\n", result->failures[i].line, result->failures[i].message);
}

static void assert_passes_under(const char *text, const char *release, unsigned met) {
    struct result_scenario result;
    run_under(text, release, &result);
    if (result.verdict != VERDICT_PASS)
        print_result(&result);
    assert_int_equal(result.verdict, VERDICT_PASS);
    assert_int_equal(result.expectations_met, met);
    result_scenario_free(&result);
}

static void assert_passes(const char *text, unsigned met) {
    assert_passes_under(text, NULL, met);
}

// It fails, and the first failure's message has `part` in it.
static void assert_fails_under(const char *text, const char *release, const char *part) {
    struct result_scenario result;
    run_under(text, release, &result);
    assert_int_equal(result.verdict, VERDICT_FAIL);
    assert_true(result.failure_count > 0);
    if (!strstr(result.failures[0].message, part))
        print_result(&result);
    assert_non_null(strstr(result.failures[0].message, part));
    result_scenario_free(&result);
}

static void assert_fails(const char *text, const char *part) {
    assert_fails_under(text, NULL, part);
}

// ---- updates ------------------------------------------------------------------------------------

static void test_update(void **state) {
    (void)state;
    assert_passes(BOARD "steps:\n"
                        "  - boot:\n"
                        "    expect: {booted: ota_0, version: 1.0.0, boots: 1}\n"
                        "  - update: new\n"
                        "    expect: {running: ota_0, boot_partition: ota_1}\n"
                        "  - restart:\n"
                        "    expect: {booted: ota_1, version: 2.0.0, state: VALID}\n",
                  8);
}

static void test_calls_by_hand(void **state) {
    (void)state;
    assert_passes(BOARD "steps:\n"
                        "  - begin: {partition: ota_1, size: sequential}\n"
                        "  - write: {image: new, length: 8K}\n"
                        "  - write: {image: new, offset: 8K}\n"
                        "  - end:\n"
                        "  - set_boot_partition: ota_1\n"
                        "  - restart:\n"
                        "    expect: {version: 2.0.0}\n",
                  1);
}

static void test_return_codes(void **state) {
    (void)state;
    assert_passes(BOARD "steps:\n"
                        "  - begin: {partition: ota_0}\n"
                        "    returns: ESP_ERR_OTA_PARTITION_CONFLICT\n",
                  1);
    assert_fails(BOARD "steps:\n"
                       "  - begin: {partition: ota_0}\n",
                 "esp_ota_begin: expected ESP_OK, got ESP_ERR_OTA_PARTITION_CONFLICT");
}

static void test_failure_tells_all(void **state) {
    (void)state;
    struct result_scenario result;
    run_under(BOARD "steps:\n"
                    "  - update: new\n"
                    "  - restart:\n"
                    "    expect: {booted: ota_0}\n",
              NULL, &result);
    assert_int_equal(result.verdict, VERDICT_FAIL);
    assert_int_equal(result.failure_count, 1);
    assert_int_equal(result.expectations_failed, 1);
    const struct result_failure *failure = &result.failures[0];
    assert_string_equal(failure->message, "expected booted: ota_0, got ota_1");
    assert_string_equal(failure->expected, "booted: ota_0");
    assert_string_equal(failure->actual, "ota_1");
    assert_string_equal(failure->source, "    expect: {booted: ota_0}");
    assert_non_null(strstr(failure->step, "step 2"));
    assert_non_null(strstr(failure->otadata, "seq 2  VALID  -> ota_1  (active)"));
    assert_non_null(strstr(failure->operations, "program"));
    assert_non_null(strstr(failure->operations, "otadata"));
    assert_int_equal(result.boots, 2);
    assert_true(result.flash.programs > 0 && result.flash.time_ns > 0);
    assert_int_equal(result.partition_count, 3);
    assert_string_equal(result.partitions[2].kind, "app/ota_1");
    result_scenario_free(&result);
}

// ---- the power goes -----------------------------------------------------------------------------

static void test_power_loss(void **state) {
    (void)state;
    static const char *const places[] = {"operation: 0", "operation: 7", "byte: 0",   "byte: 5000",
                                         "share: 1%",    "share: 50%",   "time: 30ms"};
    for (size_t i = 0; i < sizeof places / sizeof places[0]; i++) {
        struct buffer text = {0};
        buffer_printf(&text,
                      BOARD "steps:\n"
                            "  - boot:\n"
                            "  - power_loss: {%s}\n"
                            "  - update: new\n"
                            "    expect: {booted: ota_0, boots: 1, version: 1.0.0}\n"
                            "  - update: new\n"
                            "  - restart:\n"
                            "    expect: {version: 2.0.0}\n",
                      places[i]);
        assert_passes(buffer_string(&text), 4);
        buffer_free(&text);
    }
}

static void test_power_loss_at_the_end(void **state) {
    (void)state;
    assert_passes(BOARD "steps:\n"
                        "  - power_loss: {share: 100%}\n"
                        "  - update: new\n"
                        "    expect: {booted: ota_1, version: 2.0.0}\n",
                  2);
}

static void test_power_loss_in_a_boot(void **state) {
    (void)state;
    // The first boot of the new app writes PENDING_VERIFY: cut between the erase of that entry and its
    // program.
    assert_passes(BOARD "steps:\n"
                        "  - update: new\n"
                        "  - power_loss: {operation: 1}\n"
                        "  - restart:\n"
                        "    expect: {booted: ota_0, boots: 2}\n"
                        "explore: {faults: none, invariants: {update-not-lost: off}}\n",
                  2);
}

static void test_power_loss_that_never_comes(void **state) {
    (void)state;
    assert_fails(BOARD "steps:\n"
                       "  - power_loss: {operation: 100000}\n"
                       "  - update: new\n",
                 "the planned power loss never came");
    assert_fails(BOARD "steps:\n"
                       "  - power_loss: {time: 1h}\n"
                       "  - update: new\n"
                       "  - restart:\n"
                       "    expect: {version: 2.0.0}\n",
                 "the planned power loss never came");
}

// A rehearsal must not leave a trace: the cut falls where it says, and counts, time and flash are those of
// one run.
static void test_rehearsal_leaves_no_trace(void **state) {
    (void)state;
    struct result_scenario by_share, by_operation;
    run_under(BOARD "steps:\n"
                    "  - boot:\n"
                    "  - power_loss: {operation: 10}\n"
                    "  - update: new\n",
              NULL, &by_operation);
    run_under(BOARD "steps:\n"
                    "  - boot:\n"
                    "  - power_loss: {byte: 256}\n" // after one sector erase each, programs of 64 bytes
                    "  - update: new\n",
              NULL, &by_share);
    assert_int_equal(by_share.verdict, VERDICT_PASS);
    assert_int_equal(by_operation.verdict, VERDICT_PASS);
    assert_int_equal(by_share.flash.program_bytes, 256);
    assert_int_equal(by_share.boots, by_operation.boots);
    result_scenario_free(&by_share);
    result_scenario_free(&by_operation);
}

// ---- what apps do at boot -----------------------------------------------------------------------

static void test_rollback(void **state) {
    (void)state;
    static const char *const bad[] = {"crashes", "hangs", "fails"};
    static const char *const left[] = {"ABORTED", "ABORTED", "INVALID"};
    for (size_t i = 0; i < 3; i++) {
        struct buffer text = {0};
        buffer_printf(&text,
                      BOARD "steps:\n"
                            "  - update: %s\n"
                            "  - restart:\n"
                            "    expect: {booted: ota_0, boots: 2, end: settled, state: {ota_1: %s}}\n",
                      bad[i], left[i]);
        assert_passes(buffer_string(&text), 4);
        buffer_free(&text);
    }
}

static void test_silent_app_is_given_up_at_the_next_boot(void **state) {
    (void)state;
    assert_passes(BOARD "steps:\n"
                        "  - update: silent\n"
                        "  - restart:\n"
                        "    expect: {version: 6.0.0, state: PENDING_VERIFY}\n"
                        "  - restart:\n"
                        "    expect: {version: 1.0.0}\n",
                  3);
}

static void test_boot_loop(void **state) {
    (void)state;
    assert_passes(
        BOARD_WITH("v6.0",
                   "rollback: false") "steps:\n"
                                      "  - update: crashes\n"
                                      "  - restart:\n"
                                      "    expect: {end: boot loop, running: nothing, booted: ota_1}\n",
        3);
}

static void test_nothing_bootable(void **state) {
    (void)state;
    assert_passes(BOARD "steps:\n"
                        "  - corrupt: {at: ota_0, fill: 0x00, length: 4K}\n"
                        "  - boot:\n"
                        "    expect: {end: nothing bootable, booted: nothing}\n",
                  2);
}

static void test_steps_without_an_app(void **state) {
    (void)state;
    assert_fails(BOARD "steps:\n"
                       "  - corrupt: {at: ota_0, fill: 0x00, length: 4K}\n"
                       "  - boot:\n"
                       "  - update: new\n",
                 "no app runs: the last boot ended with nothing bootable");
}

// ---- faults -------------------------------------------------------------------------------------

static void test_io_fault(void **state) {
    (void)state;
    assert_passes(BOARD "steps:\n"
                        "  - boot:\n"
                        "  - io_fault: {kind: erase_error, nth: 1}\n"
                        "  - begin: {partition: ota_1, size: unknown}\n"
                        "    returns: ESP_ERR_FLASH_OP_FAIL\n"
                        "  - boot:\n"
                        "explore: {faults: none, invariants: {operations-closed: off}}\n",
                  1);
    assert_fails(BOARD "steps:\n"
                       "  - boot:\n"
                       "  - io_fault: {kind: erase_error, nth: 1}\n",
                 "1 planned I/O fault never came");
}

static void test_repeat(void **state) {
    (void)state;
    assert_passes(BOARD "steps:\n"
                        "  - repeat:\n"
                        "      count: 3\n"
                        "      steps:\n"
                        "        - update: new\n"
                        "        - restart:\n"
                        "          expect: {version: 2.0.0}\n",
                  3);
}

// ---- releases and known bugs --------------------------------------------------------------------

// esp-idf issue 14688: two updates in a row without a restart, and the second one crashes.
#define ISSUE_14688                                                                                          \
    BOARD "steps:\n"                                                                                         \
          "  - update: new\n"                                                                                \
          "  - restart:\n"                                                                                   \
          "  - update: crashes\n"                                                                            \
          "  - update: crashes\n"                                                                            \
          "  - restart:\n"                                                                                   \
          "    expect: {version: 2.0.0, end: settled}\n"

static void test_releases(void **state) {
    (void)state;
    assert_fails_under(ISSUE_14688, "v5.5", "expected version: 2.0.0");
    assert_passes_under(ISSUE_14688, "v6.0", 2);
}

static void test_known_bugs(void **state) {
    (void)state;
    static const char text[] = ISSUE_14688 "known_bugs:\n"
                                           "  - releases: [v5.5]\n"
                                           "    why: the running app's record is overwritten\n";
    struct result_scenario result;
    run_under(text, "v5.5", &result);
    assert_int_equal(result.verdict, VERDICT_PASS);
    assert_int_equal(result.failure_count, 0);
    assert_int_equal(result.known_bug_count, 1);
    assert_non_null(strstr(result.known_bugs[0], "the running app's record is overwritten"));
    result_scenario_free(&result);
    assert_passes_under(text, "v6.0", 2); // not declared there
    static const char gone[] = ISSUE_14688 "known_bugs:\n"
                                           "  - releases: [v6.0]\n"
                                           "    why: it was there once\n";
    assert_fails_under(gone, "v6.0", "the bug that is declared as known under v6.0 is gone");
}

// ---- the story ----------------------------------------------------------------------------------

static void collect_line(void *context, unsigned depth, const char *line) {
    buffer_printf(context, "%*s%s\n", (int)(2 * depth), "", line);
}

static void test_narration(void **state) {
    (void)state;
    struct scenario scenario;
    read_example(BOARD "steps:\n"
                       "  - update: {image: new, size: image}\n"
                       "  - restart:\n"
                       "    expect: {booted: ota_1}\n",
                 &scenario);
    struct buffer story = {0};
    struct run_options options = {.narrate = collect_line, .narrate_context = &story};
    struct result_scenario result;
    scenario_run(&scenario, &options, &result);
    static const char *const parts[] = {"step 1",
                                        "boot: power-on",
                                        "esp_ota_begin",
                                        "erase",
                                        "esp_ota_write",
                                        "program",
                                        "seq 2  NEW  -> ota_1",
                                        "step 2",
                                        "boot: software reset",
                                        "PENDING_VERIFY",
                                        "app new 2.0.0 in ota_1",
                                        "VALID",
                                        "as expected: booted: ota_1"};
    const char *at = buffer_string(&story);
    for (size_t i = 0; i < sizeof parts / sizeof parts[0]; i++) {
        const char *found = strstr(at, parts[i]);
        if (!found)
            print_error("no `%s` after that in:\n%s", parts[i], buffer_string(&story));
        assert_non_null(found);
        at = found;
    }
    buffer_free(&story);
    result_scenario_free(&result);
    scenario_free(&scenario);
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_update),
        cmocka_unit_test(test_calls_by_hand),
        cmocka_unit_test(test_return_codes),
        cmocka_unit_test(test_failure_tells_all),
        cmocka_unit_test(test_power_loss),
        cmocka_unit_test(test_power_loss_at_the_end),
        cmocka_unit_test(test_power_loss_in_a_boot),
        cmocka_unit_test(test_power_loss_that_never_comes),
        cmocka_unit_test(test_rehearsal_leaves_no_trace),
        cmocka_unit_test(test_rollback),
        cmocka_unit_test(test_silent_app_is_given_up_at_the_next_boot),
        cmocka_unit_test(test_boot_loop),
        cmocka_unit_test(test_nothing_bootable),
        cmocka_unit_test(test_steps_without_an_app),
        cmocka_unit_test(test_io_fault),
        cmocka_unit_test(test_repeat),
        cmocka_unit_test(test_releases),
        cmocka_unit_test(test_known_bugs),
        cmocka_unit_test(test_narration),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
