// The bootloader where the recorded vectors do not reach: truth tables of the rules, pins, deep sleep,
// skipped validation, retained memory, failing flash.
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "board_example.h"
#include "bootloader_common.h"
#include "ota/app_startup.h"

#define BLANK OTADATA_SEQ_BLANK

// ---- section 8 of the rules: rollback on, images valid ------------------------------------------

struct selection_case {
    unsigned apps;
    uint32_t seq[2], state[2];
    uint32_t state_after[2];
    uint32_t boots;
};

static void check_selection(const struct selection_case *expected) {
    struct board_config config = example_config("master");
    struct board *board = example_board(&config, expected->apps);
    for (int i = 0; i < 2; i++)
        if (expected->seq[i] != BLANK)
            example_entry_set(board, i, expected->seq[i], expected->state[i]);
    assert_int_equal(example_boot(board, PORT_RESET_POWER_ON), expected->boots);
    for (int i = 0; i < 2; i++)
        assert_int_equal(example_entry(board, i).state, expected->state_after[i]);
    board_free(board);
}

static void selects_as_the_truth_table_says(void **state) {
    (void)state;
    enum {
        NEW = OTADATA_NEW,
        PENDING = OTADATA_PENDING_VERIFY,
        VALID = OTADATA_VALID,
        INVALID = OTADATA_INVALID,
        ABORTED = OTADATA_ABORTED
    };
    const uint32_t none = OTADATA_UNDEFINED;
    const struct selection_case table[] = {
        {EXAMPLE_WITH_FACTORY, {BLANK, BLANK}, {none, none}, {none, none}, EXAMPLE_FACTORY},
        {EXAMPLE_SLOTS, {BLANK, BLANK}, {none, none}, {VALID, none}, EXAMPLE_OTA_0},
        {EXAMPLE_WITH_FACTORY, {1, 2}, {VALID, NEW}, {VALID, PENDING}, EXAMPLE_OTA_1},
        {EXAMPLE_SLOTS, {1, 2}, {VALID, PENDING}, {VALID, ABORTED}, EXAMPLE_OTA_0},
        {EXAMPLE_SLOTS, {1, 2}, {VALID, ABORTED}, {VALID, ABORTED}, EXAMPLE_OTA_0},
        {EXAMPLE_SLOTS, {1, 2}, {VALID, INVALID}, {VALID, INVALID}, EXAMPLE_OTA_0},
        {EXAMPLE_WITH_FACTORY, {1, BLANK}, {NEW, none}, {PENDING, none}, EXAMPLE_OTA_0},
        {EXAMPLE_WITH_FACTORY, {1, BLANK}, {PENDING, none}, {ABORTED, none}, EXAMPLE_FACTORY},
        {EXAMPLE_SLOTS, {1, BLANK}, {PENDING, none}, {ABORTED, none}, EXAMPLE_OTA_0},
        {EXAMPLE_SLOTS, {1, 2}, {none, none}, {none, none}, EXAMPLE_OTA_1},
        {EXAMPLE_WITH_FACTORY, {3, 2}, {PENDING, PENDING}, {ABORTED, ABORTED}, EXAMPLE_FACTORY},
        {EXAMPLE_SLOTS, {3, 2}, {PENDING, PENDING}, {ABORTED, ABORTED}, EXAMPLE_OTA_0},
    };
    for (size_t i = 0; i < sizeof table / sizeof *table; i++)
        check_selection(&table[i]);
}

static void broken_image_falls_back_and_is_given_up_next_time(void **state) {
    (void)state;
    struct board_config config = example_config("master");
    struct board *board = example_board(&config, EXAMPLE_SLOTS);
    example_entry_set(board, 0, 1, OTADATA_VALID);
    example_entry_set(board, 1, 2, OTADATA_NEW);
    example_damage(board, EXAMPLE_OTA_1);
    assert_int_equal(example_boot(board, PORT_RESET_POWER_ON), EXAMPLE_OTA_0);
    assert_int_equal(example_entry(board, 1).state, OTADATA_PENDING_VERIFY);
    assert_int_equal(example_boot(board, PORT_RESET_SOFTWARE), EXAMPLE_OTA_0);
    assert_int_equal(example_entry(board, 1).state, OTADATA_ABORTED);
    board_free(board);
}

