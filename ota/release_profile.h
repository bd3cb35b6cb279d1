// What differs between ESP-IDF releases in ways that decide whether a device survives an update.
//
// A profile is a row of named behaviours. Code asks for a behaviour, never for a version number. The ids D1
// to D16 are those of the measured matrix that the project's conformance vectors were recorded with.
#ifndef OTA_RELEASE_PROFILE_H
#define OTA_RELEASE_PROFILE_H

#include <stdbool.h>

struct release_profile {
    const char *name;                     // "v6.0"; what --release takes
    const char *recorded_from;            // the tag whose recorded behaviour it replays: "v6.0.2"
    bool begin_failure_keeps_operation;   // D1: a begin whose erase fails leaves the operation open
    bool readonly_obeyed;                 // D2, D15: the table's readonly flag exists and is obeyed
    bool begin_erases_inactive_entry;     // D3: rollback builds: begin erases the inactive otadata entry
    bool begin_accepts_data_partitions;   // D4: begin and resume take partitions that are not apps
    bool reselect_in_place;               // D5: choosing the active slot rewrites its own entry
    bool operation_conflicts_refused;     // D6: second open operation on a partition refused (0x1507)
    bool short_first_segment_refused;     // D7: segment 0 shorter than 256 bytes refused
    bool resume_checks_pending;           // D8: resume refused while the running app is PENDING_VERIFY
    bool copy_in_sectors;                 // D9: copy to the final partition in 4096-byte writes
    bool table_magic_needs_two_bytes;     // D10: first chunk of a table: compared only if it has 2 bytes
    bool table_bound_overflow_safe;       // D11: row whose offset + size wraps refused
    bool blank_table_refused;             // D12: blank partition table refused
    bool bootloader_max_revision_checked; // D13: maximum chip revision applied to bootloader images
    bool sram0_end_accepted;              // D14: segment up to the end of SRAM0 loads
    bool find_reports_load_error;         // D16: a find without result tells why the table did not load
    bool large_regions; // FL-13: chips with 32-bit flash addresses take images in regions over 16 MiB
    bool page_size_from_descriptor;     // IMG-12, IMG-26: the app descriptor tells the MMU page size
    bool block_revision_checked;        // IMG-28: eFuse block revision applied to apps
    bool startup_checks_secure_version; // EF-21: an app below the eFuse secure version aborts in its start-up
                                        // code
    bool factory_reset_remembered;      // BL-46: the factory reset leaves a flag in retained memory
    bool has_bootloader_description;    // functions that the release has: esp_ota_get_bootloader_description
    bool has_resume;                    // esp_ota_resume
    bool has_final_partition;           // set_final_partition, invalidate_inactive_ota_data_slot,
                                        // mark_app_invalid_rollback without reboot
    bool has_skip_validate;          // esp_ota_set_boot_partition_skip_validate, esp_ota_check_image_validity
    bool nvs_full_consistency;       // NV-12: of an entry type, span and length are checked, not only the CRC
    bool nvs_blob_check;             // NV-47: start-up drops a blob whose pieces are not all there
    bool nvs_readonly_not_repaired;  // NV-91: start-up of a read-only partition finishes nothing
    bool nvs_replaces_other_types;   // NV-110: a set replaces a value of another type,
    bool nvs_replaces_blobs;         // also to and from blobs
    bool nvs_blob_by_version;        // NV-75, NV-105: erased by version; pieces compared by CRC first
    bool nvs_freeing_first;          // NV-62: the victim is FREEING before a page is taken
    bool nvs_available_entries;      // NV-89: statistics tell the available entries
    bool nvs_purges;                 // NV-112: repairs overwrite what they erase with zeros
    bool nvs_floats;                 // NV-114: floating-point values
    bool nvs_blob_cleans_own_pieces; // NV-101: a set that fails cleans up its own pieces
};

// Profiles, oldest first, ended by a NULL name.
extern const struct release_profile release_profiles[];

// The profile that a scenario gets when it names none ("v6.0").
const struct release_profile *release_profile_default(void);

// NULL: no such release.
const struct release_profile *release_profile_find(const char *name);

#endif
