// esp_ota_ops.h where the recorded vectors do not reach: descriptors, image validity, functions that a
// release lacks, updates of bootloader and table, searches that never end, what the console is told.
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <string.h>

#include <cmocka.h>

#include "board_example.h"
#include "esp_image_format.h"
#include "esp_log.h"
#include "esp_ota_ops.h"
#include "esp_sleep.h"
#include "esp_system.h"
#include "ota/app_image.h"

static enum board_end run_on(const char *release, void (*body)(void *context)) {
    struct board_config config = example_config(release);
    struct board *board = example_board(&config, EXAMPLE_SLOTS);
    (void)example_boot(board, PORT_RESET_POWER_ON);
    enum board_end end = board_run(board, body, NULL, NULL);
    board_free(board);
    return end;
}

static const esp_partition_t *slot(int number) {
    return esp_partition_find_first(ESP_PARTITION_TYPE_APP, ESP_PARTITION_SUBTYPE_OTA(number), NULL);
}

// ---- releases -----------------------------------------------------------------------------------

static void call_what_v4_4_lacks(void *context) {
    (void)context;
    esp_ota_handle_t handle = 77;
    esp_bootloader_desc_t bootloader;
    esp_image_header_t header = {0};
    assert_int_equal(esp_ota_resume(slot(1), OTA_SIZE_UNKNOWN, 0, &handle), ESP_ERR_NOT_SUPPORTED);
    assert_int_equal(handle, 77);
    assert_int_equal(esp_ota_set_final_partition(1, slot(1), false), ESP_ERR_NOT_SUPPORTED);
    assert_int_equal(esp_ota_set_boot_partition_skip_validate(slot(1)), ESP_ERR_NOT_SUPPORTED);
    assert_int_equal(esp_ota_mark_app_invalid_rollback(), ESP_ERR_NOT_SUPPORTED);
    assert_int_equal(esp_ota_invalidate_inactive_ota_data_slot(), ESP_ERR_NOT_SUPPORTED);
    assert_int_equal(esp_ota_get_bootloader_description(NULL, &bootloader), ESP_ERR_NOT_SUPPORTED);
    assert_int_equal(esp_ota_check_image_validity(ESP_PARTITION_TYPE_APP, &header, NULL),
                     ESP_ERR_NOT_SUPPORTED);
}

static void missing_functions_are_not_supported(void **state) {
    (void)state;
    assert_int_equal(run_on("v4.4", call_what_v4_4_lacks), BOARD_RETURNED);
}

// ---- descriptors --------------------------------------------------------------------------------

static void check_descriptors(void *context) {
    (void)context;
    esp_app_desc_t descriptor;
    esp_bootloader_desc_t bootloader;
    char digits[10];
    assert_int_equal(esp_ota_get_partition_description(slot(1), &descriptor), ESP_OK);
    assert_string_equal(descriptor.version, "1.0.0");
    assert_string_equal(esp_app_get_description()->version, "1.0.0");
    assert_ptr_equal(esp_ota_get_app_description(), esp_app_get_description());
    assert_int_equal(esp_app_get_elf_sha256(digits, sizeof digits), sizeof digits);
    assert_int_equal(strspn(digits, "0123456789abcdef"), 9);
    assert_string_equal(esp_app_get_elf_sha256_str(), digits);
    const esp_partition_t *nvs =
        esp_partition_find_first(ESP_PARTITION_TYPE_DATA, ESP_PARTITION_SUBTYPE_DATA_NVS, NULL);
    assert_int_equal(esp_ota_get_partition_description(nvs, &descriptor), ESP_ERR_NOT_SUPPORTED);
    assert_int_equal(esp_ota_get_bootloader_description(NULL, NULL), ESP_ERR_INVALID_ARG);
    assert_int_equal(esp_ota_get_bootloader_description(NULL, &bootloader), ESP_ERR_NOT_FOUND);
    const uint8_t magic = ESP_BOOTLOADER_DESC_MAGIC_BYTE;
    assert_int_equal(esp_partition_write(nvs, 32, &magic, 1), ESP_OK);
    assert_int_equal(esp_ota_get_bootloader_description(nvs, &bootloader), ESP_OK);
}

