#include "partition_keywords.h"

#include <string.h>

// Which releases know a keyword: all, or those with a behaviour of ota/release_behaviours.h.
enum known { BY_ALL, WITH_LITTLEFS, WITH_TEE };

struct keyword {
    int8_t of_type;
    uint8_t value;
    const char *word;
    enum known known;
};

static const struct keyword keywords[] = {
    {ALL_TYPES, TYPE_BOOTLOADER, "bootloader", BY_ALL},
    {ALL_TYPES, TYPE_PARTITION_TABLE, "partition_table", BY_ALL},
    {ALL_TYPES, TYPE_APP, "app", BY_ALL},
    {ALL_TYPES, TYPE_DATA, "data", BY_ALL},
    {TYPE_BOOTLOADER, SYSTEM_PRIMARY, "primary", BY_ALL},
    {TYPE_BOOTLOADER, 1, "ota", BY_ALL},
    {TYPE_BOOTLOADER, BOOTLOADER_RECOVERY, "recovery", WITH_TEE},
    {TYPE_PARTITION_TABLE, SYSTEM_PRIMARY, "primary", BY_ALL},
    {TYPE_PARTITION_TABLE, 1, "ota", BY_ALL},
    {TYPE_APP, 0x00, "factory", BY_ALL},
    {TYPE_APP, 0x20, "test", BY_ALL},
    {TYPE_APP, 0x10, "ota_0", BY_ALL},
    {TYPE_APP, 0x11, "ota_1", BY_ALL},
    {TYPE_APP, 0x12, "ota_2", BY_ALL},
    {TYPE_APP, 0x13, "ota_3", BY_ALL},
    {TYPE_APP, 0x14, "ota_4", BY_ALL},
    {TYPE_APP, 0x15, "ota_5", BY_ALL},
    {TYPE_APP, 0x16, "ota_6", BY_ALL},
    {TYPE_APP, 0x17, "ota_7", BY_ALL},
    {TYPE_APP, 0x18, "ota_8", BY_ALL},
    {TYPE_APP, 0x19, "ota_9", BY_ALL},
    {TYPE_APP, 0x1A, "ota_10", BY_ALL},
    {TYPE_APP, 0x1B, "ota_11", BY_ALL},
    {TYPE_APP, 0x1C, "ota_12", BY_ALL},
    {TYPE_APP, 0x1D, "ota_13", BY_ALL},
    {TYPE_APP, 0x1E, "ota_14", BY_ALL},
    {TYPE_APP, 0x1F, "ota_15", BY_ALL},
    {TYPE_APP, 0x30, "tee_0", WITH_TEE},
    {TYPE_APP, 0x31, "tee_1", WITH_TEE},
    {TYPE_DATA, DATA_OTA, "ota", BY_ALL},
    {TYPE_DATA, 0x01, "phy", BY_ALL},
    {TYPE_DATA, DATA_NVS, "nvs", BY_ALL},
    {TYPE_DATA, DATA_COREDUMP, "coredump", BY_ALL},
    {TYPE_DATA, 0x04, "nvs_keys", BY_ALL},
    {TYPE_DATA, 0x05, "efuse", BY_ALL},
    {TYPE_DATA, DATA_UNDEFINED, "undefined", BY_ALL},
    {TYPE_DATA, 0x80, "esphttpd", BY_ALL},
    {TYPE_DATA, 0x81, "fat", BY_ALL},
    {TYPE_DATA, 0x82, "spiffs", BY_ALL},
    {TYPE_DATA, 0x83, "littlefs", WITH_LITTLEFS},
    {TYPE_DATA, DATA_TEE_OTA, "tee_ota", WITH_TEE},
};

#define KEYWORD_COUNT (sizeof keywords / sizeof *keywords)

// The built-in keywords, then the caller's.
static bool keyword_at(const struct partition_csv_options *options, size_t index, struct keyword *out) {
    if (index < KEYWORD_COUNT) {
        *out = keywords[index];
        return true;
    }
    index -= KEYWORD_COUNT;
    if (index >= options->extra_subtype_count)
        return false;
    const struct partition_extra_subtype *extra = &options->extra_subtypes[index];
    *out = (struct keyword){(int8_t)(extra->type & 0x7F), extra->value, extra->name, BY_ALL};
    return true;
}

static bool is_known(const struct partition_csv_options *options, enum known known) {
    const struct release_profile *release = options->release;
    switch (known) {
    case WITH_LITTLEFS:
        return release == NULL || release->csv_littlefs;
    case WITH_TEE:
        return release == NULL || release->csv_tee_and_recovery;
    case BY_ALL:
        break;
    }
    return true;
}

static bool belongs(const struct partition_csv_options *options, const struct keyword *keyword,
                    int64_t of_type) {
    if (keyword->of_type != of_type || !is_known(options, keyword->known))
        return false;
    bool system = of_type == ALL_TYPES
                      ? keyword->value == TYPE_BOOTLOADER || keyword->value == TYPE_PARTITION_TABLE
                      : of_type == TYPE_BOOTLOADER || of_type == TYPE_PARTITION_TABLE;
    return !system || partition_csv_rules_of(options)->knows_system_types;
}

bool partition_keyword_find(const struct partition_csv_options *options, int64_t of_type, const char *word,
                            int64_t *value) {
    struct keyword keyword;
    for (size_t i = 0; keyword_at(options, i, &keyword); i++) {
        if (belongs(options, &keyword, of_type) && strcmp(keyword.word, word) == 0) {
            *value = keyword.value;
            return true;
        }
    }
    return false;
}

const char *partition_keyword_name(const struct partition_csv_options *options, int64_t of_type,
                                   int64_t value) {
    struct keyword keyword;
    for (size_t i = 0; keyword_at(options, i, &keyword); i++)
        if (belongs(options, &keyword, of_type) && keyword.value == value)
            return keyword.word;
    return NULL;
}

bool partition_keywords_exist(const struct partition_csv_options *options, int64_t of_type) {
    struct keyword keyword;
    for (size_t i = 0; keyword_at(options, i, &keyword); i++)
        if (belongs(options, &keyword, of_type))
            return true;
    return false;
}

void partition_keywords_list(const struct partition_csv_options *options, int64_t of_type,
                             struct buffer *out) {
    struct keyword keyword;
    const char *separator = "";
    for (size_t i = 0; keyword_at(options, i, &keyword); i++) {
        if (!belongs(options, &keyword, of_type))
            continue;
        buffer_printf(out, "%s%s", separator, keyword.word);
        separator = ", ";
    }
}

bool partition_keyword_is_subtype(const struct partition_csv_options *options, const char *word) {
    int64_t value;
    for (int64_t type = TYPE_APP; type <= TYPE_PARTITION_TABLE; type++)
        if (partition_keyword_find(options, type, word, &value))
            return true;
    return false;
}
