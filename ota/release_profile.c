#include "release_profile.h"

#include <stddef.h>
#include <string.h>

// What each release has and the one before it had not. A behaviour that a release took away again stands in
// the rows of those that have it.
#define BEHAVIOURS_V4_4 .nvs_blob_check = true

#define BEHAVIOURS_V5_1                                                                                      \
    BEHAVIOURS_V4_4, .sram0_end_accepted = true, .factory_reset_remembered = true,                           \
                     .nvs_full_consistency = true

#define BEHAVIOURS_V5_3                                                                                      \
    BEHAVIOURS_V5_1, .begin_failure_keeps_operation = true, .readonly_obeyed = true,                         \
                     .block_revision_checked = true, .startup_checks_secure_version = true,                  \
                     .has_bootloader_description = true, .has_resume = true,                                 \
                     .nvs_replaces_other_types = true, .nvs_available_entries = true

#define BEHAVIOURS_V5_4                                                                                      \
    BEHAVIOURS_V5_3, .page_size_from_descriptor = true, .nvs_replaces_blobs = true,                          \
                     .nvs_blob_by_version = true, .nvs_freeing_first = true

#define BEHAVIOURS_V5_5                                                                                      \
    BEHAVIOURS_V5_4, .begin_erases_inactive_entry = true, .begin_accepts_data_partitions = true,             \
                     .blank_table_refused = true, .large_regions = true, .has_final_partition = true,        \
                     .nvs_readonly_not_repaired = true

#define BEHAVIOURS_V6_0                                                                                      \
    BEHAVIOURS_V5_5, .reselect_in_place = true, .copy_in_sectors = true, .find_reports_load_error = true,    \
                     .nvs_purges = true

#define BEHAVIOURS_V6_1                                                                                      \
    BEHAVIOURS_V6_0, .operation_conflicts_refused = true, .table_bound_overflow_safe = true,                 \
                     .has_skip_validate = true, .nvs_floats = true

#define BEHAVIOURS_MASTER                                                                                    \
    BEHAVIOURS_V6_1, .short_first_segment_refused = true, .resume_checks_pending = true,                     \
                     .table_magic_needs_two_bytes = true, .nvs_blob_cleans_own_pieces = true

const struct release_profile release_profiles[] = {
    {.name = "v4.4", .recorded_from = "v4.4.8", BEHAVIOURS_V4_4, .bootloader_max_revision_checked = true},
    {.name = "v5.1", .recorded_from = "v5.1.6", BEHAVIOURS_V5_1, .bootloader_max_revision_checked = true},
    {.name = "v5.3", .recorded_from = "v5.3.4", BEHAVIOURS_V5_3, .bootloader_max_revision_checked = true},
    {.name = "v5.4", .recorded_from = "v5.4.4", BEHAVIOURS_V5_4, .bootloader_max_revision_checked = true},
    {.name = "v5.5", .recorded_from = "v5.5.4", BEHAVIOURS_V5_5},
    {.name = "v6.0", .recorded_from = "v6.0.2", BEHAVIOURS_V6_0},
    {.name = "v6.1", .recorded_from = "v6.1-beta1", BEHAVIOURS_V6_1},
    {.name = "master", .recorded_from = "v6.1-dev-6734-g102122904ad", BEHAVIOURS_MASTER},
    {.name = NULL},
};

const struct release_profile *release_profile_default(void) {
    return release_profile_find("v6.0");
}

const struct release_profile *release_profile_find(const char *name) {
    for (const struct release_profile *profile = release_profiles; profile->name; profile++) {
        if (strcmp(profile->name, name) == 0) {
            return profile;
        }
    }
    return NULL;
}