static void failing_otadata_write_does_not_stop_the_boot(void **state) {
    (void)state;
    struct board_config config = example_config("master");
    struct board *board = example_board(&config, EXAMPLE_SLOTS);
    example_entry_set(board, 1, 2, OTADATA_NEW);
    board_io_fault(board, IO_ERASE_ERROR, 1);
    assert_int_equal(example_boot(board, PORT_RESET_POWER_ON), EXAMPLE_OTA_1); // BL-71
    assert_int_equal(example_entry(board, 1).state, OTADATA_NEW);
    board_free(board);
}

// ---- pins ---------------------------------------------------------------------------------------

static void factory_reset_pin_erases_what_the_build_lists(void **state) {
    (void)state;
    struct board_config config = example_config("master");
    config.bootloader.factory_reset = config.bootloader.factory_reset_erases_otadata = true;
    struct board *board = example_board(&config, EXAMPLE_WITH_FACTORY);
    const uint8_t zeros[16] = {0};
    uint8_t nvs[16], constants[16];
    flash_set(board_flash(board), EXAMPLE_NVS, zeros, sizeof zeros);
    flash_set(board_flash(board), EXAMPLE_DATA, zeros, sizeof zeros);
    example_entry_set(board, 0, 1, OTADATA_VALID);

    board_pin_hold(board, PORT_PIN_FACTORY_RESET, 4999);
    assert_int_equal(example_boot(board, PORT_RESET_POWER_ON), EXAMPLE_OTA_0);
    board_pin_hold(board, PORT_PIN_FACTORY_RESET, 5000);
    assert_int_equal(example_boot(board, PORT_RESET_DEEP_SLEEP), EXAMPLE_OTA_0); // not on a wake (BL-14)
    assert_int_equal(example_boot(board, PORT_RESET_SOFTWARE), EXAMPLE_FACTORY);

    flash_read(board_flash(board), EXAMPLE_NVS, nvs, sizeof nvs);
    flash_read(board_flash(board), EXAMPLE_DATA, constants, sizeof constants);
    assert_int_equal(nvs[0], 0xFF);
    assert_int_equal(constants[0], 0x00);
    assert_int_equal(example_entry(board, 0).seq, BLANK);
    board_free(board);
}

static void factory_reset_rolls_back_a_new_app(void **state) {
    (void)state;
    struct board_config config = example_config("master");
    config.bootloader.factory_reset = true;
    struct board *board = example_board(&config, EXAMPLE_SLOTS);
    example_entry_set(board, 0, 1, OTADATA_VALID);
    example_entry_set(board, 1, 2, OTADATA_NEW);
    board_pin_hold(board, PORT_PIN_FACTORY_RESET, 6000);
    assert_int_equal(example_boot(board, PORT_RESET_POWER_ON), EXAMPLE_OTA_0); // BL-47
    assert_int_equal(example_entry(board, 1).state, OTADATA_ABORTED);
    board_free(board);
}

static void ask_for_factory_reset(void *context) {
    *(bool *)context = bootloader_common_get_rtc_retain_mem_factory_reset_state();
}

static void factory_reset_flag_is_read_once(void **state) {
    (void)state;
    static const struct {
        const char *release;
        bool remembered;
    } table[] = {{"v4.4", false}, {"v5.1", true}};
    for (size_t i = 0; i < sizeof table / sizeof *table; i++) {
        struct board_config config = example_config(table[i].release);
        config.bootloader.factory_reset = true;
        struct board *board = example_board(&config, EXAMPLE_WITH_FACTORY);
        bool flag = true;
        board_pin_hold(board, PORT_PIN_FACTORY_RESET, 6000);
        assert_int_equal(example_boot(board, PORT_RESET_POWER_ON), EXAMPLE_FACTORY);
        assert_int_equal(board_run(board, ask_for_factory_reset, &flag, NULL), BOARD_RETURNED);
        assert_int_equal(flag, table[i].remembered);
        assert_int_equal(board_run(board, ask_for_factory_reset, &flag, NULL), BOARD_RETURNED);
        assert_false(flag);
        board_free(board);
    }
}

