// What patch levels of ESP-IDF changed, a test a rule: which tags have it (RL-9), and what it does where it is
// modelled and no recording has it.
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>

#include "board_example.h"
#include "esp_flash.h"
#include "esp_partition.h"
#include "ota/app_image.h"

#define LINES_MAX 6

// The first tag of each line that has it, as the rule lists them; an earlier tag of the line has it not, an older line
// never, and lines after the last have it from their beginning.
static const struct first_tags {
    const char *rule, *name;
    const char *tags[LINES_MAX];
    bool until; // the tags are the first without it
} first_tags[] = {
    {"RL-6", "tee_secure_version", {"v6.2"}, false},
    {"RL-7", "virtual_efuses_of_the_tee", {"v6.2"}, false},
    {"RL-11", "sequential_write_erases_next", {"v4.4.7", "v5.0.6", "v5.1.3", "v5.2.0"}, true},
    {"RL-12", "empty_write_needs_operation", {"v4.4.7", "v5.0.6", "v5.1.3", "v5.2.0"}, true},
    {"RL-13", "has_resume", {"v5.3.3", "v5.4.2", "v5.5.0"}, false},
    {"RL-13", "begin_failure_keeps_operation", {"v5.3.3", "v5.4.2", "v5.5.0"}, false},
    {"RL-14", "resume_checks_pending", {"v6.1"}, false},
    {"RL-15", "table_magic_needs_two_bytes", {"v6.1"}, false},
    {"RL-16", "signed_data", {"v6.0.1"}, false},
    {"RL-16", "signed_data_length", {"v6.1"}, false},
    {"RL-17", "operation_conflicts_refused", {"v6.1-beta1"}, false},
    {"RL-17", "has_skip_validate", {"v6.1-beta1"}, false},
    {"RL-18", "revocation_needs_valid_image", {"v5.0.7", "v5.1.4", "v5.2.0"}, false},
    {"RL-18", "revocation_skips_empty_slots", {"v6.1"}, false},
    {"RL-19", "startup_checks_secure_version", {"v4.4.7", "v5.0.7", "v5.1.4", "v5.2.1", "v5.3.0"}, false},
    {"RL-20", "loaded_secure_version_checked", {"v4.4.7", "v5.0.7", "v5.1.4", "v5.2.1", "v5.3.0"}, false},
    {"RL-21", "block_revision_checked", {"v5.1.7", "v5.2.3", "v5.3.2", "v5.4.0"}, false},
    {"RL-22", "descriptor_checked_in_each_piece", {"v5.5.5", "v6.0.2", "v6.1-beta1"}, true},
    {"RL-23", "large_regions", {"v5.3.4", "v5.4.2", "v5.5.0"}, false},
    {"RL-24", "length_with_signature", {"v4.4.3", "v5.0.0"}, false},
    {"RL-25", "signed_padding_hashed", {"v5.0.4", "v5.1.2", "v5.2.0"}, false}, // and v4.4, below
    {"RL-26", "v1_length_with_signature", {"v5.0.7", "v5.1.4", "v5.2.1", "v5.3.0"}, false},
    {"RL-28", "full_revisions", {"v4.4.5", "v5.0.1", "v5.1.0"}, false},
    {"RL-29", "partition_digest_recomputed", {"v4.4.1", "v5.0.0"}, false},
    {"RL-30", "fast_wake_with_signatures", {"v5.2.7", "v5.3.5", "v5.4.4", "v5.5.3", "v6.0.0"}, false},
    {"RL-31", "skips_validation_after_efuse_crc", {"v4.4.2", "v5.0.0"}, false},
    {"RL-32", "retained_crc_without_custom", {"v4.4.4", "v5.0.1", "v5.1.0"}, false},
    {"RL-32", "retained_crc_with_custom_possible", {"v4.4.8", "v5.0.7", "v5.1.4", "v5.2.1", "v5.3.0"}, false},
    {"RL-32", "retained_place_by_8", {"v5.3.4", "v5.4.2", "v5.5.0"}, false},
    {"RL-33", "own_header_where_rom_started", {"v5.5.1", "v6.0.0"}, false},
    {"CH-52", "large_header_refused", {"v5.3.2", "v5.4.0"}, false},
    {"RL-34", "encrypts_used_length", {"v5.0.8", "v5.1.5", "v5.2.3", "v5.3.1", "v5.4.0"}, false},
    {"RL-34", "encrypts_signature", {"v5.3.5", "v5.4.3", "v5.5.2", "v6.0.0"}, false},
    {"RL-35", "unused_digest_slots_kept", {"v5.5.5", "v6.1"}, false},
    {"RL-35", "p384_signatures", {"v5.5.1", "v6.0.0"}, false},
    {"RL-35", "ecdsa_curve_configured", {"v5.5.5", "v6.0.1", "v6.1-beta1"}, false},
    {"RL-35", "ecdsa_range_checked", {"v5.5.5", "v6.0.2", "v6.1"}, false},
    {"RL-35", "p192_removed", {"v6.0.2", "v6.1-beta1"}, false},
    {"RL-35", "write_protection_order", {"v5.1.7", "v5.2.7", "v5.3.5", "v5.4.3", "v5.5.2", "v6.0.0"}, false},
    {"RL-36", "encrypted_writes_guarded", {"v5.0.7", "v5.1.4", "v5.2.2", "v5.3.0"}, false},
    {"RL-37", "copy_in_sectors", {"v6.0.1"}, false},
    {"RL-38", "partition_ranges_safe", {"v5.4.0"}, false},
    {"RL-38", "flash_ranges_safe", {"v5.1.7", "v5.2.6", "v5.3.4", "v5.4.3", "v5.5.1", "v6.0.0"}, false},
    {"RL-38", "rom_driver_ranges_safe", {"v5.2.7", "v5.4.4", "v5.5.5", "v6.0.0"}, false},
    {"RL-39", "csv_littlefs", {"v5.0.7", "v5.1.4", "v5.2.0"}, false},
    {"RL-39", "csv_tee_and_recovery", {"v5.5.0"}, false},
    {"RL-39", "csv_byte_order_mark", {"v5.4.2", "v5.5.0"}, false},
    {"RL-39", "csv_large_flash", {"v4.4.2", "v5.0.0"}, false},
    {"RL-39", "csv_secure_v2", {"v4.4.5", "v5.0.2", "v5.1.0"}, false},
    {"RL-40", "click_tools", {"master"}, false},
    {"RL-41", "https_chip_id_checked", {"v4.4.1", "v5.0.0"}, false},
    {"RL-42", "https_303_308", {"v4.4.2", "v5.0.0"}, false},
    {"RL-42", "https_init_before_head", {"v4.4.3", "v5.0.0"}, false},
    {"RL-43", "https_finish_tells", {"v4.4.7", "v5.0.5", "v5.1.3", "v5.2.0"}, false},
    {"RL-44", "https_events", {"v5.0.1", "v5.1.0"}, false},
    {"RL-44", "https_401_limited", {"v5.1.0"}, false},
    {"RL-44", "https_status_code", {"v5.0.8", "v5.1.5", "v5.2.4", "v5.3.2", "v5.4.0"}, false},
    {"RL-44", "https_encrypted_header_size", {"v5.0.6", "v5.1.3", "v5.2.0"}, false},
    {"RL-44", "https_buffer_caps", {"v5.3.0"}, false},
    {"RL-44", "https_event_timeout", {"v5.4.0"}, false},
    {"RL-44", "https_304_416", {"v5.5.0"}, false},
    {"RL-45", "https_range_from_zero", {"v5.5.4", "v6.0.0"}, false},
    {"RL-45", "https_resumption", {"v5.5.0"}, false},
    {"RL-49", "https_head_fallback", {"v6.0.0"}, false},
    {"RL-46", "https_range_by_16", {"v5.5.3", "v6.0.0"}, false},
    {"RL-47", "https_data_unread", {"v5.5.4", "v6.0.0"}, false},
    {"RL-48", "https_connection_kept", {"v5.4.4", "v5.5.2", "v6.0.0"}, false},
    {"RL-49", "https_head_304", {"v6.1"}, false},
    {"RL-50", "https_scheme_kept", {"v5.5.5", "v6.1-beta1"}, false},
    {"RL-50", "https_header_too_long", {"v6.1"}, false},
    {"RL-50", "https_incomplete_data", {"v5.4.3", "v5.5.2", "v6.0.0"}, false},
    {"RL-50", "https_redirections_reset", {"v5.0.7", "v5.1.5", "v5.2.3", "v5.3.0"}, false},
    {"RL-50", "https_authorization_dropped", {"master"}, false},
    {"RL-51", "find_reports_load_error", {"v6.0.0"}, false}, // as v6.1-beta1, which has all of v6.0
    {"RL-52", "short_first_segment_refused", {"master"}, false},
    {"RL-52", "page_size_limited", {"master"}, false},
};

