// The ROM stage: the bootloader is bytes in flash. Absent, torn, for another chip, and what its header says (CH-40 to
// CH-51).
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "board_example.h"
#include "esp_efuse.h"
#include "ota/app_startup.h"
#include "ota/rom_boot.h"
#include "sim/provision/bootloader_image.h"

#define MIB (1u << 20)

static void listen(void *context, enum port_log_level level, const char *tag, const char *line) {
    (void)level;
    (void)tag;
    buffer_printf(context, "%s\n", line);
}

// An example board of any chip whose bootloader lies in flash, made for a flash of `flash_size` bytes.
static struct board *rom_board_of(const struct board_config *like, const char *target, uint32_t flash_size) {
    struct board_config config = *like;
    config.target = chip_target_find(target);
    config.boot = rom_boot;
    struct buffer image = {0}, app = {0};
    assert_true(bootloader_image_build(config.target, &config.bootloader, flash_size, 0, &image, NULL));
    struct known_bootloader known;
    assert_true(bootloader_image_known(image.bytes, image.length, &config.bootloader, &known));
    config.bootloaders = &known;
    config.bootloader_count = 1;
    struct board *board = board_new(&config);
    flash_set(board_flash(board), config.target->bootloader_offset, image.bytes, (uint32_t)image.length);
    example_table(board_flash(board), EXAMPLE_SLOTS);
    struct app_image_options options = app_image_options_default();
    options.target = config.target;
    options.size = 8192;
    assert_true(app_image_build(&options, &app, NULL));
    flash_set(board_flash(board), EXAMPLE_OTA_0, app.bytes, (uint32_t)app.length);
    buffer_free(&image);
    buffer_free(&app);
    return board;
}

static struct board *rom_board(const char *target, const char *release, uint32_t flash_size) {
    struct board_config config = example_config(release);
    return rom_board_of(&config, target, flash_size);
}

static void every_chip_boots_its_own(void **state) {
    (void)state;
    for (const struct chip_target *target = chip_targets; target->name != NULL; target++) {
        struct board *board = rom_board(target->name, "v6.2", 4 * MIB);
        const char *why = "";
        enum board_end end = board_boot(board, PORT_RESET_POWER_ON, &why);
        if (end != BOARD_RETURNED || board_ram(board)->running_address != EXAMPLE_OTA_0)
            fail_msg("%s: %s, %s", target->name, board_end_name(end), why);
        assert_int_equal(board_ram(board)->flash_size, 4 * MIB);
        board_free(board);
    }
}

// What is wrong with it: `at` from its start, 0xFFFFFFFF: from its last byte.
struct damage {
    const char *target;
    uint32_t at;
    uint8_t value;
    enum board_end end;
    const char *said;
};

static uint8_t *copy_of_sector(struct board *board, uint32_t address) {
    uint8_t *bytes = malloc(4096);
    flash_read(board_flash(board), address, bytes, 4096);
    return bytes;
}

