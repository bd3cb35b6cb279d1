// Values at the edges of what tables, records and options may say: each test is named by the rule that says what then
// happens.
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>

#include <cmocka.h>

#include "board_example.h"
#include "ota/include/esp_ota_ops.h"

#define SECOND_OTADATA 0x50000u

struct table {
    uint8_t bytes[PARTITION_TABLE_SIZE];
    uint32_t rows;
};

static void add(struct table *table, uint8_t type, uint8_t subtype, uint32_t offset, uint32_t size,
                const char *label) {
    struct partition_row row = {PARTITION_ROW_MAGIC, type, subtype, offset, size, "", 0};
    (void)snprintf(row.label, sizeof row.label, "%s", label);
    partition_row_encode(&row, table->bytes + table->rows++ * PARTITION_ROW_SIZE);
}

static struct table table_new(uint32_t otadata_size) {
    struct table table;
    memset(table.bytes, 0xFF, sizeof table.bytes);
    table.rows = 0;
    add(&table, 1, 0x02, EXAMPLE_NVS, 0x4000, "nvs");
    add(&table, 1, 0x00, EXAMPLE_OTADATA, otadata_size, "otadata");
    add(&table, 0, 0x10, EXAMPLE_OTA_0, EXAMPLE_APP, "ota_0");
    add(&table, 0, 0x11, EXAMPLE_OTA_1, EXAMPLE_APP, "ota_1");
    return table;
}

static struct board *board_of(const struct board_config *config, const struct table *table) {
    struct board *board = example_board(config, EXAMPLE_SLOTS);
    flash_set(board_flash(board), EXAMPLE_TABLE, table->bytes, sizeof table->bytes);
    return board;
}

static struct board *plain_board(const struct table *table) {
    struct board_config config = example_config("v6.0");
    config.app.rollback = config.bootloader.rollback = config.app.partition_table_md5 = false;
    return board_of(&config, table);
}

// ---- tables -------------------------------------------------------------------------------------

// What a program on the board finds out.
struct answer {
    const char *label;
    uint32_t address;
    esp_err_t code, second;
    esp_ota_handle_t handle;
};

static void find_label(void *context) {
    struct answer *answer = context;
    const esp_partition_t *found =
        esp_partition_find_first(ESP_PARTITION_TYPE_ANY, ESP_PARTITION_SUBTYPE_ANY, answer->label);
    answer->address = found == NULL ? 0 : found->address;
}

static uint32_t address_of(struct board *board, const char *label) {
    struct answer answer = {.label = label};
    assert_int_equal(board_run(board, find_label, &answer, NULL), BOARD_RETURNED);
    return answer.address;
}

static void pt_3_ninety_five_rows(void **state) {
    (void)state;
    struct table table = table_new(0x2000);
    char label[17];
    while (table.rows < 95) {
        (void)snprintf(label, sizeof label, "row_%u", table.rows);
        add(&table, 0x40, 0, 0x60000 + table.rows * 0x1000, 0x1000, label);
    }
    struct board *board = plain_board(&table);
    assert_int_equal(example_boot(board, PORT_RESET_POWER_ON), EXAMPLE_OTA_0);
    assert_int_equal(address_of(board, "row_94"), 0x60000 + 94 * 0x1000);
    board_free(board);
    add(&table, 0x40, 0, 0x60000, 0x1000, "row_95"); // PT-15: no end marker any more
    board = plain_board(&table);
    assert_int_equal(example_boot(board, PORT_RESET_POWER_ON), 0);
    board_free(board);
}

static void pt_18_duplicate_labels(void **state) {
    (void)state;
    struct table table = table_new(0x2000);
    add(&table, 0x40, 0, 0x60000, 0x1000, "same");
    add(&table, 0x40, 1, 0x61000, 0x1000, "same");
    struct board *board = plain_board(&table);
    assert_int_equal(example_boot(board, PORT_RESET_POWER_ON), EXAMPLE_OTA_0);
    assert_int_equal(address_of(board, "same"), 0x60000); // the first in table order
    board_free(board);
}

