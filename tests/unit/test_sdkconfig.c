// What an sdkconfig says about updates.
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>
#include <stdio.h>
#include <string.h>

#include "ota/firmware.h"
#include "sim/starter/sdkconfig.h"

static bool read_text(const char *text, struct sdkconfig *out, struct error *error) {
    struct buffer buffer = {0};
    buffer_text(&buffer, text);
    bool fine = sdkconfig_read(&buffer, out, error);
    buffer_free(&buffer);
    return fine;
}

static struct sdkconfig config_of(const char *text) {
    struct sdkconfig config;
    struct error error = {0};
    if (!read_text(text, &config, &error))
        fail_msg("%s", error.message);
    return config;
}

static void test_all(void **state) {
    (void)state;
    struct sdkconfig config =
        config_of("# Espressif IoT Development Framework (ESP-IDF) 5.3.1 Project Configuration\n"
                  "CONFIG_IDF_TARGET=\"esp32c3\"\n"
                  "CONFIG_ESPTOOLPY_FLASHSIZE=\"16MB\"\r\n"
                  "CONFIG_PARTITION_TABLE_OFFSET=0x10000\n"
                  "# CONFIG_PARTITION_TABLE_MD5 is not set\n"
                  "CONFIG_PARTITION_TABLE_CUSTOM=y\n"
                  "CONFIG_PARTITION_TABLE_CUSTOM_FILENAME=\"parts/mine.csv\"\n"
                  "CONFIG_BOOTLOADER_APP_ROLLBACK_ENABLE=y\n"
                  "CONFIG_BOOTLOADER_APP_ANTI_ROLLBACK=y\n"
                  "CONFIG_BOOTLOADER_APP_SECURE_VERSION=3\n"
                  "CONFIG_BOOTLOADER_APP_SEC_VER_SIZE_EFUSE_FIELD=16\n");
    assert_string_equal(config.release->name, "v5.3.1");
    assert_string_equal(config.target->name, "esp32c3");
    assert_int_equal(config.flash_size, 16u << 20);
    assert_int_equal(config.table_offset, 0x10000);
    assert_true(config.no_md5 && config.rollback && config.anti_rollback);
    assert_true(config.has_table_file);
    assert_null(config.stock_table);
    assert_int_equal(config.left_out.length, 0);
    assert_string_equal(config.table_file, "parts/mine.csv");
    assert_int_equal(config.secure_version, 3);
    assert_int_equal(config.secure_version_bits, 16);
}

static void test_nothing_said(void **state) {
    (void)state;
    struct sdkconfig config = config_of("# a comment\nCONFIG_LWIP_IPV6=y\nCONFIG_EMPTY=\n\n");
    assert_null(config.target);
    assert_null(config.release);
    assert_int_equal(config.flash_size, 0);
    assert_null(config.stock_table);
    assert_false(config.rollback || config.anti_rollback || config.no_md5);
}

static void test_names_of_before(void **state) {
    (void)state;
    struct sdkconfig config =
        config_of("CONFIG_APP_ROLLBACK_ENABLE=y\nCONFIG_APP_ANTI_ROLLBACK=y\n"
                  "CONFIG_APP_SECURE_VERSION=2\nCONFIG_APP_SECURE_VERSION_SIZE_EFUSE_FIELD=4\n");
    assert_true(config.rollback && config.anti_rollback);
    assert_int_equal(config.secure_version, 2);
    assert_int_equal(config.secure_version_bits, 4);
}

// RL-1: the option of before v6.2 and that of v6.2, under a release before and after.
static void test_rollback_follows_the_release(void **state) {
    (void)state;
    static const struct {
        const char *text, *release;
        bool rollback, on_startup;
    } table[] = {
        {"", "v6.1", false, false},
        {"", "v6.2", true, true},
        {"# CONFIG_BOOTLOADER_APP_ROLLBACK_ENABLE is not set\n", "v6.2", true, true},
        {"CONFIG_BOOTLOADER_APP_ROLLBACK_ENABLE=y\n", "v6.2", true, false},
        {"CONFIG_BOOTLOADER_APP_ROLLBACK_ENABLE=y\n", "v6.1", true, false},
        {"# CONFIG_BOOTLOADER_APP_ROLLBACK is not set\n", "v6.2", false, false},
        {"CONFIG_BOOTLOADER_APP_ROLLBACK=y\nCONFIG_BOOTLOADER_APP_ROLLBACK_CONFIRM_ON_STARTUP=y\n", "v6.2",
         true, true},
        {"CONFIG_BOOTLOADER_APP_ROLLBACK=y\nCONFIG_BOOTLOADER_APP_ROLLBACK_CONFIRM_BY_APP=y\n", "v6.2", true,
         false},
        {"CONFIG_BOOTLOADER_APP_ANTI_ROLLBACK=y\n", "v6.2", true, false}, // RL-5
    };
    for (size_t i = 0; i < sizeof table / sizeof *table; i++) {
        struct sdkconfig config = config_of(table[i].text);
        sdkconfig_follow_release(&config, release_profile_find(table[i].release));
        if (config.rollback != table[i].rollback || config.confirm_on_startup != table[i].on_startup)
            fail_msg("row %zu: rollback %d, on startup %d", i, config.rollback, config.confirm_on_startup);
        assert_int_equal(config.left_out.length, 0);
        sdkconfig_free(&config);
    }
}

static void test_choice_of_table(void **state) {
    (void)state;
    for (const struct stock_table *table = stock_tables; table->option != NULL; table++) {
        char line[96];
        (void)snprintf(line, sizeof line, "%s=y", table->option);
        assert_ptr_equal(config_of(line).stock_table, table);
        (void)snprintf(line, sizeof line, "# %s is not set", table->option);
        assert_null(config_of(line).stock_table);
    }
}