static void rom_tells_what_it_refuses(void **state) {
    (void)state;
    static const struct damage table[] = {
        {"esp32c3", 0, 0xFF, BOARD_HUNG, "invalid header: 0x"},
        {"esp32", 0, 0x00, BOARD_HUNG, "invalid header: 0x"},
        {"esp32c3", 12, 0x09, BOARD_HUNG, "ets_main.c 333"}, // made for an S3
        {"esp32c3", 1, 0xFF, BOARD_HUNG, "ets_main.c 333"},  // segment count
        {"esp32c3", 600, 0x00, BOARD_HUNG, "Checksum failure. Calculated 0x"},
        {"esp32", 600, 0x00, BOARD_HUNG, "Checksum failure. Calculated 0x"},
        {"esp32c3", UINT32_MAX, 0x55, BOARD_RETURNED, "Attempting to boot anyway..."}, // of the SHA-256
        {"esp32c3", 15, 0xFF, BOARD_RETURNED, "Attempting to boot anyway..."},         // the minimum revision
        {"esp32c3", 2, 0x00, BOARD_RETURNED, "Attempting to boot anyway..."}, // QIO: old tools leave the hash
        {"esp32", 2, 0x00, BOARD_RETURNED, "entry 0x"},
        {"esp32c3", 4, 0x55, BOARD_HUNG, "Attempting to boot anyway..."}, // the entry point
        {"esp32", 4, 0x55, BOARD_HUNG, "entry 0x"},
        {"esp32c3", 25, 0x55, BOARD_HUNG, "Attempting to boot anyway..."}, // where the first segment goes
    };
    for (size_t i = 0; i < sizeof table / sizeof *table; i++) {
        struct board *board = rom_board(table[i].target, "v5.5", 4 * MIB);
        const struct chip_target *target = board_config(board)->target;
        struct buffer image = {0}, said = {0};
        assert_true(
            bootloader_image_build(target, &board_config(board)->bootloader, 4 * MIB, 0, &image, NULL));
        uint32_t at = table[i].at == UINT32_MAX ? (uint32_t)image.length - 1 : table[i].at;
        flash_set(board_flash(board), target->bootloader_offset + at, &table[i].value, 1);
        board_listen(board, listen, &said);
        enum board_end end = board_boot(board, PORT_RESET_POWER_ON, NULL);
        bool revision = table[i].at == 15; // ROM does not look at it, the bootloader does: it resets
        if (end != (revision ? BOARD_RESTARTED : table[i].end) ||
            strstr(buffer_string(&said), table[i].said) == NULL)
            fail_msg("row %zu: %s\n%s", i, board_end_name(end), buffer_string(&said));
        buffer_free(&image);
        buffer_free(&said);
        board_free(board);
    }
}

// Two bits of one lane cancel out in the checksum: ROM starts what is none.
static void what_the_checksum_cannot_tell_crashes(void **state) {
    (void)state;
    struct board *board = rom_board("esp32c3", "v5.5", 4 * MIB);
    uint8_t *bytes = copy_of_sector(board, 0);
    bytes[600] ^= 4;
    bytes[604] ^= 4;
    flash_set(board_flash(board), 0, bytes, 4096);
    const char *why = NULL;
    assert_int_equal(board_boot(board, PORT_RESET_POWER_ON, &why), BOARD_HUNG);
    assert_non_null(strstr(why, "its checksum cannot tell"));
    free(bytes);
    board_free(board);
}

// CH-51: the table is held against the size in the bootloader's header, be it smaller or larger than the chip.
static void the_header_bounds_the_table(void **state) {
    (void)state;
    static const struct {
        uint32_t flash_size, slot_end;
        enum board_end end;
    } table[] = {
        {4 * MIB, 4 * MIB, BOARD_RETURNED},   {4 * MIB, 4 * MIB + 0x1000, BOARD_RESTARTED},
        {8 * MIB, 8 * MIB, BOARD_RETURNED},   {2 * MIB, 4 * MIB, BOARD_RESTARTED},
        {64 * MIB, 4 * MIB, BOARD_RESTARTED}, // v5.3 does not know the code: 2 MiB (CH-50)
    };
    for (size_t i = 0; i < sizeof table / sizeof *table; i++) {
        struct board *board = rom_board("esp32", "v5.3", table[i].flash_size);
        static const struct partition_row otadata = {PARTITION_ROW_MAGIC, 1, 0, EXAMPLE_OTADATA, 0x2000,
                                                     "otadata",           0};
        struct partition_row slot = {
            PARTITION_ROW_MAGIC, 0, 0x10, EXAMPLE_OTA_0, table[i].slot_end - EXAMPLE_OTA_0, "ota_0", 0};
        uint8_t bytes[PARTITION_TABLE_SIZE];
        memset(bytes, 0xFF, sizeof bytes);
        partition_row_encode(&otadata, bytes);
        partition_row_encode(&slot, bytes + PARTITION_ROW_SIZE);
        flash_set(board_flash(board), EXAMPLE_TABLE, bytes, sizeof bytes);
        enum board_end end = board_boot(board, PORT_RESET_POWER_ON, NULL);
        if (end != table[i].end)
            fail_msg("row %zu: %s", i, board_end_name(end));
        board_free(board);
    }
}