static void test_pin_starts_the_test_app_or_nothing(void **state) {
    (void)state;
    struct board_config config = example_config("master");
    config.bootloader.app_test = true;
    struct board *board = example_board(&config, EXAMPLE_WITH_TEST);
    board_pin_hold(board, PORT_PIN_APP_TEST, 5000);
    assert_int_equal(example_boot(board, PORT_RESET_POWER_ON), EXAMPLE_TEST);
    example_damage(board, EXAMPLE_TEST);
    assert_int_equal(board_boot(board, PORT_RESET_SOFTWARE, NULL), BOARD_RESTARTED); // BL-51
    board_free(board);
    board = example_board(&config, EXAMPLE_SLOTS);
    board_pin_hold(board, PORT_PIN_APP_TEST, 5000);
    assert_int_equal(board_boot(board, PORT_RESET_POWER_ON, NULL), BOARD_RESTARTED); // BL-48
    board_free(board);
}

// ---- validation skipped, deep sleep -------------------------------------------------------------

static void validation_is_skipped_when_the_build_says_so(void **state) {
    (void)state;
    struct board_config config = example_config("master");
    config.bootloader.skip_validate = SKIP_VALIDATE_POWER_ON;
    struct board *board = example_board(&config, EXAMPLE_SLOTS);
    example_entry_set(board, 0, 1, OTADATA_VALID);
    example_damage(board, EXAMPLE_OTA_0);
    assert_int_equal(example_boot(board, PORT_RESET_POWER_ON), EXAMPLE_OTA_0);
    assert_int_equal(example_boot(board, PORT_RESET_SOFTWARE), EXAMPLE_OTA_1);
    board_efuse_set(board, PORT_EFUSE_SECURE_BOOT, 1); // BL-56
    assert_int_equal(example_boot(board, PORT_RESET_POWER_ON), EXAMPLE_OTA_1);
    board_free(board);
}

static void wake_goes_straight_to_the_last_app(void **state) {
    (void)state;
    struct board_config config = example_config("master");
    config.bootloader.skip_validate = SKIP_VALIDATE_DEEP_SLEEP;
    struct board *board = example_board(&config, EXAMPLE_SLOTS);
    example_entry_set(board, 0, 1, OTADATA_VALID);
    example_entry_set(board, 1, 2, OTADATA_NEW);
    assert_int_equal(example_boot(board, PORT_RESET_POWER_ON), EXAMPLE_OTA_1);
    assert_int_equal(example_boot(board, PORT_RESET_DEEP_SLEEP), EXAMPLE_OTA_1);
    assert_int_equal(example_entry(board, 1).state, OTADATA_PENDING_VERIFY); // BL-61
    assert_int_equal(example_boot(board, PORT_RESET_SOFTWARE), EXAMPLE_OTA_0);
    board_free(board);
}

static void wake_without_a_record_boots_normally(void **state) {
    (void)state;
    struct board_config config = example_config("master");
    config.bootloader.skip_validate = SKIP_VALIDATE_DEEP_SLEEP;
    struct board *board = example_board(&config, EXAMPLE_SLOTS);
    example_entry_set(board, 1, 2, OTADATA_NEW);
    assert_int_equal(example_boot(board, PORT_RESET_DEEP_SLEEP), EXAMPLE_OTA_1);
    assert_int_equal(example_entry(board, 1).state, OTADATA_PENDING_VERIFY);
    board_free(board);
}

static void count_boots(void *context) {
    *(uint32_t *)context = bootloader_common_get_rtc_retain_mem_reboot_counter();
}

