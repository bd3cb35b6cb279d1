// What is known of the project that a starter scenario is for. Private to this folder.
#ifndef SIM_STARTER_STARTER_FACTS_H
#define SIM_STARTER_STARTER_FACTS_H

#include "../../ota/chip_target.h"
#include "../../ota/release_profile.h"
#include "../provision/partition_layout.h"
#include "sdkconfig.h"

struct starter_facts {
    struct sdkconfig config;
    bool has_config;
    uint32_t table_offset;
    struct partition_table_layout table; // names and places; empty when the dump has none
    char *table_file;                    // NULL: the table is written into the scenario
    const char *table_origin;            // for the comment beside it
    char *dump_file;                     // NULL: no dump
    uint32_t dump_size;                  // bytes of flash that it takes
    char *bootloader_file;               // as it was built; NULL: ota-sim's own takes its place
    bool bootloader_executes;            // false: its chip is one that cannot be executed here
    char *app_file;                      // as it was built; NULL: a stand-in takes its place
    char app_version[33];                // what its descriptor says
    uint32_t app_secure_version;
    // Of a dump, as far as the firmware that the other facts describe would boot it.
    bool dump_boots;
    char dump_version[33];        // of the app that boots; "" when it has no descriptor
    uint32_t dump_secure_version; // of that app
    const struct chip_target *target;
    const struct release_profile *release;
};

// Reads the sources. `path` as for starter_make. Free also after an error.
bool starter_facts_read(const char *path, const char *const *sources, size_t count, struct starter_facts *out,
                        struct error *error);
void starter_facts_free(struct starter_facts *facts);

// The bytes of flash: what is known, or the smallest usual chip that holds the table.
uint32_t starter_flash_size(const struct starter_facts *facts);

// Appends the scenario's text. `update`: with an update, else only a boot. `known`: entries of violations that its
// exploration comes across.
void starter_print(const struct starter_facts *facts, bool update, const char *const *known,
                   size_t known_count, struct buffer *out);

// True when an update is possible at all: records to choose by, and a slot beside the app that runs.
bool starter_can_update(const struct starter_facts *facts);

#endif