static void test_choice_of_size(void **state) {
    (void)state;
    assert_int_equal(config_of("CONFIG_ESPTOOLPY_FLASHSIZE_8MB=y").flash_size, 8u << 20);
    assert_int_equal(config_of("# CONFIG_ESPTOOLPY_FLASHSIZE_8MB is not set").flash_size, 0);
    assert_int_equal(config_of("CONFIG_ESPTOOLPY_FLASHSIZE_DETECT=y").flash_size, 0);
}

static void test_bootloader_options(void **state) {
    (void)state;
    struct sdkconfig config = config_of(
        "CONFIG_BOOTLOADER_FACTORY_RESET=y\nCONFIG_BOOTLOADER_NUM_PIN_FACTORY_RESET=4\n"
        "CONFIG_BOOTLOADER_OTA_DATA_ERASE=y\nCONFIG_BOOTLOADER_DATA_FACTORY_RESET=\"nvs, cfg\"\n"
        "CONFIG_BOOTLOADER_APP_TEST=y\nCONFIG_BOOTLOADER_HOLD_TIME_GPIO=3\n"
        "CONFIG_BOOTLOADER_SKIP_VALIDATE_ON_POWER_ON=y\nCONFIG_BOOTLOADER_SKIP_VALIDATE_IN_DEEP_SLEEP=y\n");
    assert_true(config.factory_reset && config.factory_reset_erases_otadata && config.app_test);
    assert_string_equal(config.factory_reset_labels, "nvs, cfg");
    assert_int_equal(config.pin_hold_seconds, 3);
    assert_int_equal(config.skip_validate, SKIP_VALIDATE_POWER_ON | SKIP_VALIDATE_DEEP_SLEEP);
    assert_int_equal(config.left_out.length, 0);
}

static void test_what_is_not_taken_over_is_listed(void **state) {
    (void)state;
    struct sdkconfig config =
        config_of("CONFIG_SECURE_BOOT=y\n# CONFIG_SECURE_FLASH_ENC_ENABLED is not set\n"
                  "CONFIG_SECURE_BOOT_V2_PREFERRED=y\nCONFIG_LWIP_IPV6=y\n"
                  "CONFIG_SECURE_BOOT_SIGNING_KEY=\"\"\nCONFIG_SECURE_SIGNED_ON_UPDATE=y\n");
    assert_string_equal(buffer_string(&config.left_out),
                        "CONFIG_SECURE_BOOT=y\nCONFIG_SECURE_SIGNED_ON_UPDATE=y\n");
    sdkconfig_free(&config);
}

static void test_nonsense(void **state) {
    (void)state;
    static const char *const lines[] = {
        "CONFIG_IDF_TARGET=\"esp99\"",
        "CONFIG_ESPTOOLPY_FLASHSIZE=\"4 MB\"",
        "CONFIG_ESPTOOLPY_FLASHSIZE=\"-4MB\"",
        "CONFIG_ESPTOOLPY_FLASHSIZE=\"0MB\"",
        "CONFIG_PARTITION_TABLE_OFFSET=",
        "CONFIG_PARTITION_TABLE_OFFSET=-1",
        "CONFIG_PARTITION_TABLE_OFFSET=0x100000000",
        "CONFIG_BOOTLOADER_APP_SECURE_VERSION=33",
        "CONFIG_BOOTLOADER_APP_SECURE_VERSION=one",
    };
    for (size_t i = 0; i < sizeof lines / sizeof lines[0]; i++) {
        struct buffer text = {0};
        struct sdkconfig config;
        struct error error = {0};
        buffer_printf(&text, "# first\n%s\n", lines[i]);
        assert_false(sdkconfig_read(&text, &config, &error));
        assert_non_null(strstr(error.message, "line 2: CONFIG_"));
        buffer_free(&text);
    }
}

static void test_which_file_is_one(void **state) {
    (void)state;
    static const struct {
        const char *text;
        bool is_one;
    } files[] = {
        {"CONFIG_IDF_TARGET=\"esp32\"\n", true}, {"# defaults\n\nCONFIG_A=y", true},
        {"# CONFIG_A is not set", true},         {"", false},
        {"nvs, data, nvs, , 16K\n", false},
    };
    for (size_t i = 0; i < sizeof files / sizeof files[0]; i++) {
        struct buffer text = {0};
        buffer_text(&text, files[i].text);
        assert_int_equal(sdkconfig_is_one(&text), files[i].is_one);
        buffer_append(&text, "\0", 1); // binary files are none, whatever is in them
        assert_false(sdkconfig_is_one(&text));
        buffer_free(&text);
    }
}

static void test_release_of_version(void **state) {
    (void)state;
    assert_string_equal(release_of_version("5.5.1")->name, "v5.5.1");
    assert_string_equal(release_of_version("v6.0-dev-123-gabc")->name, "v6.0");
    assert_string_equal(release_of_version("v3.3")->name, "v4.4.0"); // all are newer
    assert_null(release_of_version("next"));
    assert_null(release_of_version(""));
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_all),
        cmocka_unit_test(test_nothing_said),
        cmocka_unit_test(test_names_of_before),
        cmocka_unit_test(test_rollback_follows_the_release),
        cmocka_unit_test(test_choice_of_table),
        cmocka_unit_test(test_choice_of_size),
        cmocka_unit_test(test_bootloader_options),
        cmocka_unit_test(test_what_is_not_taken_over_is_listed),
        cmocka_unit_test(test_nonsense),
        cmocka_unit_test(test_which_file_is_one),
        cmocka_unit_test(test_release_of_version),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
