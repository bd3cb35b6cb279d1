#include "sdkconfig.h"

#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "../../ota/firmware.h"

#define MEGABYTES_MAX 128u

struct setting {
    const char *name;
    bool (*take)(const char *value, struct sdkconfig *out); // false: the value makes no sense
};

// ---- values -------------------------------------------------------------------------------------

static bool is_yes(const char *value) {
    return strcmp(value, "y") == 0;
}

static bool number(const char *value, uint32_t high, uint32_t *out) {
    char *end;
    errno = 0;
    unsigned long long parsed = strtoull(value, &end, 0);
    if (end == value || *end != '\0' || errno != 0 || value[0] == '-' || parsed > high)
        return false;
    *out = (uint32_t)parsed;
    return true;
}

static bool take_target(const char *value, struct sdkconfig *out) {
    out->target = chip_target_find(value);
    return out->target != NULL;
}

static bool take_flash_size(const char *value, struct sdkconfig *out) {
    char *end;
    unsigned long megabytes = strtoul(value, &end, 10);
    if (strcmp(end, "MB") != 0 || megabytes < 1 || megabytes > MEGABYTES_MAX)
        return false;
    out->flash_size = (uint32_t)megabytes << 20;
    return true;
}

static bool take_table_offset(const char *value, struct sdkconfig *out) {
    return number(value, UINT32_MAX, &out->table_offset);
}

// Set, the option of before v6.2 means rollback with confirmation by the app in v6.2, too (RL-1).
static bool take_rollback_enable(const char *value, struct sdkconfig *out) {
    out->rollback = out->rollback || is_yes(value);
    out->confirm_by_app = out->confirm_by_app || is_yes(value);
    return true;
}

static bool take_rollback(const char *value, struct sdkconfig *out) {
    out->rollback = out->rollback || is_yes(value);
    out->rollback_off = !is_yes(value);
    return true;
}

static bool take_confirm_on_startup(const char *value, struct sdkconfig *out) {
    out->confirm_on_startup = is_yes(value);
    return true;
}

static bool take_confirm_by_app(const char *value, struct sdkconfig *out) {
    out->confirm_by_app = out->confirm_by_app || is_yes(value);
    return true;
}

static bool take_anti_rollback(const char *value, struct sdkconfig *out) {
    out->anti_rollback = is_yes(value);
    return true;
}

static bool take_secure_version(const char *value, struct sdkconfig *out) {
    return number(value, 32, &out->secure_version);
}

static bool take_secure_version_bits(const char *value, struct sdkconfig *out) {
    return number(value, 32, &out->secure_version_bits);
}

static bool take_md5(const char *value, struct sdkconfig *out) {
    out->no_md5 = !is_yes(value);
    return true;
}

static bool text(const char *value, char *out, size_t size) {
    return snprintf(out, size, "%s", value) < (int)size;
}

static bool take_table_file(const char *value, struct sdkconfig *out) {
    return text(value, out->table_file, sizeof out->table_file);
}

static bool take_custom_table(const char *value, struct sdkconfig *out) {
    out->has_table_file = is_yes(value);
    return true;
}

static bool take_coredump(const char *value, struct sdkconfig *out) {
    out->coredump_in_flash = is_yes(value);
    return true;
}

static bool take_factory_reset(const char *value, struct sdkconfig *out) {
    out->factory_reset = is_yes(value);
    return true;
}

static bool take_otadata_erase(const char *value, struct sdkconfig *out) {
    out->factory_reset_erases_otadata = is_yes(value);
    return true;
}

static bool take_reset_labels(const char *value, struct sdkconfig *out) {
    return text(value, out->factory_reset_labels, sizeof out->factory_reset_labels);
}

static bool take_app_test(const char *value, struct sdkconfig *out) {
    out->app_test = is_yes(value);
    return true;
}

static bool take_pin_hold(const char *value, struct sdkconfig *out) {
    return number(value, 3600, &out->pin_hold_seconds);
}

static bool take_pin(const char *value, struct sdkconfig *out) { // which pin it is makes no difference here
    (void)out;
    uint32_t pin;
    return number(value, UINT8_MAX, &pin);
}

static void skip(const char *value, unsigned bit, struct sdkconfig *out) {
    out->skip_validate |= is_yes(value) ? bit : 0;
}

static bool take_skip_always(const char *value, struct sdkconfig *out) {
    skip(value, SKIP_VALIDATE_ALWAYS, out);
    return true;
}

static bool take_skip_power_on(const char *value, struct sdkconfig *out) {
    skip(value, SKIP_VALIDATE_POWER_ON, out);
    return true;
}

static bool take_skip_deep_sleep(const char *value, struct sdkconfig *out) {
    skip(value, SKIP_VALIDATE_DEEP_SLEEP, out);
    return true;
}