// ---- recovery (CH-43 to CH-45) ------------------------------------------------------------------

#define RECOVERY 0x100000u

// A board whose recovery bootloader is whole, and whose primary one is blank.
static struct board *recovery_board(const char *target, const char *release, uint32_t field) {
    struct board *board = rom_board(target, release, 4 * MIB);
    const struct chip_target *chip = board_config(board)->target;
    static uint8_t bytes[0x2000], blank[0x2000];
    flash_read(board_flash(board), chip->bootloader_offset, bytes, sizeof bytes);
    memset(blank, 0xFF, sizeof blank);
    flash_set(board_flash(board), RECOVERY, bytes, sizeof bytes);
    flash_set(board_flash(board), chip->bootloader_offset, blank, sizeof blank);
    board_efuse_set(board, PORT_EFUSE_RECOVERY_BOOTLOADER, field);
    return board;
}

static void the_recovery_bootloader_starts_when_the_primary_fails(void **state) {
    (void)state;
    static const struct {
        const char *target, *release;
        uint32_t field, revision; // 0: the chip's usual one
        enum board_end end;
    } table[] = {
        {"esp32c5", "v6.0", RECOVERY / 0x1000, 0, BOARD_RETURNED},
        {"esp32c61", "v6.0", RECOVERY / 0x1000, 0, BOARD_RETURNED},
        {"esp32p4", "v6.0.2", RECOVERY / 0x1000, 301, BOARD_RETURNED},
        {"esp32s31", "v6.1", RECOVERY / 0x1000, 0, BOARD_RETURNED},
        {"esp32p4", "v6.0.2", RECOVERY / 0x1000, 103, BOARD_HUNG}, // the older family has none
        {"esp32c5", "v6.0", 0, 0, BOARD_HUNG},                     // not set
        {"esp32c5", "v6.0", 0xFFF, 0, BOARD_HUNG},                 // switched off
        {"esp32c5", "v6.0", 0x110, 0, BOARD_HUNG},                 // nothing is there
        {"esp32c3", "v6.0", RECOVERY / 0x1000, 0, BOARD_HUNG},     // a chip without
        {"esp32c5", "v5.5.0", RECOVERY / 0x1000, 0,
         BOARD_RESTARTED}, // RL-33: it reads the primary one's header
        {"esp32c5", "v5.5.1", RECOVERY / 0x1000, 0, BOARD_RETURNED},
    };
    for (size_t i = 0; i < sizeof table / sizeof *table; i++) {
        struct board *board = recovery_board(table[i].target, table[i].release, table[i].field);
        struct buffer said = {0};
        if (table[i].revision != 0)
            board_efuse_set(board, PORT_EFUSE_CHIP_REVISION, table[i].revision);
        board_listen(board, listen, &said);
        enum board_end end = board_boot(board, PORT_RESET_POWER_ON, NULL);
        if (end != table[i].end)
            fail_msg("row %zu: %s\n%s", i, board_end_name(end), buffer_string(&said));
        bool tried = strstr(buffer_string(&said), "Loading RECOVERY Bootloader...") != NULL;
        assert_true(tried || end == BOARD_HUNG);
        buffer_free(&said);
        board_free(board);
    }
}

struct setting {
    uint32_t offset;
    esp_err_t code;
};

static void set_offset(void *context) {
    struct setting *setting = context;
    setting->code = esp_efuse_set_recovery_bootloader_offset(setting->offset);
}

