// Boots to rest as the explorer uses them: outcomes, milestones, retries.
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>
#include <string.h>

#include "ota/otadata.h"
#include "sim/play/execution.h"
#include "tests/unit/scenario_example.h"

struct device {
    struct scenario scenario;
    struct board *board;
    struct execution execution;
    struct milestone milestones[32];
    size_t milestone_count;
};

static void note_milestone(void *context, const struct milestone *milestone) {
    struct device *device = context;
    assert_true(device->milestone_count < 32);
    device->milestones[device->milestone_count++] = *milestone;
}

static void device_make(struct device *device, const char *text) {
    memset(device, 0, sizeof *device);
    read_example(text, &device->scenario);
    struct error error = {0};
    device->board = scenario_board_new(&device->scenario, NULL, &error);
    assert_non_null(device->board);
    execution_init(&device->execution, &device->scenario, device->board);
    device->execution.milestone = note_milestone;
    device->execution.milestone_context = device;
}

static void device_free(struct device *device) {
    board_free(device->board);
    scenario_free(&device->scenario);
}

// Executes all steps; the last one's outcome.
static struct step_outcome play(struct device *device) {
    struct step_cursor cursor = step_cursor_start(&device->scenario);
    struct step_outcome outcome = {0};
    for (const struct step *step; (step = step_next(&cursor)) != NULL;)
        execution_step(&device->execution, cursor.position, step, &outcome);
    return outcome;
}

// ---- outcomes -----------------------------------------------------------------------------------

static void test_settled(void **state) {
    (void)state;
    struct device device;
    device_make(&device, BOARD "steps:\n"
                               "  - boot:\n");
    struct recovery_outcome outcome;
    recover(&device.execution, PORT_RESET_POWER_ON, &outcome);
    assert_int_equal(outcome.end, RECOVERY_SETTLED);
    assert_int_equal(outcome.boots, 1);
    assert_int_equal(outcome.address, 0x10000);
    assert_int_equal(outcome.size, 0x10000);
    assert_string_equal(outcome.label, "ota_0");
    assert_string_equal(outcome.version, "1.0.0");
    assert_int_equal(outcome.image, 0);
    assert_int_equal(outcome.state, OTADATA_VALID);
    assert_true(outcome.confirm_called);
    assert_int_equal(outcome.confirm_returned, ESP_OK);
    assert_false(outcome.reject_called);
    assert_true(device.execution.app_runs);
    device_free(&device);
}

static void test_outcomes_are_plain_and_repeatable(void **state) {
    (void)state;
    struct recovery_outcome outcomes[2];
    for (int i = 0; i < 2; i++) {
        struct device device;
        memset(&outcomes[i], i == 0 ? 0x00 : 0xFF, sizeof outcomes[i]);
        device_make(&device, BOARD "steps:\n"
                                   "  - update: crashes\n");
        play(&device);
        recover(&device.execution, PORT_RESET_SOFTWARE, &outcomes[i]);
        device_free(&device);
    }
    assert_memory_equal(&outcomes[0], &outcomes[1], sizeof outcomes[0]);
    assert_int_equal(outcomes[0].boots, 2);
    assert_string_equal(outcomes[0].version, "1.0.0");
}

static void test_probation(void **state) {
    (void)state;
    struct device device;
    device_make(&device, BOARD "steps:\n"
                               "  - update: silent\n");
    play(&device);
    struct recovery_outcome outcome;
    recover(&device.execution, PORT_RESET_SOFTWARE, &outcome);
    assert_string_equal(outcome.version, "6.0.0");
    assert_int_equal(outcome.state_at_start, OTADATA_PENDING_VERIFY);
    assert_int_equal(outcome.state, OTADATA_PENDING_VERIFY);
    assert_false(outcome.pending_booted_twice);
    device_free(&device);
}

static void test_saved_states(void **state) {
    (void)state;
    struct device device;
    device_make(&device, BOARD "steps:\n"
                               "  - boot:\n");
    struct nv_state before;
    board_save(device.board, &before);
    struct recovery_outcome first, second;
    recover(&device.execution, PORT_RESET_POWER_ON, &first);
    board_load(device.board, &before);
    execution_reset(&device.execution);
    assert_false(device.execution.app_runs);
    recover(&device.execution, PORT_RESET_POWER_ON, &second);
    assert_memory_equal(&first, &second, sizeof first);
    nv_state_free(&before);
    device_free(&device);
}

static void test_loops_end_early(void **state) {
    (void)state;
    struct device device;
    device_make(&device, BOARD_WITH("v6.0", "rollback: false") "steps:\n"
                                                               "  - update: crashes\n");
    play(&device);
    struct recovery_outcome outcome;
    recover(&device.execution, PORT_RESET_SOFTWARE, &outcome);
    assert_int_equal(outcome.end, RECOVERY_BOOT_LOOP);
    assert_in_range(outcome.boots, 2, 3);
    assert_string_equal(outcome.label, "ota_1");
    assert_false(device.execution.app_runs);
    device_free(&device);
}

static void test_power_lost_in_a_recovery(void **state) {
    (void)state;
    struct device device;
    device_make(&device, BOARD "steps:\n"
                               "  - update: new\n");
    play(&device);
    struct recovery_outcome outcome;
    const struct tear clean = {.kind = TEAR_CLEAN};
    board_cut_at_operation(device.board, board_operations(device.board) + 1, &clean);
    recover(&device.execution, PORT_RESET_SOFTWARE, &outcome);
    assert_int_equal(outcome.end, RECOVERY_POWER_LOST);
    assert_false(device.execution.app_runs);
    recover(&device.execution, PORT_RESET_POWER_ON, &outcome);
    assert_int_equal(outcome.end, RECOVERY_SETTLED);
    assert_string_equal(outcome.version, "1.0.0"); // the new app's record was erased and not written again
    device_free(&device);
}

