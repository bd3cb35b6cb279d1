// Boots to rest as the explorer uses them: outcomes, events, retries.
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>
#include <string.h>

#include "ota/otadata.h"
#include "sim/play/execution.h"
#include "sim/play/provisioned_board.h"
#include "sim/play/retry.h"
#include "sim/play/step_cursor.h"
#include "sim/play/update_lookup.h"
#include "tests/unit/scenario_example.h"

struct device {
    struct scenario scenario;
    struct board *board;
    struct execution execution;
    struct event events[32];
    size_t event_count;
};

static void note_event(void *context, const struct event *event) {
    struct device *device = context;
    assert_true(device->event_count < 32);
    device->events[device->event_count++] = *event;
}

static void device_make(struct device *device, const char *text) {
    memset(device, 0, sizeof *device);
    read_example(text, &device->scenario);
    struct error error = {0};
    device->board = scenario_board_new(&device->scenario, NULL, &error);
    assert_non_null(device->board);
    execution_init(&device->execution, &device->scenario, device->board);
    device->execution.event = note_event;
    device->execution.event_context = device;
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
    struct recovery outcome;
    recover(&device.execution, PORT_RESET_POWER_ON, &outcome);
    assert_int_equal(outcome.end, RECOVERY_SETTLED);
    assert_int_equal(outcome.boots, 1);
    assert_int_equal(outcome.address, 0x10000);
    assert_string_equal(outcome.label, "ota_0");
    assert_string_equal(outcome.version, "1.0.0");
    assert_int_equal(outcome.image, 0);
    assert_int_equal(outcome.state, OTADATA_VALID);
    assert_int_equal(outcome.event_count, 3);
    assert_int_equal(outcome.events[0].kind, EVENT_RUNNING);
    assert_int_equal(outcome.events[1].kind, EVENT_CONFIRMING);
    assert_int_equal(outcome.events[2].kind, EVENT_CONFIRMED);
    assert_true(device.execution.app_runs);
    device_free(&device);
}

static void test_outcomes_are_plain_and_repeatable(void **state) {
    (void)state;
    struct recovery outcomes[2];
    for (int i = 0; i < 2; i++) {
        struct device device;
        memset(&outcomes[i], i == 0 ? 0x00 : 0xFF, sizeof outcomes[i]);
        device_make(&device, BOARD "steps:\n"
                                   "  - update: crashes\n");
        play(&device);
        recover(&device.execution, PORT_RESET_SOFTWARE, &outcomes[i]);
        device_free(&device);
    }
    assert_memory_equal(&outcomes[0], &outcomes[1], recovery_size(&outcomes[0]));
    assert_int_equal(outcomes[0].boots, 2);
    assert_string_equal(outcomes[0].version, "1.0.0");
}

static void test_probation(void **state) {
    (void)state;
    struct device device;
    device_make(&device, BOARD "steps:\n"
                               "  - update: silent\n");
    play(&device);
    struct recovery outcome;
    recover(&device.execution, PORT_RESET_SOFTWARE, &outcome);
    assert_string_equal(outcome.version, "6.0.0");
    assert_int_equal(outcome.event_count, 1);
    assert_int_equal(outcome.events[0].state, OTADATA_PENDING_VERIFY);
    assert_int_equal(outcome.state, OTADATA_PENDING_VERIFY);
    device_free(&device);
}

static void test_saved_states(void **state) {
    (void)state;
    struct device device;
    device_make(&device, BOARD "steps:\n"
                               "  - boot:\n");
    struct nv_state before;
    board_save(device.board, &before);
    struct recovery first, second;
    recover(&device.execution, PORT_RESET_POWER_ON, &first);
    board_load(device.board, &before);
    execution_reset(&device.execution);
    assert_false(device.execution.app_runs);
    recover(&device.execution, PORT_RESET_POWER_ON, &second);
    assert_memory_equal(&first, &second, recovery_size(&first));
    nv_state_free(&before);
    device_free(&device);
}