static void reboots_are_counted_until_the_power_goes(void **state) {
    (void)state;
    struct board_config config = example_config("master");
    config.bootloader.skip_validate = SKIP_VALIDATE_DEEP_SLEEP;
    struct board *board = example_board(&config, EXAMPLE_SLOTS);
    uint32_t count = 0;
    (void)example_boot(board, PORT_RESET_POWER_ON);
    (void)example_boot(board, PORT_RESET_SOFTWARE);
    (void)example_boot(board, PORT_RESET_DEEP_SLEEP);
    assert_int_equal(board_run(board, count_boots, &count, NULL), BOARD_RETURNED);
    assert_int_equal(count, 3);
    (void)example_boot(board, PORT_RESET_POWER_ON);
    assert_int_equal(board_run(board, count_boots, &count, NULL), BOARD_RETURNED);
    assert_int_equal(count, 1);
    board_free(board);
}

// ---- anti-rollback ------------------------------------------------------------------------------

static struct board_config anti_rollback_config(const char *release) {
    struct board_config config = example_config(release);
    config.bootloader.anti_rollback = config.app.anti_rollback = true;
    return config;
}

static void burned_before_the_image_is_verified(void **state) {
    (void)state;
    struct board_config config = anti_rollback_config("master");
    struct board *board = example_board(&config, EXAMPLE_SLOTS);
    board_efuse_set(board, PORT_EFUSE_SECURE_VERSION, 3);
    example_image(board, EXAMPLE_OTA_0, 2);
    example_image(board, EXAMPLE_OTA_1, 3);
    example_damage(board, EXAMPLE_OTA_1);
    example_entry_set(board, 0, 1, OTADATA_VALID);
    example_entry_set(board, 1, 2, OTADATA_VALID);
    assert_int_equal(board_boot(board, PORT_RESET_POWER_ON, NULL),
                     BOARD_RESTARTED); // nothing may run any more
    assert_int_equal(board_efuse(board, PORT_EFUSE_SECURE_VERSION), 7);
    board_free(board);
}

static void initial_contents_name_the_slot_that_boots(void **state) {
    (void)state;
    struct board_config config = anti_rollback_config("master");
    struct board *board = example_board(&config, EXAMPLE_SLOTS);
    board_efuse_set(board, PORT_EFUSE_SECURE_VERSION, 3);
    example_image(board, EXAMPLE_OTA_0, 1);
    example_image(board, EXAMPLE_OTA_1, 2);
    assert_int_equal(example_boot(board, PORT_RESET_POWER_ON), EXAMPLE_OTA_1);
    assert_int_equal(example_entry(board, 0).seq, 2); // BL-80
    assert_int_equal(example_entry(board, 0).state, OTADATA_VALID);
    board_free(board);
}

static void start_up(void *context) {
    (void)context;
    (void)app_startup();
}

static void an_app_below_the_efuse_aborts_in_start_up(void **state) {
    (void)state;
    static const struct {
        const char *release;
        enum board_end end;
    } table[] = {{"v4.4.6", BOARD_RETURNED}, {"v4.4.7", BOARD_PANICKED}, {"v5.0.6", BOARD_RETURNED},
                 {"v5.0.7", BOARD_PANICKED}, {"v5.1.3", BOARD_RETURNED}, {"v5.1.4", BOARD_PANICKED},
                 {"v5.2.0", BOARD_RETURNED}, {"v5.2.1", BOARD_PANICKED}, {"v5.3.0", BOARD_PANICKED}}; // RL-19
    for (size_t i = 0; i < sizeof table / sizeof *table; i++) { // a bootloader built without the option
        struct board_config config = anti_rollback_config(table[i].release);
        config.bootloader.anti_rollback = false;
        struct board *board = example_board(&config, EXAMPLE_SLOTS);
        board_efuse_set(board, PORT_EFUSE_SECURE_VERSION, 1);
        assert_int_equal(example_boot(board, PORT_RESET_POWER_ON), EXAMPLE_OTA_0);
        assert_int_equal(board_run(board, start_up, NULL, NULL), table[i].end);
        board_free(board);
    }
}

static void start_up_and_tell(void *context) {
    *(bool *)context = app_startup();
}

