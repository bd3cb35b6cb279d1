// What an sdkconfig says about updates.
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>
#include <string.h>

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
    assert_string_equal(config.release->name, "v5.3");
    assert_string_equal(config.target->name, "esp32c3");
    assert_int_equal(config.flash_size, 16u << 20);
    assert_int_equal(config.table_offset, 0x10000);
    assert_true(config.no_md5 && config.rollback && config.anti_rollback);
    assert_int_equal(config.table, SDKCONFIG_TABLE_FILE);
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
    assert_int_equal(config.table, SDKCONFIG_TABLE_UNSAID);
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

static void test_choice_of_table(void **state) {
    (void)state;
    static const struct {
        const char *line;
        enum sdkconfig_table table;
    } choices[] = {
        {"CONFIG_PARTITION_TABLE_SINGLE_APP=y", SDKCONFIG_TABLE_SINGLE_APP},
        {"CONFIG_PARTITION_TABLE_SINGLE_APP_LARGE=y", SDKCONFIG_TABLE_SINGLE_APP_LARGE},
        {"CONFIG_PARTITION_TABLE_TWO_OTA=y", SDKCONFIG_TABLE_TWO_OTA},
        {"CONFIG_PARTITION_TABLE_TWO_OTA_LARGE=y", SDKCONFIG_TABLE_TWO_OTA_LARGE},
        {"# CONFIG_PARTITION_TABLE_TWO_OTA is not set", SDKCONFIG_TABLE_UNSAID},
    };
    for (size_t i = 0; i < sizeof choices / sizeof choices[0]; i++)
        assert_int_equal(config_of(choices[i].line).table, choices[i].table);
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
    assert_string_equal(release_of_version("5.5.1")->name, "v5.5");
    assert_string_equal(release_of_version("v6.0-dev-123-gabc")->name, "v6.0");
    assert_null(release_of_version("v3.3"));
    assert_null(release_of_version("next"));
    assert_null(release_of_version(""));
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_all),
        cmocka_unit_test(test_nothing_said),
        cmocka_unit_test(test_names_of_before),
        cmocka_unit_test(test_choice_of_table),
        cmocka_unit_test(test_nonsense),
        cmocka_unit_test(test_which_file_is_one),
        cmocka_unit_test(test_release_of_version),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