static void test_loops_end_early(void **state) {
    (void)state;
    struct device device;
    device_make(&device, BOARD_WITH("v6.0", "rollback: false") "steps:\n"
                                                               "  - update: crashes\n");
    play(&device);
    struct recovery outcome;
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
    struct recovery outcome;
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

// ---- events ---------------------------------------------------------------------------------

static void test_events(void **state) {
    (void)state;
    struct device device;
    device_make(&device, BOARD "steps:\n"
                               "  - update: new\n"
                               "  - restart:\n");
    play(&device);
    static const struct {
        enum event_kind kind;
        const char *label, *words;
    } expected[] = {
        {EVENT_POWERED, "", ""},
        {EVENT_RUNNING, "ota_0", "old 1.0.0"},
        {EVENT_CONFIRMING, "ota_0", "old 1.0.0"},
        {EVENT_CONFIRMED, "ota_0", "old 1.0.0"},
        {EVENT_RESTED, "", ""},
        {EVENT_SELECTING, "ota_1", "new 2.0.0"},
        {EVENT_SELECTED, "ota_1", "new 2.0.0"},
        {EVENT_POWERED, "", ""},
        {EVENT_RUNNING, "ota_1", "new 2.0.0"},
        {EVENT_CONFIRMING, "ota_1", "new 2.0.0"},
        {EVENT_CONFIRMED, "ota_1", "new 2.0.0"},
        {EVENT_RESTED, "", ""},
    };
    assert_int_equal(device.event_count, sizeof expected / sizeof expected[0]);
    for (size_t i = 0; i < device.event_count; i++) {
        const struct event *event = &device.events[i];
        assert_int_equal(event->kind, expected[i].kind);
        assert_string_equal(event->label, expected[i].label);
        assert_string_equal(event->words, expected[i].words);
        assert_true(i == 0 || event->operation >= device.events[i - 1].operation);
    }
    assert_int_equal(device.events[3].operation, 0);
    assert_true(device.events[6].operation > device.events[5].operation);
    assert_int_equal(device.events[10].operation, board_operations(device.board));
    assert_int_equal(device.events[8].state, OTADATA_PENDING_VERIFY);
    assert_int_equal(device.events[8].slot, 1);
    assert_int_equal(device.events[8].image, NO_CONTENT); // nobody judges
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
    for (size_t i = 0; i < device.event_count; i++)
        rejected |=
            device.events[i].kind == EVENT_REJECTED && strcmp(device.events[i].words, "fails 5.0.0") == 0;
    assert_true(rejected);
    assert_string_equal(device.execution.boot.version, "1.0.0");
    device_free(&device);
}

// Builds that share version and descriptor are told apart by all of their bytes.
static void test_apps_with_one_descriptor(void **state) {
    (void)state;
    struct device device;
    device_make(&device, "name: a\n"
                         "board:\n"
                         "  size: 1M\n"
                         "  partitions: |\n"
                         "    otadata, data, ota, 0xd000, 0x2000\n"
                         "    ota_0, app, ota_0, 0x10000, 64K\n"
                         "    ota_1, app, ota_1, , 64K\n"
                         "images:\n"
                         "  short: {seed: 4, size: 6000}\n"
                         "  long: {seed: 4, size: 9000, at_boot: crash}\n"
                         "flash:\n"
                         "  ota_0: short\n"
                         "  ota_1: long\n"
                         "steps:\n"
                         "  - boot:\n"
                         "  - set_boot_partition: ota_1\n"
                         "  - restart:\n");
    play(&device);
    assert_int_equal(device.execution.boot.end, RECOVERY_BOOT_LOOP);
    assert_int_equal(device.execution.boot.image, 1);
    assert_string_equal(device.execution.boot.words, "long 1.0.0");
    assert_string_equal(device.events[1].words, "short 1.0.0");
    device_free(&device);
}

// ---- retries ------------------------------------------------------------------------------------

static void retry(struct device *device, struct retry_outcome *out) {
    struct scenario_updates updates;
    updates_list(&device->scenario, &updates);
    retry_update(&device->execution, &updates.all[0].update, out);
    updates_free(&updates);
}

static void test_retry(void **state) {
    (void)state;
    struct device device;
    device_make(&device, BOARD "steps:\n"
                               "  - update: {image: new, partition: ota_1}\n");
    struct recovery outcome;
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
    struct recovery outcome;
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
        cmocka_unit_test(test_events),
        cmocka_unit_test(test_rejection_is_told),
        cmocka_unit_test(test_apps_with_one_descriptor),
        cmocka_unit_test(test_retry),
        cmocka_unit_test(test_retry_on_probation_is_refused),
        cmocka_unit_test(test_retry_that_fails),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