static void images_are_described(void **state) {
    (void)state;
    assert_int_equal(run_on("master", check_descriptors), BOARD_RETURNED);
}

static void check_validity(void *context) {
    (void)context;
    const esp_partition_type_t app = ESP_PARTITION_TYPE_APP;
    esp_image_header_t header = {.magic = ESP_IMAGE_HEADER_MAGIC, .chip_id = ESP_CHIP_ID_ESP32};
    esp_app_desc_t descriptor = *esp_app_get_description();
    assert_int_equal(esp_ota_check_image_validity(app, NULL, NULL), ESP_ERR_INVALID_ARG);
    assert_int_equal(esp_ota_check_image_validity(ESP_PARTITION_TYPE_DATA, &header, NULL),
                     ESP_ERR_INVALID_ARG);
    assert_int_equal(esp_ota_check_image_validity(app, &header, &descriptor), ESP_OK);
    descriptor.spi_mode ^= 1;
    assert_int_equal(esp_ota_check_image_validity(app, &header, &descriptor), ESP_ERR_OTA_SPI_MODE_MISMATCH);
    descriptor.spi_mode = 0; // not told
    assert_int_equal(esp_ota_check_image_validity(app, &header, &descriptor), ESP_OK);
    header.max_chip_rev_full = 100; // the board's is 300
    assert_int_equal(esp_ota_check_image_validity(app, &header, NULL), ESP_ERR_INVALID_VERSION);
    assert_int_equal(esp_ota_check_image_validity(ESP_PARTITION_TYPE_BOOTLOADER, &header, NULL),
                     ESP_OK); // D13
    header.chip_id = ESP_CHIP_ID_ESP32C3;
    assert_int_equal(esp_ota_check_image_validity(ESP_PARTITION_TYPE_BOOTLOADER, &header, NULL),
                     ESP_ERR_INVALID_VERSION);
}

static void image_validity_is_told_in_advance(void **state) {
    (void)state;
    assert_int_equal(run_on("v6.1", check_validity), BOARD_RETURNED);
}

// ---- sessions -----------------------------------------------------------------------------------

static void open_many_operations(void *context) {
    (void)context;
    esp_ota_handle_t handle = 0;
    for (uint32_t i = 1; i <= FIRMWARE_OPERATIONS_MAX; i++) {
        assert_int_equal(esp_ota_begin(slot(1), OTA_WITH_SEQUENTIAL_WRITES, &handle), ESP_OK);
        assert_int_equal(handle, i);
    }
    assert_int_equal(esp_ota_begin(slot(1), OTA_WITH_SEQUENTIAL_WRITES, &handle), ESP_ERR_NO_MEM);
    assert_int_equal(esp_ota_abort(5), ESP_OK);
    assert_int_equal(esp_ota_abort(5), ESP_ERR_NOT_FOUND);
    assert_int_equal(esp_ota_begin(slot(1), OTA_WITH_SEQUENTIAL_WRITES, &handle), ESP_OK);
}

static void operations_run_out_like_memory(void **state) {
    (void)state;
    assert_int_equal(run_on("v5.1", open_many_operations), BOARD_RETURNED); // a release without D6
}

