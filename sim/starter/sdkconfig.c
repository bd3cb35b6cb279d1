#include "sdkconfig.h"

#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

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

static bool take_rollback(const char *value, struct sdkconfig *out) {
    out->rollback = is_yes(value);
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

static bool take_table_file(const char *value, struct sdkconfig *out) {
    return snprintf(out->table_file, sizeof out->table_file, "%s", value) < (int)sizeof out->table_file;
}

// ---- choices: one option each, of which one is y ------------------------------------------------

static const struct {
    const char *name;
    enum sdkconfig_table table;
} table_choices[] = {
    {"CONFIG_PARTITION_TABLE_CUSTOM", SDKCONFIG_TABLE_FILE},
    {"CONFIG_PARTITION_TABLE_SINGLE_APP", SDKCONFIG_TABLE_SINGLE_APP},
    {"CONFIG_PARTITION_TABLE_SINGLE_APP_LARGE", SDKCONFIG_TABLE_SINGLE_APP_LARGE},
    {"CONFIG_PARTITION_TABLE_TWO_OTA", SDKCONFIG_TABLE_TWO_OTA},
    {"CONFIG_PARTITION_TABLE_TWO_OTA_LARGE", SDKCONFIG_TABLE_TWO_OTA_LARGE},
};

// Where there are two names, the second is the one of before v4.4, which sdkconfig still carries.
static const struct setting settings[] = {
    {"CONFIG_IDF_TARGET", take_target},
    {"CONFIG_ESPTOOLPY_FLASHSIZE", take_flash_size},
    {"CONFIG_PARTITION_TABLE_OFFSET", take_table_offset},
    {"CONFIG_PARTITION_TABLE_MD5", take_md5},
    {"CONFIG_PARTITION_TABLE_CUSTOM_FILENAME", take_table_file},
    {"CONFIG_BOOTLOADER_APP_ROLLBACK_ENABLE", take_rollback},
    {"CONFIG_APP_ROLLBACK_ENABLE", take_rollback},
    {"CONFIG_BOOTLOADER_APP_ANTI_ROLLBACK", take_anti_rollback},
    {"CONFIG_APP_ANTI_ROLLBACK", take_anti_rollback},
    {"CONFIG_BOOTLOADER_APP_SECURE_VERSION", take_secure_version},
    {"CONFIG_APP_SECURE_VERSION", take_secure_version},
    {"CONFIG_BOOTLOADER_APP_SEC_VER_SIZE_EFUSE_FIELD", take_secure_version_bits},
    {"CONFIG_APP_SECURE_VERSION_SIZE_EFUSE_FIELD", take_secure_version_bits},
};

static bool take(const char *name, const char *value, struct sdkconfig *out) {
    for (size_t i = 0; i < sizeof table_choices / sizeof table_choices[0]; i++)
        if (strcmp(table_choices[i].name, name) == 0 && is_yes(value))
            out->table = table_choices[i].table;
    for (size_t i = 0; i < sizeof settings / sizeof settings[0]; i++)
        if (strcmp(settings[i].name, name) == 0)
            return settings[i].take(value, out);
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

static bool take_line(char *line, struct sdkconfig *out) {
    line[strcspn(line, "\r")] = '\0';
    char *version = strstr(line, head), *end = strstr(line, unset_end), *equals = strchr(line, '=');
    if (line[0] == '#' && version)
        out->release = release_of_version(version + strlen(head));
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

const struct release_profile *release_of_version(const char *version) {
    unsigned major, minor;
    char name[32];
    if (sscanf(*version == 'v' ? version + 1 : version, "%3u.%3u", &major, &minor) != 2)
        return NULL;
    (void)snprintf(name, sizeof name, "v%u.%u", major, minor);
    return release_profile_find(name);
}