// Where there are two names, the second is the one of before v4.4, which sdkconfig still carries.
static const struct setting settings[] = {
    {"CONFIG_IDF_TARGET", take_target},
    {"CONFIG_ESPTOOLPY_FLASHSIZE", take_flash_size},
    {"CONFIG_PARTITION_TABLE_OFFSET", take_table_offset},
    {"CONFIG_PARTITION_TABLE_MD5", take_md5},
    {"CONFIG_PARTITION_TABLE_CUSTOM_FILENAME", take_table_file},
    {"CONFIG_BOOTLOADER_APP_ROLLBACK", take_rollback},
    {"CONFIG_BOOTLOADER_APP_ROLLBACK_CONFIRM_ON_STARTUP", take_confirm_on_startup},
    {"CONFIG_BOOTLOADER_APP_ROLLBACK_CONFIRM_BY_APP", take_confirm_by_app},
    {"CONFIG_BOOTLOADER_APP_ROLLBACK_ENABLE", take_rollback_enable},
    {"CONFIG_APP_ROLLBACK_ENABLE", take_rollback_enable},
    {"CONFIG_BOOTLOADER_APP_ANTI_ROLLBACK", take_anti_rollback},
    {"CONFIG_APP_ANTI_ROLLBACK", take_anti_rollback},
    {"CONFIG_BOOTLOADER_APP_SECURE_VERSION", take_secure_version},
    {"CONFIG_APP_SECURE_VERSION", take_secure_version},
    {"CONFIG_BOOTLOADER_APP_SEC_VER_SIZE_EFUSE_FIELD", take_secure_version_bits},
    {"CONFIG_APP_SECURE_VERSION_SIZE_EFUSE_FIELD", take_secure_version_bits},
    {"CONFIG_BOOTLOADER_FACTORY_RESET", take_factory_reset},
    {"CONFIG_BOOTLOADER_NUM_PIN_FACTORY_RESET", take_pin},
    {"CONFIG_BOOTLOADER_OTA_DATA_ERASE", take_otadata_erase},
    {"CONFIG_BOOTLOADER_DATA_FACTORY_RESET", take_reset_labels},
    {"CONFIG_BOOTLOADER_APP_TEST", take_app_test},
    {"CONFIG_BOOTLOADER_NUM_PIN_APP_TEST", take_pin},
    {"CONFIG_BOOTLOADER_HOLD_TIME_GPIO", take_pin_hold},
    {"CONFIG_BOOTLOADER_SKIP_VALIDATE_ALWAYS", take_skip_always},
    {"CONFIG_BOOTLOADER_SKIP_VALIDATE_ON_POWER_ON", take_skip_power_on},
    {"CONFIG_BOOTLOADER_SKIP_VALIDATE_IN_DEEP_SLEEP", take_skip_deep_sleep},
    {"CONFIG_PARTITION_TABLE_CUSTOM", take_custom_table},
    {"CONFIG_ESP_COREDUMP_ENABLE_TO_FLASH", take_coredump},
    {"CONFIG_ESP32_ENABLE_COREDUMP_TO_FLASH", take_coredump},
};

// ---- what else there is to say about updates ----------------------------------------------------

// Options that begin so change what an update or a boot does. One that is on and is not taken over is listed.
static const char *const about_updates[] = {
    "CONFIG_SECURE_",
    "CONFIG_FLASH_ENCRYPTION",
    "CONFIG_NVS_ENCRYPTION",
    "CONFIG_NVS_SEC_",
    "CONFIG_EFUSE_VIRTUAL",
    "CONFIG_BOOTLOADER_APP_",
    "CONFIG_BOOTLOADER_SKIP",
    "CONFIG_BOOTLOADER_FACTORY",
    "CONFIG_BOOTLOADER_EFUSE_",
    "CONFIG_BOOTLOADER_ANTI",
    "CONFIG_BOOTLOADER_RECOV",
    "CONFIG_BOOTLOADER_CUSTOM_RESERVE",
    "CONFIG_PARTITION_TABLE",
    "CONFIG_SPI_FLASH_DANGER",
    "CONFIG_SPI_FLASH_SIZE_OVERRIDE",
    "CONFIG_ESP_HTTPS_OTA_",
    "CONFIG_OTA_",
    "CONFIG_APP_ROLLBACK",
};

// Of those, what every sdkconfig carries and what says nothing of its own: what the chip could do, results of
// other options, and the defaults.
static const char *const says_nothing[] = {
    "CONFIG_SECURE_BOOT_V2_RSA_SUPPORTED",     "CONFIG_SECURE_BOOT_V2_ECC_SUPPORTED",
    "CONFIG_SECURE_BOOT_V1_SUPPORTED",         "CONFIG_SECURE_BOOT_V2_PREFERRED",
    "CONFIG_SECURE_ROM_DL_MODE_ENABLED",       "CONFIG_PARTITION_TABLE_FILENAME",
    "CONFIG_SPI_FLASH_DANGEROUS_WRITE_ABORTS", "CONFIG_ESP_HTTPS_OTA_EVENT_POST_TIMEOUT",
};