static void stage_a_table(void *context) {
    (void)context;
    esp_ota_handle_t handle;
    uint8_t table[PARTITION_TABLE_SIZE];
    const esp_partition_t *place,
        *nvs = esp_partition_find_first(ESP_PARTITION_TYPE_DATA, ESP_PARTITION_SUBTYPE_DATA_NVS, NULL);
    assert_int_equal(esp_flash_read(NULL, table, EXAMPLE_TABLE, sizeof table), ESP_OK);
    assert_int_equal(esp_partition_register_external(NULL, EXAMPLE_TABLE, 0x1000, "table",
                                                     ESP_PARTITION_TYPE_PARTITION_TABLE,
                                                     ESP_PARTITION_SUBTYPE_PARTITION_TABLE_PRIMARY, &place),
                     ESP_OK);
    assert_int_equal(esp_ota_begin(nvs, 0, &handle), ESP_OK);
    assert_int_equal(esp_ota_set_final_partition(handle, place, true),
                     ESP_OK);                                // lifts the protection (AU-31)
    assert_int_equal(esp_ota_write(handle, "x", 1), ESP_OK); // one byte is not compared (D10)
    assert_int_equal(esp_ota_end(handle), ESP_ERR_OTA_VALIDATE_FAILED);
    assert_int_equal(esp_ota_begin(nvs, 0, &handle), ESP_OK);
    assert_int_equal(esp_ota_set_final_partition(handle, place, true), ESP_OK);
    assert_int_equal(esp_ota_write(handle, "xy", 2), ESP_ERR_OTA_VALIDATE_FAILED);
    assert_int_equal(esp_ota_write(handle, table, sizeof table), ESP_OK);
    assert_int_equal(esp_ota_end(handle), ESP_OK);
}

static void a_table_is_staged_and_copied(void **state) {
    (void)state;
    assert_int_equal(run_on("master", stage_a_table), BOARD_RETURNED);
}

static void select_slot_0(void *context) {
    (void)context;
    (void)esp_ota_set_boot_partition(slot(0));
}

static void a_search_that_never_ends_is_a_panic(void **state) {
    (void)state;
    struct board_config config = example_config("master");
    struct board *board = board_new(&config);
    example_table(board_flash(board), EXAMPLE_SLOTS);
    struct partition_row row; // two more slots, where the same images lie
    uint8_t table[PARTITION_TABLE_SIZE];
    flash_read(board_flash(board), EXAMPLE_TABLE, table, sizeof table);
    for (uint32_t i = 0; i < 2; i++) {
        partition_row_decode(table + (3 + i) * PARTITION_ROW_SIZE, &row);
        row.subtype = (uint8_t)(0x12 + i);
        partition_row_encode(&row, table + (5 + i) * PARTITION_ROW_SIZE);
    }
    memset(table + 7 * PARTITION_ROW_SIZE, 0xFF, PARTITION_ROW_SIZE);
    table[7 * PARTITION_ROW_SIZE] = table[7 * PARTITION_ROW_SIZE + 1] = 0xEB;
    md5(table, 7 * PARTITION_ROW_SIZE, table + 7 * PARTITION_ROW_SIZE + MD5_SIZE);
    flash_set(board_flash(board), EXAMPLE_TABLE, table, sizeof table);
    example_image(board, EXAMPLE_OTA_0, 0);
    example_image(board, EXAMPLE_OTA_1, 0);
    example_entry_set(board, 0, 0xFFFFFFFE, OTADATA_VALID); // slot 1 of 4 (OD-24)
    assert_int_equal(example_boot(board, PORT_RESET_POWER_ON), EXAMPLE_OTA_1);
    assert_int_equal(board_run(board, select_slot_0, NULL, NULL), BOARD_PANICKED);
    board_free(board);
}

// ---- system services ----------------------------------------------------------------------------

struct console {
    char text[1024];
};

static void listen(void *context, enum port_log_level level, const char *tag, const char *line) {
    struct console *console = context;
    size_t used = strlen(console->text);
    (void)snprintf(console->text + used, sizeof console->text - used, "%c %s: %s\n", "EWI"[level], tag, line);
}

static void talk(void *context) {
    (void)context;
    ESP_LOGE("app", "one %d\n", 1);
    ESP_LOGW("app", "two");
    ESP_LOGD("app", "too fine");
    assert_int_equal(esp_reset_reason(), ESP_RST_POWERON);
    ESP_ERROR_CHECK_WITHOUT_ABORT(ESP_ERR_NO_MEM);
    esp_deep_sleep(5000000);
}