// RL-1 to RL-4 (an app that crashes after this is VALID: RL-3): what v6.2 does by itself, and only with an option said.
static void the_app_is_confirmed_before_app_main(void **state) {
    (void)state;
    static const struct {
        const char *release;
        bool on_startup; // said
        uint32_t before, after;
        bool confirmed;
    } table[] = {
        {"v6.2", false, OTADATA_PENDING_VERIFY, OTADATA_VALID, true}, // by default
        {"v6.2", false, OTADATA_NEW, OTADATA_VALID, true},            // a bootloader without rollback (RL-4)
        {"v6.2", false, OTADATA_UNDEFINED, OTADATA_UNDEFINED, false},
        {"master", false, OTADATA_PENDING_VERIFY, OTADATA_PENDING_VERIFY, false},
        {"v6.0", false, OTADATA_NEW, OTADATA_NEW, false},
    };
    for (size_t i = 0; i < sizeof table / sizeof *table; i++) {
        struct board_config config = example_config(table[i].release);
        config.app = firmware_build_default(release_profile_find(table[i].release), config.target);
        config.bootloader = config.app;
        config.bootloader.rollback = table[i].before == OTADATA_PENDING_VERIFY;
        config.app.rollback = true;
        struct board *board = example_board(&config, EXAMPLE_SLOTS);
        uint32_t put = table[i].before == OTADATA_PENDING_VERIFY ? OTADATA_NEW : table[i].before;
        example_entry_set(board, 0, 1, put);
        assert_int_equal(example_boot(board, PORT_RESET_POWER_ON), EXAMPLE_OTA_0);
        bool confirmed;
        assert_int_equal(board_run(board, start_up_and_tell, &confirmed, NULL), BOARD_RETURNED);
        if (confirmed != table[i].confirmed || example_entry(board, 0).state != table[i].after)
            fail_msg("%s, %u: %s, then %u", table[i].release, (unsigned)table[i].before,
                     confirmed ? "confirmed" : "not confirmed", (unsigned)example_entry(board, 0).state);
        board_free(board);
    }
}

// What nobody said follows the release, what somebody said does not (RL-1).
static void rollback_is_on_by_default_since_v6_2(void **state) {
    (void)state;
    const struct chip_target *esp32 = chip_target_find("esp32");
    struct firmware_build build = firmware_build_default(release_profile_find("v6.0"), esp32);
    assert_false(build.rollback || build.confirm_on_startup);
    firmware_build_set_release(&build, release_profile_find("v6.2"));
    assert_true(build.rollback && build.confirm_on_startup);
    build = firmware_build_default(release_profile_find("v6.0"), esp32);
    build.rollback = true;
    build.rollback_unsaid = false;
    firmware_build_set_release(&build, release_profile_find("v6.2"));
    assert_true(build.rollback && !build.confirm_on_startup);
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(selects_as_the_truth_table_says),
        cmocka_unit_test(broken_image_falls_back_and_is_given_up_next_time),
        cmocka_unit_test(failing_otadata_write_does_not_stop_the_boot),
        cmocka_unit_test(factory_reset_pin_erases_what_the_build_lists),
        cmocka_unit_test(factory_reset_rolls_back_a_new_app),
        cmocka_unit_test(factory_reset_flag_is_read_once),
        cmocka_unit_test(test_pin_starts_the_test_app_or_nothing),
        cmocka_unit_test(validation_is_skipped_when_the_build_says_so),
        cmocka_unit_test(wake_goes_straight_to_the_last_app),
        cmocka_unit_test(wake_without_a_record_boots_normally),
        cmocka_unit_test(reboots_are_counted_until_the_power_goes),
        cmocka_unit_test(burned_before_the_image_is_verified),
        cmocka_unit_test(initial_contents_name_the_slot_that_boots),
        cmocka_unit_test(an_app_below_the_efuse_aborts_in_start_up),
        cmocka_unit_test(the_app_is_confirmed_before_app_main),
        cmocka_unit_test(rollback_is_on_by_default_since_v6_2),
    };
    return cmocka_run_group_tests_name("bootloader", tests, NULL, NULL);
}
