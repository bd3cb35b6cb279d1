// What differs between ESP-IDF releases in ways that decide whether a device survives an update.
//
// A profile is a row of named behaviours. Code asks for a behaviour, never for a version number; only tables
// that hold a figure for each release (loader_memory.c) compare versions. The ids D1 to D16 are those of the
// measured matrix that the project's conformance vectors were recorded with, RL- the rules that say which
// patch of each line a change came with.
#ifndef OTA_RELEASE_PROFILE_H
#define OTA_RELEASE_PROFILE_H

#include <stdbool.h>
#include <stdint.h>

// Versions as numbers, in the order in which they followed each other. A beta comes before its line's first
#define RELEASE(major, minor, patch)     ((major)*100000u + (minor)*1000u + ((patch) + 1u) * 10u)
#define RELEASE_BETA(major, minor, beta) ((major)*100000u + (minor)*1000u + (beta))

static inline uint32_t release_version_line(uint32_t version) {
    return version / 1000u;
}

struct release_profile {
    const char *name;                     // "v6.0", "v5.5.1"; what --release takes
    const char *tag;                      // the tag or commit that behaves like this: "v6.0.2"
    uint32_t version;                     // RELEASE(6, 0, 2)
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
    // RL-11: a sequential write that ends on a sector's end erases the next
    bool sequential_write_erases_next;
    bool empty_write_needs_operation; // RL-12: a write of no bytes is looked at, and may erase a sector
    bool large_regions;               // RL-23: chips with 32-bit flash addresses take images over 16 MiB
    bool page_size_from_descriptor;   // CH-22: the app descriptor tells the MMU page size
    bool page_size_limited;           // CH-22: only if it is one of 13 to 18
    bool block_revision_checked;      // RL-21: eFuse block revision applied to apps
    bool full_revisions;              // RL-28: full revisions; before, the image header's byte 14, no maximum
    bool loaded_secure_version_checked; // RL-20: IMG-36, and the descriptor's magic asserted while hashing
    bool startup_checks_secure_version; // RL-19: an app below the eFuse secure version aborts as it starts
    bool unmapped_app_aborts;           // HW-120: an app without its mapped segments: the bootloader aborts
    bool app_reads_bounded_by_header;   // CH-28: an app maps no flash beyond the size in the header
    bool factory_reset_remembered;      // BL-46: the factory reset leaves a flag in retained memory
    bool partition_digest_recomputed;   // RL-29: esp_partition_get_sha256 computes an app's digest
    bool confirms_on_startup;           // RL-1, RL-2: by default the app is confirmed right before app_main
    bool anti_rollback_needs_confirm_by_app; // RL-5
    bool has_bootloader_description; // functions that the release has: esp_ota_get_bootloader_description
    bool has_resume;                 // esp_ota_resume
    bool has_final_partition;        // set_final_partition, invalidate_inactive_ota_data_slot,
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

// One profile a line, oldest first, ended by a NULL name: "v5.5" is the line's newest patch level.
extern const struct release_profile release_profiles[];

// Every patch level by its tag, oldest first, ended by a NULL name.
extern const struct release_profile release_patches[];

// The profile that a scenario gets when it names none ("v6.0").
const struct release_profile *release_profile_default(void);

// By the name of a line ("v5.5", "master"), by that of a patch level ("v5.5.1", "v6.1-beta1"), or by the tag of a
// line. NULL: no such release.
const struct release_profile *release_profile_find(const char *name);

// The line that a profile belongs to; itself when it is one. Its place in release_profiles is
// `line - release_profiles`.
const struct release_profile *release_profile_line(const struct release_profile *profile);

// The version from which on a profile stands for its line: a line for its first patch level and beta, a patch
// level for itself.
uint32_t release_profile_first_version(const struct release_profile *profile);

// Of the releases there are, the newest that is not newer than `name` says ("v5.3.9", "v7.0.1-dirty"); the
// oldest when all are newer. NULL: it is no version.
const struct release_profile *release_profile_nearest(const char *name);

#endif