// ---- milestones ---------------------------------------------------------------------------------

static void test_milestones(void **state) {
    (void)state;
    struct device device;
    device_make(&device, BOARD "steps:\n"
                               "  - update: new\n"
                               "  - restart:\n");
    play(&device);
    static const struct {
        enum milestone_kind kind;
        const char *label, *version;
    } expected[] = {
        {MILESTONE_RUNNING, "ota_0", "1.0.0"},   {MILESTONE_CONFIRMING, "ota_0", "1.0.0"},
        {MILESTONE_CONFIRMED, "ota_0", "1.0.0"}, {MILESTONE_BEGUN, "ota_1", "2.0.0"},
        {MILESTONE_SELECTING, "ota_1", "2.0.0"}, {MILESTONE_SELECTED, "ota_1", "2.0.0"},
        {MILESTONE_RUNNING, "ota_1", "2.0.0"},   {MILESTONE_CONFIRMING, "ota_1", "2.0.0"},
        {MILESTONE_CONFIRMED, "ota_1", "2.0.0"},
    };
    assert_int_equal(device.milestone_count, sizeof expected / sizeof expected[0]);
    for (size_t i = 0; i < device.milestone_count; i++) {
        const struct milestone *milestone = &device.milestones[i];
        assert_int_equal(milestone->kind, expected[i].kind);
        assert_string_equal(milestone->label, expected[i].label);
        assert_string_equal(milestone->version, expected[i].version);
        assert_int_equal(milestone->position, i < 6 ? 0 : 1);
        assert_true(i == 0 || milestone->operation >= device.milestones[i - 1].operation);
    }
    assert_int_equal(device.milestones[3].operation, 0); // begin has not erased anything yet
    assert_true(device.milestones[5].operation > device.milestones[4].operation);
    assert_int_equal(device.milestones[8].operation, board_operations(device.board));
    assert_int_equal(device.milestones[6].state, OTADATA_PENDING_VERIFY);
    device_free(&device);
}

static void test_rejection_is_told(void **state) {
    (void)state;
    struct device device;
    device_make(&device, BOARD "steps:\n"
                               "  - update: fails\n"
                               "  - restart:\n");
    play(&device);
    bool rejected = false;
    for (size_t i = 0; i < device.milestone_count; i++)
        rejected |= device.milestones[i].kind == MILESTONE_REJECTED &&
                    strcmp(device.milestones[i].version, "5.0.0") == 0;
    assert_true(rejected);
    assert_string_equal(device.execution.boot.version, "1.0.0");
    device_free(&device);
}

// ---- retries ------------------------------------------------------------------------------------

static void retry(struct device *device, struct retry_outcome *out) {
    struct update_step update;
    assert_true(update_of_position(&device->scenario, 0, &update));
    retry_update(&device->execution, &update, out);
}

static void test_retry(void **state) {
    (void)state;
    struct device device;
    device_make(&device, BOARD "steps:\n"
                               "  - update: {image: new, partition: ota_1}\n");
    struct recovery_outcome outcome;
    struct retry_outcome again;
    recover(&device.execution, PORT_RESET_POWER_ON, &outcome);
    retry(&device, &again);
    assert_int_equal(again.end, RETRY_SUCCEEDED);
    assert_string_equal(again.after.version, "2.0.0");
    retry(&device, &again); // it runs already
    assert_int_equal(again.end, RETRY_NOT_NEEDED);
    device_free(&device);
}

static void test_retry_on_probation_is_refused(void **state) {
    (void)state;
    struct device device;
    device_make(&device, BOARD "steps:\n"
                               "  - update: new\n"
                               "  - update: silent\n"
                               "  - restart:\n");
    play(&device);
    struct retry_outcome again;
    retry(&device, &again);
    assert_int_equal(again.end, RETRY_REFUSED_PENDING);
    assert_string_equal(again.call, "esp_ota_begin");
    device_free(&device);
}

static void test_retry_that_fails(void **state) {
    (void)state;
    struct device device;
    device_make(&device, BOARD "steps:\n"
                               "  - update: new\n");
    struct recovery_outcome outcome;
    struct retry_outcome again;
    recover(&device.execution, PORT_RESET_POWER_ON, &outcome);
    board_io_fault(device.board, IO_PROGRAM_ERROR, 1);
    retry(&device, &again);
    assert_int_equal(again.end, RETRY_CALL_FAILED);
    assert_string_equal(again.call, "esp_ota_write");
    assert_int_not_equal(again.returned, ESP_OK);
    device_free(&device);
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_settled),
        cmocka_unit_test(test_outcomes_are_plain_and_repeatable),
        cmocka_unit_test(test_probation),
        cmocka_unit_test(test_saved_states),
        cmocka_unit_test(test_loops_end_early),
        cmocka_unit_test(test_power_lost_in_a_recovery),
        cmocka_unit_test(test_milestones),
        cmocka_unit_test(test_rejection_is_told),
        cmocka_unit_test(test_retry),
        cmocka_unit_test(test_retry_on_probation_is_refused),
        cmocka_unit_test(test_retry_that_fails),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
