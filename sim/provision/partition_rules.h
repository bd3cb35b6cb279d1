// What a generator of partition tables is asked to do, and what differs among those of the releases.
#ifndef SIM_PROVISION_PARTITION_RULES_H
#define SIM_PROVISION_PARTITION_RULES_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "../../ota/release_profile.h"

#define PARTITION_TABLE_OFFSET_DEFAULT 0x8000u    // FL-30
#define PARTITION_CSV_SIZE_MAX         (1u << 20) // bytes of input that are looked at; more is an error

// Types and subtypes that rules speak of (PT, "Types and subtypes").
enum { TYPE_APP = 0, TYPE_DATA = 1, TYPE_BOOTLOADER = 2, TYPE_PARTITION_TABLE = 3 };
enum { APP_OTA_0 = 0x10 };
enum { DATA_OTA = 0x00, DATA_NVS = 0x02, DATA_COREDUMP = 0x03, DATA_UNDEFINED = 0x06, DATA_TEE_OTA = 0x90 };
enum { SYSTEM_PRIMARY = 0, BOOTLOADER_RECOVERY = 2 };

// ---- what is asked ------------------------------------------------------------------------------

enum partition_csv_secure {
    PARTITION_CSV_SECURE_NONE,
    PARTITION_CSV_SECURE_V1, // app sizes in steps of 64 KiB (CSV-61)
    PARTITION_CSV_SECURE_V2
};

// A subtype beside the built-in ones (CSV-27).
struct partition_extra_subtype {
    uint8_t type;     // 0 app, 1 data, 2 bootloader, 3 partition_table
    const char *name; // borrowed
    uint8_t value;
};

struct partition_csv_options {
    uint32_t table_offset;  // where the table itself lies
    uint32_t flash_size_mb; // 1 to 128, a power of two; 0: not checked (CSV-69)
    bool disable_md5;       // no MD5 row
    bool no_verify;         // skips CSV-60 to CSV-67
    bool has_primary_bootloader_offset, has_recovery_bootloader_offset;
    uint32_t primary_bootloader_offset, recovery_bootloader_offset; // CSV-23
    enum partition_csv_secure secure;
    const struct partition_extra_subtype *extra_subtypes; // borrowed
    size_t extra_subtype_count;
    const struct release_profile *release; // whose generator; NULL: the newest
    const char *(*environment)(
        const char *name); // looks up $NAME (CSV-3); getenv fits; NULL: nothing is defined
};

// The generator's defaults: table at 0x8000, MD5, verification, nothing else.
struct partition_csv_options partition_csv_options_default(void);

// ---- what differs among the releases' generators ------------------------------------------------

struct partition_csv_rules {
    uint32_t before;         // releases before this version, and not before the row above; 0: all later ones
    bool knows_readonly;     // CSV-26, since v5.2
    bool knows_system_types; // bootloader and partition_table, since v5.4
    bool app_size_aligned;   // CSV-61 without --secure, since v5.3
    bool small_nvs_readonly; // CSV-64, since v5.5
    uint32_t data_alignment; // CSV-60: 4 in v4.4, else 0x1000
    bool misalignment_tolerated; // CSV-60: v4.4 only warns about data partitions
};

const struct partition_csv_rules *partition_csv_rules_of(const struct partition_csv_options *options);

// CSV-30, CSV-60.
uint32_t partition_csv_alignment(const struct partition_csv_rules *rules, int64_t type);

#endif