static bool begins_with(const char *text, const char *start) {
    return strncmp(text, start, strlen(start)) == 0;
}

static void note_left_out(const char *name, const char *value, struct sdkconfig *out) {
    if (strcmp(value, "n") == 0 || value[0] == '\0')
        return;
    bool concerns = false;
    for (size_t i = 0; i < sizeof about_updates / sizeof about_updates[0]; i++)
        concerns = concerns || begins_with(name, about_updates[i]);
    for (size_t i = 0; i < sizeof says_nothing / sizeof says_nothing[0]; i++)
        concerns = concerns && strcmp(name, says_nothing[i]) != 0;
    if (concerns)
        buffer_printf(&out->left_out, "%s=%s\n", name, value);
}

// The size of the flash is a choice of options, CONFIG_ESPTOOLPY_FLASHSIZE_8MB=y; a full sdkconfig repeats it
// as a text.
static bool take_size_choice(const char *name, const char *value, struct sdkconfig *out) {
    static const char start[] = "CONFIG_ESPTOOLPY_FLASHSIZE_";
    return begins_with(name, start) && is_yes(value) && take_flash_size(name + strlen(start), out);
}

static bool take(const char *name, const char *value, struct sdkconfig *out) {
    for (size_t i = 0; i < sizeof settings / sizeof settings[0]; i++)
        if (strcmp(settings[i].name, name) == 0)
            return settings[i].take(value, out);
    const struct stock_table *table = stock_table_find(name);
    if (table != NULL && is_yes(value))
        out->stock_table = table;
    else if (table == NULL && !take_size_choice(name, value, out))
        note_left_out(name, value, out);
    return true;
}

// ---- lines --------------------------------------------------------------------------------------

static const char unset_start[] = "# CONFIG_", unset_end[] = " is not set", set_start[] = "CONFIG_";
static const char head[] =
    "(ESP-IDF) "; // "# Espressif IoT Development Framework (ESP-IDF) 5.3.1 Project ..."

static void strip_quotes(char **value) {
    size_t length = strlen(*value);
    if (length < 2 || (*value)[0] != '"' || (*value)[length - 1] != '"')
        return;
    (*value)[length - 1] = '\0';
    ++*value;
}

// The version at the beginning of `text`, kept in `out` as the file says it.
static const char *said_version(const char *text, char out[32]) {
    (void)snprintf(out, 32, "%.*s", (int)strcspn(text, " \t"), text);
    return out;
}

static bool take_line(char *line, struct sdkconfig *out) {
    line[strcspn(line, "\r")] = '\0';
    char *version = strstr(line, head), *end = strstr(line, unset_end), *equals = strchr(line, '=');
    if (line[0] == '#' && version)
        out->release = release_of_version(said_version(version + strlen(head), out->release_said));
    if (strncmp(line, unset_start, strlen(unset_start)) == 0 && end) {
        *end = '\0';
        return take(line + 2, "n", out);
    }
    if (strncmp(line, set_start, strlen(set_start)) != 0 || !equals)
        return true;
    *equals = '\0';
    char *value = equals + 1;
    strip_quotes(&value);
    return take(line, value, out);
}

bool sdkconfig_is_one(const struct buffer *text) {
    const char *all = buffer_string(text);
    return strlen(all) == text->length && (strncmp(all, set_start, strlen(set_start)) == 0 ||
                                           strstr(all, "\nCONFIG_") || strstr(all, unset_start));
}

void sdkconfig_free(struct sdkconfig *config) {
    buffer_free(&config->left_out);
}

bool sdkconfig_read(const struct buffer *text, struct sdkconfig *out, struct error *error) {
    *out = (struct sdkconfig){0};
    char *copy = memory_text(buffer_string(text)), *rest = copy, *line;
    bool fine = true;
    for (unsigned number_of_line = 1; fine && (line = strsep(&rest, "\n")) != NULL; number_of_line++) {
        fine = take_line(line, out);
        if (!fine) // take_line has cut the line behind the option's name
            (void)error_set(error, "line %u: %.80s has a value that makes no sense here", number_of_line,
                            line);
    }
    free(copy);
    return fine;
}

void sdkconfig_follow_release(struct sdkconfig *config, const struct release_profile *release) {
    if (release->confirms_on_startup) {
        config->rollback = config->rollback || !config->rollback_off;
        config->confirm_on_startup = !config->confirm_by_app;
    }
    config->confirm_on_startup = config->confirm_on_startup && config->rollback && !config->anti_rollback;
}

const struct release_profile *release_of_version(const char *version) {
    return release_profile_nearest(version);
}
