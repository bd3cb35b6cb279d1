// What an ESP-IDF project's sdkconfig (or sdkconfig.defaults) says about updates.
#ifndef SIM_STARTER_SDKCONFIG_H
#define SIM_STARTER_SDKCONFIG_H

#include <stdbool.h>
#include <stdint.h>

#include "../../ota/chip_target.h"
#include "../../ota/release_profile.h"
#include "../base/buffer.h"
#include "../base/error.h"
#include "stock_tables.h"

// Zero or NULL where the file says nothing. Free with sdkconfig_free.
struct sdkconfig {
    const struct chip_target *target;
    const struct release_profile *release; // the comment at its top names it, or an older one next to it
    char release_said[32];                 // what it says: "5.5.9"; empty: nothing
    uint32_t flash_size;                   // bytes
    uint32_t table_offset;
    bool rollback, anti_rollback, no_md5;
    bool rollback_off; // the option of v6.2 says so; that of before, when unset, says nothing there (RL-1)
    bool confirm_on_startup; // as sdkconfig_follow_release leaves it
    bool confirm_by_app;
    uint32_t secure_version, secure_version_bits;
    unsigned skip_validate; // bits of enum skip_validate
    bool factory_reset, factory_reset_erases_otadata, app_test;
    char factory_reset_labels[128]; // separated by commas
    uint32_t pin_hold_seconds;
    const struct stock_table *stock_table;  // that of ESP-IDF which is chosen
    bool has_table_file, coredump_in_flash; // the table is a file of the project
    char table_file[256];                   // relative to the project's folder
    struct buffer left_out;                 // options about updates that mean nothing here, one a line
};

void sdkconfig_free(struct sdkconfig *config);

// True when the text has lines as kconfig writes them.
bool sdkconfig_is_one(const struct buffer *text);

// Options that have nothing to do with updates are passed over; those that have are taken over or listed in
// `left_out`. False: the value of one makes no sense; the message names line and option. `out` is to be freed
// then, too.
bool sdkconfig_read(const struct buffer *text, struct sdkconfig *out, struct error *error);

// What is not said about rollback, as the release has it by itself (RL-1).
void sdkconfig_follow_release(struct sdkconfig *config, const struct release_profile *release);

// The profile of a version as ESP-IDF writes them, "5.3.1" or "v5.3-dirty": the nearest older one where there is none
// for it. NULL: it is no version.
const struct release_profile *release_of_version(const char *version);

#endif