static void pt_20_a_slot_that_stands_twice(void **state) {
    (void)state;
    struct table table = table_new(0x2000);
    add(&table, 0, 0x10, EXAMPLE_FACTORY, EXAMPLE_APP,
        "again"); // ota_0 again: the bootloader takes the later row
    struct board *board = plain_board(&table);
    example_image(board, EXAMPLE_FACTORY, 0);
    example_entry_set(board, 0, 1, OTADATA_VALID);
    assert_int_equal(example_boot(board, PORT_RESET_POWER_ON), EXAMPLE_FACTORY);
    example_entry_set(board, 0, 3,
                      OTADATA_VALID); // PT-21: of three slots the third, which is none: the one below
    assert_int_equal(example_boot(board, PORT_RESET_POWER_ON), EXAMPLE_OTA_1);
    board_free(board);
}

// ---- otadata ------------------------------------------------------------------------------------

static void select_label(void *context) {
    struct answer *answer = context;
    answer->code = esp_ota_set_boot_partition(
        esp_partition_find_first(ESP_PARTITION_TYPE_APP, ESP_PARTITION_SUBTYPE_ANY, answer->label));
}

static void select_slot(struct board *board, const char *label) {
    struct answer answer = {.label = label};
    assert_int_equal(board_run(board, select_label, &answer, NULL), BOARD_RETURNED);
    assert_int_equal(answer.code, ESP_OK);
}

static void pt_20_two_otadata_partitions(void **state) {
    (void)state;
    struct table table = table_new(0x2000);
    add(&table, 1, 0x00, SECOND_OTADATA, 0x2000, "otadata2");
    struct board *board = plain_board(&table);
    assert_int_equal(example_boot(board, PORT_RESET_POWER_ON), EXAMPLE_OTA_0);
    select_slot(board, "ota_1"); // the app writes the first one ...
    assert_true(example_entry(board, 0).seq == 2 || example_entry(board, 1).seq == 2);
    assert_int_equal(example_boot(board, PORT_RESET_SOFTWARE),
                     EXAMPLE_OTA_0); // ... and the bootloader reads the last
    board_free(board);
}

static void bl_19_otadata_of_one_sector(void **state) {
    (void)state;
    struct table table = table_new(0x1000);
    struct board *board = plain_board(&table);
    assert_int_equal(example_boot(board, PORT_RESET_POWER_ON), 0);
    board_free(board);
}

static void od_24_the_last_sequence_number(void **state) {
    (void)state;
    struct table table = table_new(0x2000);
    struct board *board = plain_board(&table);
    example_entry_set(board, 0, 0xFFFFFFFD, OTADATA_VALID); // slot 0 of 2; FFFFFFFE selects slot 1
    assert_int_equal(example_boot(board, PORT_RESET_POWER_ON), EXAMPLE_OTA_0);
    select_slot(board, "ota_1");
    assert_int_equal(example_entry(board, 1).seq, 0xFFFFFFFE);
    assert_int_equal(example_boot(board, PORT_RESET_SOFTWARE), EXAMPLE_OTA_1);
    select_slot(board, "ota_0"); // FFFFFFFF is blank: nobody complains, and the update is lost
    assert_int_equal(example_boot(board, PORT_RESET_SOFTWARE), EXAMPLE_OTA_1);
    board_free(board);
}

// ---- sizes --------------------------------------------------------------------------------------

static void begin_on_label(void *context) {
    struct answer *answer = context;
    const esp_partition_t *slot =
        esp_partition_find_first(ESP_PARTITION_TYPE_APP, ESP_PARTITION_SUBTYPE_ANY, answer->label);
    answer->code = esp_ota_begin(slot, OTA_SIZE_UNKNOWN, &answer->handle);
    esp_ota_handle_t other = 0;
    answer->second = esp_ota_begin(slot, OTA_SIZE_UNKNOWN, &other);
}

static void pa_34_a_slot_of_no_whole_sectors(void **state) {
    (void)state;
    struct table table = table_new(0x2000);
    add(&table, 0, 0x12, 0x60000, 0x1800, "odd");
    struct board *board = plain_board(&table);
    struct answer answer = {.label = "odd"};
    assert_int_equal(example_boot(board, PORT_RESET_POWER_ON), EXAMPLE_OTA_0);
    assert_int_equal(board_run(board, begin_on_label, &answer, NULL), BOARD_RETURNED);
    assert_int_equal(answer.code, ESP_ERR_INVALID_SIZE); // it cannot be erased as a whole
    board_free(board);
}

