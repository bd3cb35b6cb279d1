// A board for tests of the firmware: ESP32, 4 MiB, the table below, images on demand.
#ifndef TESTS_UNIT_BOARD_EXAMPLE_H
#define TESTS_UNIT_BOARD_EXAMPLE_H

#include <stdlib.h>
#include <string.h>

#include "ota/bootloader.h"
#include "ota/md5.h"
#include "ota/partition_table.h"
#include "sim/hw/board.h"
#include "sim/provision/app_image_builder.h"
#include "sim/provision/otadata_image.h"

#define EXAMPLE_TABLE   0x8000u
#define EXAMPLE_NVS     0x9000u  // 0x4000 bytes
#define EXAMPLE_OTADATA 0xD000u  // 0x2000
#define EXAMPLE_DATA    0xF000u  // 0x1000, flagged readonly
#define EXAMPLE_FACTORY 0x10000u // 0x10000, as all apps
#define EXAMPLE_OTA_0   0x20000u
#define EXAMPLE_OTA_1   0x30000u
#define EXAMPLE_TEST    0x40000u
#define EXAMPLE_APP     0x10000u // bytes of an app partition

enum example_apps { EXAMPLE_SLOTS = 0, EXAMPLE_WITH_FACTORY = 1, EXAMPLE_WITH_TEST = 2 };

static inline struct board_config example_config(const char *release) {
    struct board_config config = {
        .chip = *nor_chip_find("W25Q32JV"), .target = chip_target_find("esp32"), .boot = bootloader_boot};
    config.app = firmware_build_default(release_profile_find(release), config.target);
    config.app.rollback = true;
    config.bootloader = config.app;
    return config;
}

static inline void example_table(struct flash *flash, unsigned apps) {
    static const struct partition_row rows[] = {
        {PARTITION_ROW_MAGIC, 1, 0x02, EXAMPLE_NVS, 0x4000, "nvs", 0},
        {PARTITION_ROW_MAGIC, 1, 0x00, EXAMPLE_OTADATA, 0x2000, "otadata", 0},
        {PARTITION_ROW_MAGIC, 1, 0x06, EXAMPLE_DATA, 0x1000, "constants", 2},
        {PARTITION_ROW_MAGIC, 0, 0x10, EXAMPLE_OTA_0, EXAMPLE_APP, "ota_0", 0},
        {PARTITION_ROW_MAGIC, 0, 0x11, EXAMPLE_OTA_1, EXAMPLE_APP, "ota_1", 0},
        {PARTITION_ROW_MAGIC, 0, 0x00, EXAMPLE_FACTORY, EXAMPLE_APP, "factory", 0},
        {PARTITION_ROW_MAGIC, 0, 0x20, EXAMPLE_TEST, EXAMPLE_APP, "test", 0},
    };
    uint8_t table[PARTITION_TABLE_SIZE];
    uint32_t used = 0;
    memset(table, 0xFF, sizeof table);
    for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
        if ((rows[i].offset == EXAMPLE_FACTORY && !(apps & EXAMPLE_WITH_FACTORY)) ||
            (rows[i].offset == EXAMPLE_TEST && !(apps & EXAMPLE_WITH_TEST)))
            continue;
        partition_row_encode(&rows[i], table + used);
        used += PARTITION_ROW_SIZE;
    }
    table[used] = table[used + 1] = 0xEB;
    md5(table, used, table + used + MD5_SIZE);
    flash_set(flash, EXAMPLE_TABLE, table, sizeof table);
}

static inline void example_image(struct board *board, uint32_t address, uint32_t secure_version) {
    struct app_image_options options = app_image_options_default();
    struct buffer image = {0};
    options.secure_version = secure_version;
    options.body_size = 1000;
    options.seed = address;
    if (!app_image_build(&options, &image, NULL))
        abort(); // the options above are possible
    flash_set(board_flash(board), address, image.bytes, (uint32_t)image.length);
    buffer_free(&image);
}

// The table and a valid image in every app partition; otadata is blank.
static inline struct board *example_board(const struct board_config *config, unsigned apps) {
    struct board *board = board_new(config);
    example_table(board_flash(board), apps);
    example_image(board, EXAMPLE_OTA_0, 0);
    example_image(board, EXAMPLE_OTA_1, 0);
    if (apps & EXAMPLE_WITH_FACTORY)
        example_image(board, EXAMPLE_FACTORY, 0);
    if (apps & EXAMPLE_WITH_TEST)
        example_image(board, EXAMPLE_TEST, 0);
    return board;
}

static inline void example_damage(struct board *board, uint32_t address) {
    const uint8_t byte = 0x00;
    flash_set(board_flash(board), address + 600, &byte, 1);
    flash_set(board_flash(board), address + 601, &byte, 1);
}

static inline void example_entry_set(struct board *board, int index, uint32_t seq, uint32_t state) {
    struct otadata_entry entry = otadata_entry_make(seq, state);
    uint8_t bytes[OTADATA_ENTRY_SIZE];
    otadata_encode(&entry, bytes);
    flash_set(board_flash(board), EXAMPLE_OTADATA + (uint32_t)index * 0x1000u, bytes, sizeof bytes);
}

static inline struct otadata_entry example_entry(struct board *board, int index) {
    uint8_t bytes[OTADATA_ENTRY_SIZE];
    struct otadata_entry entry;
    flash_read(board_flash(board), EXAMPLE_OTADATA + (uint32_t)index * 0x1000u, bytes, sizeof bytes);
    otadata_decode(bytes, &entry);
    return entry;
}

// Boots and says where the app runs; 0: nothing was started.
static inline uint32_t example_boot(struct board *board, enum port_reset_reason reason) {
    return board_boot(board, reason, NULL) == BOARD_RETURNED ? board_ram(board)->running_address : 0;
}

#endif