static void the_console_shows_what_the_app_says(void **state) {
    (void)state;
    struct board_config config = example_config("master");
    struct board *board = example_board(&config, EXAMPLE_SLOTS);
    struct console console = {""};
    (void)example_boot(board, PORT_RESET_POWER_ON);
    board_listen(board, listen, &console);
    assert_int_equal(board_run(board, talk, NULL, NULL), BOARD_SLEEPING);
    assert_non_null(
        strstr(console.text, "E app: one 1\nW app: two\nE error_check: ESP_ERR_NO_MEM gave ESP_ERR_NO_MEM"));
    assert_non_null(strstr(console.text, "5000000 us"));
    board_free(board);
}

static void fail_a_check(void *context) {
    (void)context;
    ESP_ERROR_CHECK(ESP_OK);
    ESP_ERROR_CHECK(esp_ota_end(99));
}

static void a_failed_check_ends_the_program(void **state) {
    (void)state;
    assert_int_equal(run_on("master", fail_a_check), BOARD_PANICKED);
}

// What a sequential write of one sector, and then one of nothing, erases: RL-11, RL-12.
struct sequential {
    esp_err_t begin, first, empty, unknown;
};

static void write_sequentially(void *context) {
    struct sequential *run = context;
    static uint8_t sector[4096];
    esp_ota_handle_t handle = 0;
    memset(sector, 0, sizeof sector);
    sector[0] = ESP_IMAGE_HEADER_MAGIC;
    run->begin = esp_ota_begin(esp_ota_get_next_update_partition(NULL), OTA_WITH_SEQUENTIAL_WRITES, &handle);
    run->first = esp_ota_write(handle, sector, sizeof sector);
    run->empty = esp_ota_write(handle, sector, 0);
    run->unknown = esp_ota_write(handle + 1, sector, 0);
}

static void sequential_writes_by_patch_level(void **state) {
    (void)state;
    static const struct {
        const char *release;
        unsigned erases;   // sectors of the slot
        esp_err_t unknown; // a write of nothing to no operation
    } table[] = {
        {"v4.4.6", 3, ESP_ERR_INVALID_ARG},
        {"v4.4.7", 1, ESP_OK},
        {"v5.0.5", 3, ESP_ERR_INVALID_ARG},
        {"v5.0.6", 1, ESP_OK},
        {"v5.1.2", 3, ESP_ERR_INVALID_ARG},
        {"v5.1.3", 1, ESP_OK},
        {"v5.2.0", 1, ESP_OK},
        {"v5.5", 1, ESP_OK},
    };
    for (size_t i = 0; i < sizeof table / sizeof *table; i++) {
        struct board_config config = example_config(table[i].release);
        config.app.rollback = config.bootloader.rollback = false;
        struct board *board = example_board(&config, EXAMPLE_SLOTS);
        assert_int_equal(example_boot(board, PORT_RESET_POWER_ON), EXAMPLE_OTA_0);
        struct sequential run;
        assert_int_equal(board_run(board, write_sequentially, &run, NULL), BOARD_RETURNED);
        assert_int_equal(run.begin, ESP_OK);
        assert_int_equal(run.first, ESP_OK);
        assert_int_equal(run.empty, ESP_OK);
        unsigned erases = 0;
        for (uint32_t at = EXAMPLE_OTA_1; at < EXAMPLE_OTA_1 + EXAMPLE_APP; at += 0x1000)
            erases += board_erase_count(board, at);
        if (erases != table[i].erases || run.unknown != table[i].unknown)
            fail_msg("%s: %u erases, %s", table[i].release, erases, esp_err_to_name(run.unknown));
        board_free(board);
    }
}

// RL-28: before full revisions, byte 14 of the header against the major number, and no maximum.
static void verify_slot(void *context) {
    struct app_image image;
    *(esp_err_t *)context = app_image_verify(APP_IMAGE_VERIFY, EXAMPLE_OTA_1, EXAMPLE_APP, &image);
}