static const struct release_change *change(const char *name) {
    const struct release_change *found = release_changes;
    while (found->name != NULL && strcmp(found->name, name) != 0)
        found++;
    if (found->name == NULL)
        fail_msg("no behaviour is called %s", name);
    return found;
}

// What the list of first tags says of one release.
static bool said(const struct first_tags *row, uint32_t version) {
    size_t count = 0;
    while (count < LINES_MAX && row->tags[count] != NULL)
        count++;
    bool has = version >= release_profile_find(row->tags[count - 1])->version;
    for (size_t i = 0; i + 1 < count; i++) {
        uint32_t first = release_profile_find(row->tags[i])->version;
        has = has || (release_version_line(version) == release_version_line(first) && version >= first);
    }
    return has != row->until;
}

static void compare(const struct first_tags *row, const struct release_profile *releases) {
    const struct release_change *behaviour = change(row->name);
    for (const struct release_profile *release = releases; release->name != NULL; release++) {
        bool always = strcmp(row->name, "signed_padding_hashed") == 0 && release->version < RELEASE(5, 0, 0);
        if (behaviour->has(release->version) != (said(row, release->version) || always))
            fail_msg("%s: %s of %s", row->rule, row->name, release->name);
    }
}

static void each_tag_has_what_the_rules_say(void **state) {
    (void)state;
    for (size_t i = 0; i < sizeof first_tags / sizeof *first_tags; i++) {
        compare(&first_tags[i], release_patches);
        compare(&first_tags[i], release_profiles);
    }
}

