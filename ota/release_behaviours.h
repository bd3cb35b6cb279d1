// The behaviours in which releases of ESP-IDF and their patch levels differ: a row each, with the first tag of each
// line that has it. To add one, add its row; code then asks for profile->NAME.
#ifndef OTA_RELEASE_BEHAVIOURS_H
#define OTA_RELEASE_BEHAVIOURS_H

// ROW(NAME, rule, has, text): a field of struct release_profile; the rule that names the tags, or the row D1 to D16 of
// the measured matrix; whether the release of version `v` has it (PATCH: what came with a patch of its line, FROM: with this release and
// stayed); what it has then.
// clang-format off
#define RELEASE_BEHAVIOURS(ROW, v) \
    ROW(begin_failure_keeps_operation, "RL-13", \
        PATCH(v, 5, 3, 3) || PATCH(v, 5, 4, 2) || FROM(v, 5, 5, 0), \
        "a begin whose erase fails leaves the operation open (D1)") \
    ROW(readonly_obeyed, "D2", \
        FROM(v, 5, 2, 0), \
        "the table's readonly flag is obeyed (D2)") \
    ROW(begin_erases_inactive_entry, "D3", \
        FROM(v, 5, 5, 0), \
        "builds with rollback: begin erases the inactive otadata record") \
    ROW(begin_accepts_data_partitions, "D4", \
        FROM(v, 5, 5, 0), \
        "begin and resume take partitions that are no apps") \
    ROW(reselect_in_place, "D5", \
        FROM(v, 6, 0, 0), \
        "choosing the active slot rewrites its own record in place") \
    ROW(operation_conflicts_refused, "RL-17", \
        (v) >= V6_1_BETA1, \
        "a second operation on one partition is refused, 0x1507 (D6)") \
    ROW(short_first_segment_refused, "RL-52", \
        (v) >= MASTER, \
        "an app whose first segment is shorter than 256 bytes is refused (D7)") \
    ROW(resume_checks_pending, "RL-14", \
        FROM(v, 6, 1, 0), \
        "resume is refused while the running app is on its try (D8)") \
    ROW(copy_in_sectors, "RL-37", \
        FROM(v, 6, 0, 1), \
        "a copy between partitions goes by 4096 bytes (D9)") \
    ROW(table_magic_needs_two_bytes, "RL-15", \
        FROM(v, 6, 1, 0), \
        "a first chunk of one byte passes for a partition table (D10)") \
    ROW(table_bound_overflow_safe, "D11", \
        (v) >= V6_1_BETA1, \
        "a row whose end passes 4 GiB is refused") \
    ROW(blank_table_refused, "D12", \
        FROM(v, 5, 5, 0), \
        "a blank partition table is refused") \
    ROW(bootloader_max_revision_checked, "CH-33", \
        (PATCH(v, 4, 4, 5) || PATCH(v, 5, 0, 1) || FROM(v, 5, 1, 0)) && !FROM(v, 5, 5, 0), \
        "bootloader images are held against the maximum chip revision (D13)") \
    ROW(sram0_end_accepted, "D14", \
        FROM(v, 5, 1, 0), \
        "a segment up to the end of SRAM0 loads") \
    ROW(find_reports_load_error, "D16", \
        FROM(v, 6, 0, 0), \
        "a find without result tells why the table did not load") \
    ROW(sequential_write_erases_next, "RL-11", \
        !(PATCH(v, 4, 4, 7) || PATCH(v, 5, 0, 6) || PATCH(v, 5, 1, 3) || FROM(v, 5, 2, 0)), \
        "a sequential write that ends on a sector's end erases the next sector too") \
    ROW(empty_write_needs_operation, "RL-12", \
        !(PATCH(v, 4, 4, 7) || PATCH(v, 5, 0, 6) || PATCH(v, 5, 1, 3) || FROM(v, 5, 2, 0)), \
        "a write of no bytes needs a known handle, and may erase a sector") \
    ROW(large_regions, "RL-23", \
        PATCH(v, 5, 3, 4) || PATCH(v, 5, 4, 2) || FROM(v, 5, 5, 0), \
        "images over 16 MiB are taken where the chip addresses them") \
    ROW(page_size_from_descriptor, "CH-22", \
        FROM(v, 5, 4, 0), \
        "the app descriptor tells the MMU page size") \
    ROW(page_size_limited, "RL-52", \
        (v) >= MASTER, \
        "... and only 8 KiB to 256 KiB are believed") \
    ROW(block_revision_checked, "RL-21", \
        PATCH(v, 5, 1, 7) || PATCH(v, 5, 2, 3) || PATCH(v, 5, 3, 2) || FROM(v, 5, 4, 0), \
        "eFuse block revisions of apps are checked, on all chips but the ESP32") \
    ROW(full_revisions, "RL-28", \
        PATCH(v, 4, 4, 5) || PATCH(v, 5, 0, 1) || FROM(v, 5, 1, 0), \
        "chip revisions are compared in full; before, one byte and no maximum") \
    ROW(loaded_secure_version_checked, "RL-20", \
        PATCH(v, 4, 4, 7) || PATCH(v, 5, 0, 7) || PATCH(v, 5, 1, 4) || PATCH(v, 5, 2, 1) || FROM(v, 5, 3, 0), \
        "anti-rollback: the secure version is checked again while an image is hashed") \
    ROW(descriptor_checked_in_each_piece, "RL-22", \
        !(PATCH(v, 5, 5, 5) || PATCH(v, 6, 0, 2) || (v) >= V6_1_BETA1), \
        "a first segment that is mapped in pieces: each is checked as if an app descriptor began there") \
    ROW(startup_checks_secure_version, "RL-19", \
        PATCH(v, 4, 4, 7) || PATCH(v, 5, 0, 7) || PATCH(v, 5, 1, 4) || PATCH(v, 5, 2, 1) || FROM(v, 5, 3, 0), \
        "anti-rollback: an app below the eFuse's secure version aborts as it starts") \
    ROW(unmapped_app_aborts, "HW-120", \
        FROM(v, 5, 1, 0), \
        "an app without its mapped segments is chosen, then the bootloader aborts") \
    ROW(app_reads_bounded_by_header, "CH-28", \
        !FROM(v, 5, 1, 0), \
        "an app maps no flash beyond the size in the bootloader's header") \
    ROW(factory_reset_remembered, "D14", \
        FROM(v, 5, 1, 0), \
        "the factory reset leaves a flag in retained memory (D14)") \
    ROW(partition_digest_recomputed, "RL-29", \
        PATCH(v, 4, 4, 1) || FROM(v, 5, 0, 0), \
        "esp_partition_get_sha256 computes an app's digest; before, it believes the appended one") \
    ROW(own_header_where_rom_started, "RL-33", \
        PATCH(v, 5, 5, 1) || FROM(v, 6, 0, 0), \
        "the bootloader reads its own header where ROM started it; before, that of the primary one") \
    ROW(large_header_refused, "CH-52", \
        PATCH(v, 5, 3, 2) || FROM(v, 5, 4, 0), \
        "C6, H2: an app under a bootloader that was built for more than 16 MiB of flash ends as it starts") \
    ROW(partition_ranges_safe, "RL-38", \
        FROM(v, 5, 4, 0), \
        "esp_partition_*: a range whose end passes 4 GiB is refused; before, it is taken") \
    ROW(flash_ranges_safe, "RL-38", \
        PATCH(v, 5, 1, 7) || PATCH(v, 5, 2, 6) || PATCH(v, 5, 3, 4) || PATCH(v, 5, 4, 3) || FROM(v, 5, 5, 1), \
        "esp_flash_*: the same for erase and write") \
    ROW(confirms_on_startup, "RL-1", \
        FROM(v, 6, 2, 0), \
        "rollback is on by itself, and an app is confirmed right before app_main") \
    ROW(anti_rollback_needs_confirm_by_app, "RL-5", \
        FROM(v, 6, 2, 0), \
        "anti-rollback is offered only to apps that confirm themselves") \
    ROW(has_bootloader_description, "D15", \
        FROM(v, 5, 2, 0), \
        "esp_ota_get_bootloader_description (D15)") \
    ROW(has_resume, "RL-13", \
        PATCH(v, 5, 3, 3) || PATCH(v, 5, 4, 2) || FROM(v, 5, 5, 0), \
        "esp_ota_resume") \
    ROW(has_final_partition, "D4", \
        FROM(v, 5, 5, 0), \
        "set_final_partition, invalidate_inactive_ota_data_slot, mark_app_invalid_rollback without reboot") \
    ROW(has_skip_validate, "RL-17", \
        (v) >= V6_1_BETA1, \
        "esp_ota_set_boot_partition_skip_validate, esp_ota_check_image_validity") \
    ROW(csv_littlefs, "RL-39", \
        PATCH(v, 5, 0, 7) || PATCH(v, 5, 1, 4) || FROM(v, 5, 2, 0), \
        "gen_esp32part knows the subtype littlefs") \
    ROW(csv_tee_and_recovery, "RL-39", \
        FROM(v, 5, 5, 0), \
        "gen_esp32part knows the subtypes tee_0, tee_1, tee_ota and recovery") \
    ROW(csv_byte_order_mark, "RL-39", \
        PATCH(v, 5, 4, 2) || FROM(v, 5, 5, 0), \
        "gen_esp32part reads tables in UTF-16 and UTF-32 by their byte order mark") \
    ROW(csv_large_flash, "RL-39", \
        PATCH(v, 4, 4, 2) || FROM(v, 5, 0, 0), \
        "gen_esp32part takes --flash-size 32MB to 128MB") \
    ROW(csv_secure_v2, "RL-39", \
        PATCH(v, 4, 4, 5) || PATCH(v, 5, 0, 2) || FROM(v, 5, 1, 0), \
        "gen_esp32part takes --secure v1 and v2; before, --secure alone is what v1 is") \
    ROW(nvs_full_consistency, "NV-12", \
        PATCH(v, 5, 0, 8) || PATCH(v, 5, 1, 6) || PATCH(v, 5, 2, 4) || PATCH(v, 5, 3, 2) || FROM(v, 5, 4, 0), \
        "NVS: span and length of an entry are checked, not only its CRC") \
    ROW(nvs_blob_check, "NV-47", \
        PATCH(v, 4, 4, 8) || PATCH(v, 5, 0, 7) || PATCH(v, 5, 1, 4) || PATCH(v, 5, 2, 2) || FROM(v, 5, 3, 0), \
        "NVS: start-up drops a blob whose pieces are not all there") \
    ROW(nvs_readonly_not_repaired, "NV-91", \
        FROM(v, 5, 5, 0), \
        "NVS: start-up of a read-only partition finishes nothing") \
    ROW(nvs_replaces_other_types, "NV-110", \
        PATCH(v, 5, 1, 7) || FROM(v, 5, 2, 0), \
        "NVS: a set replaces a value of another type") \
    ROW(nvs_replaces_blobs, "NV-110", \
        PATCH(v, 5, 1, 7) || PATCH(v, 5, 2, 7) || PATCH(v, 5, 3, 5) || PATCH(v, 5, 4, 4) || FROM(v, 5, 5, 0), \
        "NVS: ... also to and from blobs") \
    ROW(nvs_blob_by_version, "NV-105", \
        PATCH(v, 5, 1, 7) || PATCH(v, 5, 2, 7) || PATCH(v, 5, 3, 5) || PATCH(v, 5, 4, 4) || FROM(v, 5, 5, 2), \
        "NVS: blobs are erased by version, their pieces compared by CRC first") \
    ROW(nvs_freeing_first, "NV-62", \
        PATCH(v, 5, 1, 7) || PATCH(v, 5, 2, 7) || PATCH(v, 5, 3, 5) || PATCH(v, 5, 4, 4) || FROM(v, 5, 5, 3), \
        "NVS: the victim is FREEING before a page is taken") \
    ROW(nvs_available_entries, "NV-89", \
        FROM(v, 5, 2, 0), \
        "NVS: statistics tell the available entries") \
    ROW(nvs_purges, "NV-112", \
        FROM(v, 6, 0, 1), \
        "NVS: repairs overwrite what they erase with zeros") \
    ROW(nvs_floats, "NV-114", \
        (v) >= V6_1_BETA1, \
        "NVS: floating-point values") \
    ROW(nvs_blob_cleans_own_pieces, "NV-101", \
        (v) >= MASTER, \
        "NVS: a set that fails cleans up its own pieces") \
    ROW(https_chip_id_checked, "RL-41", \
        PATCH(v, 4, 4, 1) || FROM(v, 5, 0, 0), \
        "esp_https_ota: the first perform checks the chip id; a HEAD without 200 is an error") \
    ROW(https_303_308, "RL-42", \
        PATCH(v, 4, 4, 2) || FROM(v, 5, 0, 0), \
        "esp_https_ota: 303 and 308 are redirections") \
    ROW(https_init_before_head, "RL-42", \
        PATCH(v, 4, 4, 3) || FROM(v, 5, 0, 0), \
        "esp_https_ota: the init callback runs before HEAD") \
    ROW(https_finish_tells, "RL-43", \
        PATCH(v, 4, 4, 7) || PATCH(v, 5, 0, 5) || PATCH(v, 5, 1, 3) || FROM(v, 5, 2, 0), \
        "esp_https_ota: finish returns the error of esp_ota_set_boot_partition") \
    ROW(https_events, "RL-44", \
        PATCH(v, 5, 0, 1) || FROM(v, 5, 1, 0), \
        "esp_https_ota: events") \
    ROW(https_401_limited, "RL-44", \
        FROM(v, 5, 1, 0), \
        "esp_https_ota: retries after 401 are limited") \
    ROW(https_status_code, "RL-44", \
        PATCH(v, 5, 0, 8) || PATCH(v, 5, 1, 5) || PATCH(v, 5, 2, 4) || PATCH(v, 5, 3, 2) || FROM(v, 5, 4, 0), \
        "esp_https_ota: get_status_code") \
    ROW(https_encrypted_header_size, "RL-44", \
        PATCH(v, 5, 0, 6) || PATCH(v, 5, 1, 3) || FROM(v, 5, 2, 0), \
        "esp_https_ota: enc_img_header_size") \
    ROW(https_buffer_caps, "RL-44", \
        FROM(v, 5, 3, 0), \
        "esp_https_ota: buffer_caps") \
    ROW(https_304_416, "RL-44", \
        FROM(v, 5, 5, 0), \
        "esp_https_ota: 304, 416 and errors of authorization are told apart") \
    ROW(https_range_from_zero, "RL-45", \
        FROM(v, 5, 5, 4), \
        "esp_https_ota: resumption asks for a range from 0 on, and takes only 206") \
    ROW(https_data_unread, "RL-47", \
        FROM(v, 5, 5, 4), \
        "esp_https_ota: of a final partition that is neither app nor bootloader no header is read") \
    ROW(https_connection_kept, "RL-48", \
        PATCH(v, 5, 4, 4) || FROM(v, 5, 5, 2), \
        "esp_https_ota: the connection is kept between ranges") \
    ROW(https_head_304, "RL-49", \
        FROM(v, 6, 1, 0), \
        "esp_https_ota: HEAD answered with 304 is NOT_MODIFIED") \
    ROW(https_scheme_kept, "RL-50", \
        PATCH(v, 5, 5, 5) || (v) >= V6_1_BETA1, \
        "esp_https_ota: a redirection from https to another scheme is refused") \
    ROW(https_header_too_long, "RL-50", \
        FROM(v, 6, 1, 0), \
        "esp_https_ota: HEADER_TOO_LONG") \
    ROW(https_incomplete_data, "RL-50", \
        PATCH(v, 5, 4, 3) || FROM(v, 5, 5, 2), \
        "esp_https_ota: READ_TIMEOUT, INCOMPLETE_DATA") \
    ROW(https_redirections_reset, "RL-50", \
        PATCH(v, 5, 0, 7) || PATCH(v, 5, 1, 5) || PATCH(v, 5, 2, 3) || FROM(v, 5, 3, 0), \
        "esp_https_ota: a client that is used again counts its redirections anew") \
    ROW(https_authorization_dropped, "RL-50", \
        (v) >= MASTER, \
        "esp_https_ota: the authorization does not go to another origin") \
    ROW(https_resumption, "RL-45", \
        FROM(v, 5, 5, 0), \
        "esp_https_ota: ota_resumption") \
    ROW(https_revision_checked, "HO-2", \
        FROM(v, 5, 5, 0), \
        "esp_https_ota: the first perform checks the chip revision, too, and has an event for it") \
    ROW(https_bulk_exact, "HO-31", \
        FROM(v, 5, 3, 0), \
        "esp_https_ota: bulk erase goes as far as the image; before, it takes the whole partition") \
    ROW(https_head_fallback, "RL-49", \
        FROM(v, 6, 0, 0), \
        "esp_https_ota: a HEAD without 200 is followed by a GET of one byte") \
    ROW(https_length_required, "HO-16", \
        FROM(v, 6, 0, 0), \
        "esp_https_ota: a partial download without a length is refused; before, it ends well and selects nothing") \
    ROW(https_partial_is_option, "HO-2", \
        FROM(v, 6, 0, 0), \
        "esp_https_ota: partial downloads have to be built in")