static void fl_13_a_slot_past_16_mib(void **state) {
    (void)state;
    const struct {
        const char *target, *release;
        bool starts;
    } rows[] = {{"esp32", "v6.0", false}, {"esp32s3", "v5.3.3", false}, {"esp32s3", "v6.0", true}};
    for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
        struct table table = table_new(0x2000);
        add(&table, 0, 0x00, 0x100000, 17u << 20, "factory");
        struct board_config config = example_config(rows[i].release);
        config.target = chip_target_find(rows[i].target);
        config.app = config.bootloader =
            firmware_build_default(release_profile_find(rows[i].release), config.target);
        assert_true(nor_chip_custom(32u << 20, &config.chip));
        struct app_image_options options = app_image_options_default();
        struct buffer image = {0};
        struct board *board = board_of(&config, &table);
        options.target = config.target;
        options.body_size = 1000;
        assert_true(app_image_build(&options, &image, NULL));
        flash_set(board_flash(board), 0x100000, image.bytes, (uint32_t)image.length);
        uint8_t nothing[0x1000];
        memset(nothing, 0xFF, sizeof nothing);
        flash_set(board_flash(board), EXAMPLE_OTA_0, nothing, sizeof nothing);
        flash_set(board_flash(board), EXAMPLE_OTA_1, nothing, sizeof nothing);
        if ((example_boot(board, PORT_RESET_POWER_ON) == 0x100000) != rows[i].starts)
            fail_msg("%s under %s", rows[i].target, rows[i].release);
        buffer_free(&image);
        board_free(board);
    }
}

// What a program asks esp_ota_begin for, and what it writes then.
struct odd_update {
    uint32_t size;          // told to esp_ota_begin
    const uint32_t *writes; // lengths, ended by 0
    esp_err_t begun, written;
};

static void run_odd_update(void *context) {
    struct odd_update *update = context;
    static uint8_t bytes[0x3000] = {0xE9};
    const esp_partition_t *slot =
        esp_partition_find_first(ESP_PARTITION_TYPE_APP, ESP_PARTITION_SUBTYPE_APP_OTA_1, NULL);
    esp_ota_handle_t handle = 0;
    update->begun = esp_ota_begin(slot, update->size, &handle);
    for (const uint32_t *length = update->writes; update->begun == ESP_OK && length != NULL && *length != 0;
         length++)
        update->written = esp_ota_write(handle, length == update->writes ? bytes : bytes + 1, *length);
}

static uint32_t erased_sectors(const struct board *board) {
    const struct board_statistics *done = board_statistics(board);
    return (uint32_t)(done->sector_erases + 16 * done->block_erases);
}

static void odd_update(struct board *board, struct odd_update *update, uint32_t *sectors) {
    uint32_t before = erased_sectors(board);
    assert_int_equal(board_run(board, run_odd_update, update, NULL), BOARD_RETURNED);
    *sectors = erased_sectors(board) - before;
}

// Sizes are rounded up to sectors in 32 bits: near the end they come out as nothing at all, which succeeds.
static void au_13_sizes_near_two_to_the_thirty_second(void **state) {
    (void)state;
    static const struct {
        uint32_t size;
        esp_err_t begun;
        uint32_t sectors;
    } rows[] = {{1, ESP_OK, 1},
                {4096, ESP_OK, 1},
                {4097, ESP_OK, 2},
                {EXAMPLE_APP, ESP_OK, EXAMPLE_APP / 4096},
                {EXAMPLE_APP + 1, ESP_ERR_INVALID_SIZE, 0},
                {0xFFFFF000, ESP_ERR_INVALID_SIZE, 0},
                {0xFFFFF001, ESP_OK, 0},
                {0xFFFFFFFD, ESP_OK, 0},
                {OTA_WITH_SEQUENTIAL_WRITES, ESP_OK, 0},
                {OTA_SIZE_UNKNOWN, ESP_OK, EXAMPLE_APP / 4096},
                {0, ESP_OK, EXAMPLE_APP / 4096}};
    for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
        struct table table = table_new(0x2000);
        struct board *board = plain_board(&table);
        struct odd_update update = {.size = rows[i].size};
        uint32_t sectors;
        assert_int_equal(example_boot(board, PORT_RESET_POWER_ON), EXAMPLE_OTA_0);
        odd_update(board, &update, &sectors);
        if (update.begun != rows[i].begun || sectors != rows[i].sectors)
            fail_msg("0x%x: %s, %u sectors", (unsigned)rows[i].size, esp_err_to_name(update.begun), sectors);
        board_free(board);
    }
}