static void each_change_is_told(void **state) {
    (void)state;
    for (const struct release_change *each = release_changes; each->name != NULL; each++) {
        assert_true(each->rule[0] != '\0' && each->text[0] != '\0');
        assert_true(each->needs == NULL || each->needs[0] != '\0');
        assert_ptr_equal(change(each->name), each); // no name stands twice
    }
}

// RL-27: two tags of one line could not verify signed apps where pages are configurable.
static void rl_27_two_tags_cannot_verify_signed_apps(void **state) {
    (void)state;
    const struct release_change *behaviour = change("page_size_without_mapping");
    for (const struct release_profile *release = release_patches; release->name != NULL; release++)
        assert_int_equal(behaviour->has(release->version),
                         strcmp(release->name, "v5.4.0") != 0 && strcmp(release->name, "v5.4.1") != 0);
}

// ---- RL-10: boot selection --------------------------------------------------------------------

#define STATES 7

static uint32_t choose(const char *release, bool rollback, const uint32_t entries[4], unsigned damaged,
                       uint32_t left[4]) {
    struct board_config config = example_config(release);
    config.app.rollback = config.bootloader.rollback = rollback;
    struct board *board = example_board(&config, EXAMPLE_WITH_FACTORY);
    for (int i = 0; i < 2; i++)
        if (entries[2 * i] != 0)
            example_entry_set(board, i, entries[2 * i], entries[2 * i + 1]);
    if ((damaged & 1) != 0)
        example_damage(board, EXAMPLE_OTA_0);
    if ((damaged & 2) != 0)
        example_damage(board, EXAMPLE_OTA_1);
    uint32_t running = example_boot(board, PORT_RESET_POWER_ON);
    for (int i = 0; i < 2; i++) {
        left[2 * i] = example_entry(board, i).seq;
        left[2 * i + 1] = example_entry(board, i).state;
    }
    board_free(board);
    return running;
}

static void compare_choice(const char *line, const char *patch, bool rollback, const uint32_t entries[4],
                           unsigned damaged) {
    uint32_t left[2][4], running[2] = {choose(line, rollback, entries, damaged, left[0]),
                                       choose(patch, rollback, entries, damaged, left[1])};
    if (running[0] != running[1] || memcmp(left[0], left[1], sizeof left[0]) != 0)
        fail_msg("%s chooses 0x%x, %s 0x%x", line, (unsigned)running[0], patch, (unsigned)running[1]);
}