static void revisions_by_patch_level(void **state) {
    (void)state;
    static const struct {
        const char *release;
        uint8_t legacy;       // header byte 14
        uint16_t least, most; // full revisions; the chip is v3.0
        esp_err_t code;
    } table[] = {
        {"v4.4.4", 4, 0, 0xFFFF, ESP_FAIL}, {"v4.4.4", 3, 301, 299, ESP_OK},
        {"v4.4.5", 4, 0, 0xFFFF, ESP_OK},   {"v4.4.5", 3, 301, 0xFFFF, ESP_FAIL},
        {"v5.0.0", 4, 0, 0xFFFF, ESP_FAIL}, {"v5.0.1", 0, 0, 299, ESP_FAIL},
        {"v5.1.0", 0, 0, 299, ESP_FAIL},
    };
    for (size_t i = 0; i < sizeof table / sizeof *table; i++) {
        struct board_config config = example_config(table[i].release);
        struct board *board = example_board(&config, EXAMPLE_SLOTS);
        uint8_t image[0x1000];
        flash_read(board_flash(board), EXAMPLE_OTA_1, image, sizeof image);
        image[14] = table[i].legacy;
        image[15] = (uint8_t)table[i].least, image[16] = (uint8_t)(table[i].least >> 8);
        image[17] = (uint8_t)table[i].most, image[18] = (uint8_t)(table[i].most >> 8);
        assert_true(app_image_seal(image, sizeof image));
        flash_set(board_flash(board), EXAMPLE_OTA_1, image, sizeof image);
        esp_err_t code;
        assert_int_equal(example_boot(board, PORT_RESET_POWER_ON), EXAMPLE_OTA_0);
        assert_int_equal(board_run(board, verify_slot, &code, NULL), BOARD_RETURNED);
        if (code != table[i].code)
            fail_msg("%s, row %zu: %s", table[i].release, i, esp_err_to_name(code));
        board_free(board);
    }
}

// RL-29: v4.4.0 hands out the appended digest, whatever the image is.
static void ask_digest(void *context) {
    uint8_t digest[32];
    *(esp_err_t *)context = esp_partition_get_sha256(
        esp_partition_find_first(ESP_PARTITION_TYPE_APP, ESP_PARTITION_SUBTYPE_APP_OTA_1, NULL), digest);
}

static void digests_are_recomputed_since_v4_4_1(void **state) {
    (void)state;
    static const struct {
        const char *release;
        esp_err_t code;
    } table[] = {{"v4.4.0", ESP_OK}, {"v4.4.1", ESP_ERR_IMAGE_INVALID}, {"v5.0.0", ESP_ERR_IMAGE_INVALID}};
    for (size_t i = 0; i < sizeof table / sizeof *table; i++) {
        struct board_config config = example_config(table[i].release);
        struct board *board = example_board(&config, EXAMPLE_SLOTS);
        example_damage(board, EXAMPLE_OTA_1);
        esp_err_t code;
        assert_int_equal(example_boot(board, PORT_RESET_POWER_ON), EXAMPLE_OTA_0);
        assert_int_equal(board_run(board, ask_digest, &code, NULL), BOARD_RETURNED);
        assert_int_equal(code, table[i].code);
        board_free(board);
    }
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(missing_functions_are_not_supported),
        cmocka_unit_test(images_are_described),
        cmocka_unit_test(image_validity_is_told_in_advance),
        cmocka_unit_test(operations_run_out_like_memory),
        cmocka_unit_test(a_table_is_staged_and_copied),
        cmocka_unit_test(a_search_that_never_ends_is_a_panic),
        cmocka_unit_test(the_console_shows_what_the_app_says),
        cmocka_unit_test(a_failed_check_ends_the_program),
        cmocka_unit_test(sequential_writes_by_patch_level),
        cmocka_unit_test(revisions_by_patch_level),
        cmocka_unit_test(digests_are_recomputed_since_v4_4_1),
    };
    return cmocka_run_group_tests_name("app_update", tests, NULL, NULL);
}