// What else they differ in and no code here asks for, since the thing that it concerns is not modelled, which the
// last column names: ROW(NAME, rule, has, text, needs).
#define RELEASE_CHANGES(ROW, v) \
    ROW(tee_secure_version, "RL-6", \
        FROM(v, 6, 2, 0), \
        "TEE anti-rollback: the top 3 bits of the secure version's field are the TEE's", \
        "the TEE") \
    ROW(virtual_efuses_of_the_tee, "RL-7", \
        FROM(v, 6, 2, 0), \
        "emulated eFuses serve TEE anti-rollback, too", \
        "emulated eFuses") \
    ROW(signed_data, "RL-16", \
        FROM(v, 6, 0, 1), \
        "esp_ota_end verifies signed data partitions", \
        "Secure Boot") \
    ROW(signed_data_length, "RL-16", \
        FROM(v, 6, 1, 0), \
        "... which are refused below 8192 bytes; before, the length wraps", \
        "Secure Boot") \
    ROW(revocation_needs_valid_image, "RL-18", \
        PATCH(v, 5, 0, 7) || PATCH(v, 5, 1, 4) || FROM(v, 5, 2, 0), \
        "a key is revoked only with bootloader and running app verified", \
        "Secure Boot") \
    ROW(revocation_skips_empty_slots, "RL-18", \
        FROM(v, 6, 1, 0), \
        "... and an empty digest slot is passed over", \
        "Secure Boot") \
    ROW(length_with_signature, "RL-24", \
        PATCH(v, 4, 4, 3) || FROM(v, 5, 0, 0), \
        "padding and signature have to fit the partition", \
        "Secure Boot") \
    ROW(signed_padding_hashed, "RL-25", \
        RELEASE(5, 0, 0) > (v) || PATCH(v, 5, 0, 4) || PATCH(v, 5, 1, 2) || FROM(v, 5, 2, 0), \
        "signed apps without Secure Boot: the padding up to 4096 is hashed", \
        "Secure Boot") \
    ROW(v1_length_with_signature, "RL-26", \
        PATCH(v, 5, 0, 7) || PATCH(v, 5, 1, 4) || PATCH(v, 5, 2, 1) || FROM(v, 5, 3, 0), \
        "Secure Boot V1: an app's length includes its signature", \
        "Secure Boot") \
    ROW(page_size_without_mapping, "RL-27", \
        !(FROM(v, 5, 4, 0) && !FROM(v, 5, 4, 2)), \
        "signed apps can be verified on chips with configurable pages", \
        "Secure Boot") \
    ROW(fast_wake_with_signatures, "RL-30", \
        PATCH(v, 5, 2, 7) || PATCH(v, 5, 3, 5) || PATCH(v, 5, 4, 4) || FROM(v, 5, 5, 3), \
        "the fast wake from deep sleep works where signatures are checked", \
        "Secure Boot") \
    ROW(encrypts_used_length, "RL-34", \
        PATCH(v, 5, 0, 8) || PATCH(v, 5, 1, 5) || PATCH(v, 5, 2, 3) || FROM(v, 5, 3, 1), \
        "the first boot can encrypt an app's own length only", \
        "flash encryption") \
    ROW(encrypts_signature, "RL-34", \
        PATCH(v, 5, 3, 5) || PATCH(v, 5, 4, 3) || FROM(v, 5, 5, 2), \
        "... its signature included", \
        "flash encryption") \
    ROW(unused_digest_slots_kept, "RL-35", \
        PATCH(v, 5, 5, 5) || FROM(v, 6, 1, 0), \
        "ALLOW_UNUSED_DIGEST_SLOTS is obeyed", \
        "Secure Boot") \
    ROW(p384_signatures, "RL-35", \
        PATCH(v, 5, 5, 1) || FROM(v, 6, 0, 0), \
        "signatures with SHA-384 and P-384", \
        "Secure Boot") \
    ROW(ecdsa_curve_configured, "RL-35", \
        PATCH(v, 5, 5, 5) || FROM(v, 6, 0, 1), \
        "the curve of a signature has to be the configured one", \
        "Secure Boot") \
    ROW(ecdsa_range_checked, "RL-35", \
        PATCH(v, 5, 5, 5) || PATCH(v, 6, 0, 2) || FROM(v, 6, 1, 0), \
        "r and s of a signature have to be in range", \
        "Secure Boot") \
    ROW(p192_removed, "RL-35", \
        FROM(v, 6, 0, 2), \
        "signatures with P-192 are gone", \
        "Secure Boot") \
    ROW(write_protection_order, "RL-35", \
        PATCH(v, 5, 1, 7) || PATCH(v, 5, 2, 7) || PATCH(v, 5, 3, 5) || PATCH(v, 5, 4, 3) || FROM(v, 5, 5, 2), \
        "write protection of eFuses is burned in another order", \
        "Secure Boot") \
    ROW(rom_driver_ranges_safe, "RL-38", \
        PATCH(v, 5, 2, 7) || PATCH(v, 5, 4, 4) || PATCH(v, 5, 5, 5) || FROM(v, 6, 0, 0), \
        "... also where the driver is the one in ROM", \
        "the flash driver in ROM") \
    ROW(skips_validation_after_efuse_crc, "RL-31", \
        PATCH(v, 4, 4, 2) || FROM(v, 5, 0, 0), \
        "ESP32-C3: SKIP_VALIDATE_ON_POWER_ON holds after a reset by the CRC of eFuse, too", \
        "that reset") \
    ROW(retained_crc_without_custom, "RL-32", \
        PATCH(v, 4, 4, 4) || PATCH(v, 5, 0, 1) || FROM(v, 5, 1, 0), \
        "the CRC of the retained memory leaves its custom part out", \
        "custom retained memory") \
    ROW(retained_crc_with_custom_possible, "RL-32", \
        PATCH(v, 4, 4, 8) || PATCH(v, 5, 0, 7) || PATCH(v, 5, 1, 4) || PATCH(v, 5, 2, 1) || FROM(v, 5, 3, 0), \
        "... unless CUSTOM_RESERVE_RTC_IN_CRC says otherwise", \
        "custom retained memory") \
    ROW(retained_place_by_8, "RL-32", \
        PATCH(v, 5, 3, 4) || PATCH(v, 5, 4, 2) || FROM(v, 5, 5, 0), \
        "... and its place is rounded to 8 bytes", \
        "custom retained memory") \
    ROW(encrypted_writes_guarded, "RL-36", \
        PATCH(v, 5, 0, 7) || PATCH(v, 5, 1, 4) || PATCH(v, 5, 2, 2) || FROM(v, 5, 3, 0), \
        "the guard of table and running app holds for encrypted writes, too", \
        "flash encryption") \
    ROW(click_tools, "RL-40", \
        (v) >= MASTER, \
        "parttool and gen_esp32part parse their options with click", \
        "the words of their help") \
    ROW(https_event_timeout, "RL-44", \
        FROM(v, 5, 4, 0), \
        "posting an event ends after 2 s", \
        "other tasks") \
    ROW(https_range_by_16, "RL-46", \
        FROM(v, 5, 5, 3), \
        "resumption under flash encryption goes back to a multiple of 16", \
        "flash encryption")
// clang-format on

#endif