static void rl_10_no_patch_level_changes_boot_selection(void **state) {
    (void)state;
    static const uint32_t states[STATES] = {OTADATA_NEW,
                                            OTADATA_PENDING_VERIFY,
                                            OTADATA_VALID,
                                            OTADATA_INVALID,
                                            OTADATA_ABORTED,
                                            OTADATA_UNDEFINED,
                                            5};
    static const uint32_t numbers[][2] = {{1, 2}, {2, 1}, {1, 0}, {0, 2}, {3, 3}};
    for (const struct release_profile *patch = release_patches; patch->name != NULL; patch++) {
        const char *line = release_profile_line(patch)->name;
        for (unsigned i = 0; i < STATES * STATES; i++) {
            const uint32_t *seq = numbers[i % (sizeof numbers / sizeof *numbers)];
            const uint32_t entries[4] = {seq[0], states[i % STATES], seq[1], states[i / STATES]};
            compare_choice(line, patch->name, i % 2 == 0, entries, i % 4);
        }
    }
}

// ---- RL-22: a first segment in pieces ---------------------------------------------------------

// The ESP32's bootloader maps 50 pages at once, an app what the running one leaves of 64; one less where the data
// begins in the middle of a page.
#define SLOT_SIZE   0x350000u
#define RUNNING     0x200000u
#define IN_ONE      0x1E0000u
#define IN_TWO      0x320000u
#define CODE_LENGTH 16u

static void put_large_app(struct board *board, uint32_t address, uint32_t first_length) {
    static uint8_t data[IN_TWO];
    const struct chip_target *target = board_config(board)->target;
    static const uint8_t magic[] = {0x32, 0x54, 0xCD, 0xAB};
    memset(data, 0, sizeof data);
    memcpy(data, magic, sizeof magic);
    uint32_t first = APP_IMAGE_HEADER_SIZE + APP_IMAGE_SEGMENT_HEADER_SIZE;
    uint32_t second = first + first_length + APP_IMAGE_SEGMENT_HEADER_SIZE;
    struct app_image_segment segments[] = {
        {target->drom.start + first, first_length, data},
        {target->irom.start + second % 0x10000, CODE_LENGTH, data},
    };
    struct app_image_parts parts = {.magic = 0xE9,
                                    .spi_mode = 2,
                                    .spi_speed_and_size = 0x20,
                                    .entry = target->default_entry,
                                    .chip_id = target->chip_id,
                                    .max_chip_revision = UINT16_MAX,
                                    .hash_appended = true,
                                    .segments = segments,
                                    .segment_count = 2};
    struct buffer image = {0};
    app_image_assemble(&parts, &image);
    flash_set(board_flash(board), address, image.bytes, (uint32_t)image.length);
    buffer_free(&image);
}

static struct board *large_board(const char *release, bool bootloader_looks, bool app_looks) {
    struct board_config config = example_config(release);
    assert_true(nor_chip_custom(8u << 20, &config.chip));
    config.bootloader.anti_rollback = bootloader_looks;
    config.app.anti_rollback = app_looks;
    struct board *board = board_new(&config);
    static const struct partition_row rows[] = {
        {PARTITION_ROW_MAGIC, 1, 0x00, EXAMPLE_OTADATA, 0x2000, "otadata", 0},
        {PARTITION_ROW_MAGIC, 0, 0x10, EXAMPLE_FACTORY, SLOT_SIZE, "ota_0", 0},
        {PARTITION_ROW_MAGIC, 0, 0x11, EXAMPLE_FACTORY + SLOT_SIZE, SLOT_SIZE, "ota_1", 0},
    };
    uint8_t row[PARTITION_ROW_SIZE];
    for (uint32_t i = 0; i < sizeof rows / sizeof *rows; i++) {
        partition_row_encode(&rows[i], row);
        flash_set(board_flash(board), EXAMPLE_TABLE + i * PARTITION_ROW_SIZE, row, sizeof row);
    }
    return board;
}

static void verify_other_slot(void *context) {
    struct app_image image;
    *(esp_err_t *)context =
        app_image_verify(APP_IMAGE_VERIFY, EXAMPLE_FACTORY + SLOT_SIZE, SLOT_SIZE, &image);
}

