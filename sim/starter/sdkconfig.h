// What an ESP-IDF project's sdkconfig (or sdkconfig.defaults) says about updates.
#ifndef SIM_STARTER_SDKCONFIG_H
#define SIM_STARTER_SDKCONFIG_H

#include <stdbool.h>
#include <stdint.h>

#include "../../ota/chip_target.h"
#include "../../ota/release_profile.h"
#include "../base/buffer.h"
#include "../base/error.h"

// Which of ESP-IDF's own partition tables is chosen, or that of a file.
enum sdkconfig_table {
    SDKCONFIG_TABLE_UNSAID,
    SDKCONFIG_TABLE_FILE,
    SDKCONFIG_TABLE_SINGLE_APP,
    SDKCONFIG_TABLE_SINGLE_APP_LARGE,
    SDKCONFIG_TABLE_TWO_OTA,
    SDKCONFIG_TABLE_TWO_OTA_LARGE
};

// Zero or NULL where the file says nothing.
struct sdkconfig {
    const struct chip_target *target;
    const struct release_profile *release; // the comment at its top names it
    uint32_t flash_size;                   // bytes
    uint32_t table_offset;
    bool rollback, anti_rollback, no_md5;
    uint32_t secure_version, secure_version_bits;
    enum sdkconfig_table table;
    char table_file[256]; // relative to the project's folder
};

// True when the text has lines as kconfig writes them.
bool sdkconfig_is_one(const struct buffer *text);

// Options that have nothing to do with updates are passed over. False: the value of one that has makes no
// sense; the message names line and option.
bool sdkconfig_read(const struct buffer *text, struct sdkconfig *out, struct error *error);

// The profile of a version as ESP-IDF writes them, "5.3.1" or "v5.3-dirty". NULL: there is none for it.
const struct release_profile *release_of_version(const char *version);

#endif