// Sequential writes erase the sectors that they are the first to reach, wherever they begin and end.
static void au_42_writes_of_odd_lengths(void **state) {
    (void)state;
    static const uint32_t one_by_one[] = {1, 4094, 1, 1, 0}, over_three[] = {4095, 4098, 0},
                          whole[] = {0x3000, 0};
    static const struct {
        const char *release;
        const uint32_t *writes;
        uint32_t sectors;
    } rows[] = {{"v6.0", one_by_one, 2},
                {"v6.0", over_three, 3},
                {"v6.0", whole, 3},
                {"v5.1.2", whole, 4}}; // RL-11: one too many
    for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
        struct table table = table_new(0x2000);
        struct board_config config = example_config(rows[i].release);
        config.app.rollback = config.bootloader.rollback = config.app.partition_table_md5 = false;
        struct board *board = board_of(&config, &table);
        struct odd_update update = {.size = OTA_WITH_SEQUENTIAL_WRITES, .writes = rows[i].writes};
        uint32_t sectors;
        assert_int_equal(example_boot(board, PORT_RESET_POWER_ON), EXAMPLE_OTA_0);
        odd_update(board, &update, &sectors);
        assert_int_equal(update.written, ESP_OK);
        if (sectors != rows[i].sectors)
            fail_msg("row %zu: %u sectors", i, sectors);
        board_free(board);
    }
}

// ---- handles, options, pins ---------------------------------------------------------------------

static void au_10_a_handle_that_is_never_closed(void **state) {
    (void)state;
    const struct {
        const char *release;
        esp_err_t second;
    } rows[] = {{"v5.5", ESP_OK}, {"v6.0", ESP_OK}, {"v6.1", ESP_ERR_OTA_ALREADY_IN_PROGRESS}};
    for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
        struct board_config config = example_config(rows[i].release);
        config.app.rollback = config.bootloader.rollback = false;
        struct board *board = example_board(&config, EXAMPLE_SLOTS);
        struct answer answer = {.label = "ota_1"};
        assert_int_equal(example_boot(board, PORT_RESET_POWER_ON), EXAMPLE_OTA_0);
        assert_int_equal(board_run(board, begin_on_label, &answer, NULL), BOARD_RETURNED);
        assert_int_equal(answer.code, ESP_OK);
        assert_int_equal(answer.second, rows[i].second);
        board_free(board);
    }
}

static void begin_until_it_fails_otherwise(void *context) {
    struct answer *answer = context;
    const esp_partition_t *slot =
        esp_partition_find_first(ESP_PARTITION_TYPE_APP, ESP_PARTITION_SUBTYPE_APP_OTA_1, NULL);
    for (answer->address = 0; answer->address < 100; answer->address++) {
        answer->code = esp_ota_begin(slot, EXAMPLE_APP + 1, &answer->handle);
        if (answer->code != ESP_ERR_INVALID_SIZE)
            return;
    }
}

// A begin that cannot erase leaves its operation open since v5.3.3: the memory of a device that tries again and again
// ends. From v6.1 on the second one is refused.
static void au_14_a_begin_that_fails_leaks(void **state) {
    (void)state;
    const struct {
        const char *release;
        uint32_t tries;
        esp_err_t then;
    } rows[] = {{"v5.1", 100, ESP_ERR_INVALID_SIZE},
                {"v5.3.2", 100, ESP_ERR_INVALID_SIZE},
                {"v5.3.3", FIRMWARE_OPERATIONS_MAX, ESP_ERR_NO_MEM},
                {"v6.0", FIRMWARE_OPERATIONS_MAX, ESP_ERR_NO_MEM},
                {"v6.1", 1, ESP_ERR_OTA_ALREADY_IN_PROGRESS}};
    for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
        struct board_config config = example_config(rows[i].release);
        config.app.rollback = config.bootloader.rollback = false;
        struct board *board = example_board(&config, EXAMPLE_SLOTS);
        struct answer answer = {0};
        assert_int_equal(example_boot(board, PORT_RESET_POWER_ON), EXAMPLE_OTA_0);
        assert_int_equal(board_run(board, begin_until_it_fails_otherwise, &answer, NULL), BOARD_RETURNED);
        if (answer.address != rows[i].tries || answer.code != rows[i].then)
            fail_msg("%s: after %u tries %s", rows[i].release, (unsigned)answer.address,
                     esp_err_to_name(answer.code));
        board_free(board);
    }
}