static void rl_22_pieces_of_a_large_first_segment(void **state) {
    (void)state;
    static const struct {
        const char *release;
        uint32_t length;
        enum board_end boots, verifies;
    } table[] = {
        {"v5.4.4", IN_TWO, BOARD_HUNG, BOARD_PANICKED},
        {"v5.5.4", IN_TWO, BOARD_HUNG, BOARD_PANICKED},
        {"v5.5.4", IN_ONE, BOARD_RETURNED, BOARD_RETURNED},
        {"v5.5.5", IN_TWO, BOARD_RETURNED, BOARD_RETURNED},
        {"v6.0.1", IN_TWO, BOARD_HUNG, BOARD_PANICKED},
        {"v6.0.2", IN_TWO, BOARD_RETURNED, BOARD_RETURNED},
        {"v6.1-beta1", IN_TWO, BOARD_RETURNED, BOARD_RETURNED},
    };
    for (size_t i = 0; i < sizeof table / sizeof *table; i++) {
        struct board *board = large_board(table[i].release, true, false);
        put_large_app(board, EXAMPLE_FACTORY, table[i].length);
        assert_int_equal(board_boot(board, PORT_RESET_POWER_ON, NULL), table[i].boots);
        board_free(board);
        board = large_board(table[i].release, false, true);
        put_large_app(board, EXAMPLE_FACTORY, RUNNING);
        put_large_app(board, EXAMPLE_FACTORY + SLOT_SIZE, table[i].length);
        assert_int_equal(board_boot(board, PORT_RESET_POWER_ON, NULL), BOARD_RETURNED);
        esp_err_t code = ESP_FAIL;
        assert_int_equal(board_run(board, verify_other_slot, &code, NULL), table[i].verifies);
        assert_true(code == ESP_OK || table[i].verifies != BOARD_RETURNED);
        board_free(board);
    }
}

// ---- RL-38: ranges whose end passes 4 GiB -----------------------------------------------------

static const esp_partition_t *slot_of_no_one(void) {
    return esp_partition_find_first(ESP_PARTITION_TYPE_APP, ESP_PARTITION_SUBTYPE_APP_OTA_1, NULL);
}

static void erase_past_the_end(void *context) {
    *(esp_err_t *)context = esp_partition_erase_range(slot_of_no_one(), 0x1000, 0xFFFFF000u);
}

static void write_past_the_end(void *context) {
    uint8_t byte = 0;
    *(esp_err_t *)context = esp_flash_write(NULL, &byte, EXAMPLE_OTA_1, 0xFFFF0000u);
}

static void read_past_the_end(void *context) {
    uint8_t byte = 0;
    *(esp_err_t *)context = esp_flash_read(NULL, &byte, EXAMPLE_OTA_1, 0xFFFF0000u);
}

static void rl_38_ranges_that_wrap(void **state) {
    (void)state;
    static const struct {
        const char *release;
        void (*body)(void *);
        enum board_end end;
        esp_err_t code; // when it returned
    } table[] = {
        {"v5.3.3", erase_past_the_end, BOARD_CRASHED, ESP_OK},
        {"v5.3.4", erase_past_the_end, BOARD_RETURNED, ESP_ERR_INVALID_ARG},  // by esp_flash
        {"v5.4.0", erase_past_the_end, BOARD_RETURNED, ESP_ERR_INVALID_SIZE}, // by esp_partition
        {"v5.1.6", write_past_the_end, BOARD_CRASHED, ESP_OK},
        {"v5.1.7", write_past_the_end, BOARD_RETURNED, ESP_ERR_INVALID_ARG},
        {"v5.5.0", write_past_the_end, BOARD_CRASHED, ESP_OK},
        {"v5.5.1", write_past_the_end, BOARD_RETURNED, ESP_ERR_INVALID_ARG},
        {"v6.0.2", read_past_the_end, BOARD_CRASHED, ESP_OK}, // never mended
    };
    for (size_t i = 0; i < sizeof table / sizeof *table; i++) {
        struct board_config config = example_config(table[i].release);
        struct board *board = example_board(&config, EXAMPLE_SLOTS);
        assert_int_equal(example_boot(board, PORT_RESET_POWER_ON), EXAMPLE_OTA_0);
        esp_err_t code = ESP_FAIL;
        enum board_end end = board_run(board, table[i].body, &code, NULL);
        if (end != table[i].end || (end == BOARD_RETURNED && code != table[i].code))
            fail_msg("%s, row %zu: %d, %s", table[i].release, i, (int)end, esp_err_to_name(code));
        board_free(board);
    }
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(each_tag_has_what_the_rules_say),
        cmocka_unit_test(each_change_is_told),
        cmocka_unit_test(rl_27_two_tags_cannot_verify_signed_apps),
        cmocka_unit_test(rl_10_no_patch_level_changes_boot_selection),
        cmocka_unit_test(rl_22_pieces_of_a_large_first_segment),
        cmocka_unit_test(rl_38_ranges_that_wrap),
    };
    return cmocka_run_group_tests_name("release_rules", tests, NULL, NULL);
}