static void the_offset_is_burned_once(void **state) {
    (void)state;
    static const struct {
        const char *target, *release;
        uint32_t before, offset;
        esp_err_t code;
        uint32_t after;
    } table[] = {
        {"esp32c5", "v6.0", 0, 0x3F0000, ESP_OK, 0x3F0},
        {"esp32c5", "v6.0", 0x3F0, 0x3F0000, ESP_OK, 0x3F0},
        {"esp32c5", "v6.0", 0x3F0, 0x2F0000, ESP_FAIL, 0x3F0},
        {"esp32c5", "v6.0", 0, 0x3F0800, ESP_FAIL, 0x3F0}, // burned all the same
        {"esp32c5", "v6.0", 0, 0x1000000, ESP_ERR_INVALID_ARG, 0},
        {"esp32c5", "v6.0", 0xFFF, 0x3F0000, ESP_ERR_NOT_ALLOWED, 0xFFF},
        {"esp32c61", "v5.5.0", 0, 0x3F0000, ESP_ERR_NOT_SUPPORTED, 0},
        {"esp32c61", "v5.5.1", 0, 0x3F0000, ESP_OK, 0x3F0},
        {"esp32c3", "v6.0", 0, 0x3F0000, ESP_ERR_NOT_SUPPORTED, 0},
    };
    for (size_t i = 0; i < sizeof table / sizeof *table; i++) {
        struct board *board = rom_board(table[i].target, table[i].release, 4 * MIB);
        board_efuse_set(board, PORT_EFUSE_RECOVERY_BOOTLOADER, table[i].before);
        assert_int_equal(board_boot(board, PORT_RESET_POWER_ON, NULL), BOARD_RETURNED);
        struct setting setting = {table[i].offset, ESP_FAIL};
        assert_int_equal(board_run(board, set_offset, &setting, NULL), BOARD_RETURNED);
        if (setting.code != table[i].code ||
            board_efuse(board, PORT_EFUSE_RECOVERY_BOOTLOADER) != table[i].after)
            fail_msg("row %zu: %s", i, esp_err_to_name(setting.code));
        board_free(board);
    }
}

// ---- CH-52: what an app makes of the size in the header -----------------------------------------

static void start_up(void *context) {
    (void)context;
    (void)app_startup();
}

static void an_app_needs_the_flash_that_the_header_names(void **state) {
    (void)state;
    static const struct {
        const char *target, *release;
        uint32_t chip, header; // MiB
        enum board_end end;
    } table[] = {
        {"esp32", "v6.0", 4, 4, BOARD_RETURNED},       {"esp32", "v6.0", 4, 2, BOARD_RETURNED},
        {"esp32", "v4.4", 4, 8, BOARD_PANICKED},       {"esp32c6", "v5.3.2", 32, 32, BOARD_RETURNED},
        {"esp32c6", "v5.5.4", 32, 32, BOARD_PANICKED}, {"esp32h2", "v6.0", 32, 32, BOARD_PANICKED},
        {"esp32s3", "v6.0", 32, 32, BOARD_RETURNED},   {"esp32c6", "v6.0", 32, 16, BOARD_RETURNED},
    };
    for (size_t i = 0; i < sizeof table / sizeof *table; i++) {
        struct board_config config = example_config(table[i].release);
        assert_true(nor_chip_custom(table[i].chip * MIB, &config.chip));
        struct board *board = rom_board_of(&config, table[i].target, table[i].header * MIB);
        assert_int_equal(board_boot(board, PORT_RESET_POWER_ON, NULL), BOARD_RETURNED);
        enum board_end end = board_run(board, start_up, NULL, NULL);
        if (end != table[i].end)
            fail_msg("row %zu: %s", i, board_end_name(end));
        board_free(board);
    }
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(every_chip_boots_its_own),
        cmocka_unit_test(rom_tells_what_it_refuses),
        cmocka_unit_test(what_the_checksum_cannot_tell_crashes),
        cmocka_unit_test(the_header_bounds_the_table),
        cmocka_unit_test(the_recovery_bootloader_starts_when_the_primary_fails),
        cmocka_unit_test(the_offset_is_burned_once),
        cmocka_unit_test(an_app_needs_the_flash_that_the_header_names),
    };
    return cmocka_run_group_tests_name("rom_boot", tests, NULL, NULL);
}