static void bl_56_when_images_are_not_validated(void **state) {
    (void)state;
    const struct {
        unsigned skip;
        enum port_reset_reason reason;
        bool damaged_starts;
    } rows[] = {{SKIP_VALIDATE_NEVER, PORT_RESET_POWER_ON, false},
                {SKIP_VALIDATE_ALWAYS, PORT_RESET_POWER_ON, true},
                {SKIP_VALIDATE_ALWAYS, PORT_RESET_SOFTWARE, true},
                {SKIP_VALIDATE_POWER_ON, PORT_RESET_POWER_ON, true},
                {SKIP_VALIDATE_POWER_ON, PORT_RESET_PANIC, false},
                {SKIP_VALIDATE_POWER_ON, PORT_RESET_BROWNOUT, false},
                {SKIP_VALIDATE_DEEP_SLEEP, PORT_RESET_POWER_ON, false}};
    for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
        struct board_config config = example_config("v6.0");
        config.bootloader.skip_validate = rows[i].skip;
        struct board *board = example_board(&config, EXAMPLE_SLOTS);
        example_entry_set(board, 0, 1, OTADATA_VALID);
        example_damage(board, EXAMPLE_OTA_0);
        if ((example_boot(board, rows[i].reason) == EXAMPLE_OTA_0) != rows[i].damaged_starts)
            fail_msg("row %zu", i);
        board_free(board);
    }
}

static void bl_45_pins_held_for_just_as_long(void **state) {
    (void)state;
    const struct {
        enum port_pin pin;
        uint32_t ms, starts;
    } rows[] = {{PORT_PIN_FACTORY_RESET, 4999, EXAMPLE_OTA_0},
                {PORT_PIN_FACTORY_RESET, 5001, EXAMPLE_FACTORY},
                {PORT_PIN_APP_TEST, 4999, EXAMPLE_OTA_0},
                {PORT_PIN_APP_TEST, 5001, EXAMPLE_TEST}};
    for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
        struct board_config config = example_config("v6.0");
        config.bootloader.factory_reset = config.bootloader.factory_reset_erases_otadata = true;
        config.bootloader.app_test = true;
        struct board *board = example_board(&config, EXAMPLE_WITH_FACTORY | EXAMPLE_WITH_TEST);
        example_entry_set(board, 0, 1, OTADATA_VALID);
        board_pin_hold(board, rows[i].pin, rows[i].ms);
        assert_int_equal(example_boot(board, PORT_RESET_POWER_ON), rows[i].starts);
        board_free(board);
    }
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(pt_3_ninety_five_rows),
        cmocka_unit_test(pt_18_duplicate_labels),
        cmocka_unit_test(pt_20_a_slot_that_stands_twice),
        cmocka_unit_test(pt_20_two_otadata_partitions),
        cmocka_unit_test(bl_19_otadata_of_one_sector),
        cmocka_unit_test(od_24_the_last_sequence_number),
        cmocka_unit_test(pa_34_a_slot_of_no_whole_sectors),
        cmocka_unit_test(fl_13_a_slot_past_16_mib),
        cmocka_unit_test(au_13_sizes_near_two_to_the_thirty_second),
        cmocka_unit_test(au_42_writes_of_odd_lengths),
        cmocka_unit_test(au_10_a_handle_that_is_never_closed),
        cmocka_unit_test(au_14_a_begin_that_fails_leaks),
        cmocka_unit_test(bl_56_when_images_are_not_validated),
        cmocka_unit_test(bl_45_pins_held_for_just_as_long),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
