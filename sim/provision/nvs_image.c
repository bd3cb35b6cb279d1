#include "nvs_image.h"

#include <stdlib.h>
#include <string.h>

#include "../../ota/include/nvs_flash.h"
#include "../../ota/md5.h"
#include "../../ota/partition_table.h"
#include "../hw/board.h"

#define FLASH_SIZE  (4u << 20)
#define APP_ADDRESS 0x200000u
#define APP_SIZE    0x10000u
#define APP_TYPE    0x00
#define FACTORY     0x00
#define DATA_TYPE   0x01
#define NVS_SUBTYPE 0x02

static void write_table(struct board *board, uint32_t size) {
    const struct partition_row rows[] = {
        {PARTITION_ROW_MAGIC, DATA_TYPE, NVS_SUBTYPE, NVS_IMAGE_ADDRESS, size, NVS_DEFAULT_PART_NAME, 0},
        {PARTITION_ROW_MAGIC, APP_TYPE, FACTORY, APP_ADDRESS, APP_SIZE, "factory", 0},
    };
    uint8_t table[PARTITION_TABLE_SIZE];
    uint32_t used = 0;
    memset(table, 0xFF, sizeof table);
    for (size_t i = 0; i < sizeof rows / sizeof *rows; i++, used += PARTITION_ROW_SIZE)
        partition_row_encode(&rows[i], table + used);
    table[used] = table[used + 1] = 0xEB;
    md5(table, used, table + used + MD5_SIZE);
    flash_set(board_flash(board), board_config(board)->app.partition_table_offset, table, sizeof table);
}

struct board *nvs_image_board(const uint8_t *contents, uint32_t length,
                              const struct release_profile *release) {
    const struct chip_target *target = chip_target_find("esp32");
    struct firmware_build build = firmware_build_default(release, target);
    struct board_config config = {.target = target, .bootloader = build, .app = build};
    if (!nor_chip_custom(FLASH_SIZE, &config.chip))
        abort(); // 4 MiB is a size that chips have
    struct board *board = board_new(&config);
    write_table(board, length);
    if (contents != NULL)
        flash_set(board_flash(board), NVS_IMAGE_ADDRESS, contents, length);
    board_journal_enable(board, false);
    board_enter_app(board, APP_ADDRESS, APP_SIZE);
    return board;
}

struct building {
    const struct nvs_item *items;
    size_t count, done; // done: the item at hand
    esp_err_t code;
};

static esp_err_t set_item(const struct nvs_item *item) {
    nvs_handle_t handle;
    esp_err_t code = nvs_open(item->name_space, NVS_READWRITE, &handle);
    if (code == ESP_OK) {
        code = nvs_value_set(handle, item->key, &item->value);
        nvs_close(handle);
    }
    return code;
}

static void build(void *context) {
    struct building *building = context;
    building->code = nvs_flash_init();
    while (building->code == ESP_OK && building->done < building->count) {
        building->code = set_item(&building->items[building->done]);
        building->done += building->code == ESP_OK;
    }
}

static bool explain(const struct building *building, uint32_t size, struct error *error) {
    if (building->done >= building->count)
        return error_set(error, "NVS does not start on 0x%x bytes: %s", size,
                         esp_err_to_name(building->code));
    const struct nvs_item *item = &building->items[building->done];
    if (building->code == ESP_ERR_NVS_NOT_ENOUGH_SPACE)
        return error_set(error, "`%s` in `%s` does not fit any more into 0x%x bytes of NVS", item->key,
                         item->name_space, size);
    return error_set(error, "`%s` in `%s`: NVS refuses it: %s", item->key, item->name_space,
                     esp_err_to_name(building->code));
}

bool nvs_image_build(const struct nvs_item *items, size_t count, uint32_t size,
                     const struct release_profile *release, struct buffer *out, struct error *error) {
    if (size < NVS_IMAGE_SIZE_MIN || size > NVS_IMAGE_SIZE_MAX || size % NOR_SECTOR_SIZE != 0)
        return error_set(error, "an NVS partition has 0x%x to 0x%x bytes, a multiple of 0x1000, not 0x%x",
                         NVS_IMAGE_SIZE_MIN, NVS_IMAGE_SIZE_MAX, size);
    struct building building = {.items = items, .count = count};
    struct board *board = nvs_image_board(NULL, size, release);
    (void)board_run(board, build, &building, NULL);
    if (building.code == ESP_OK) {
        buffer_reserve(out, size);
        flash_read(board_flash(board), NVS_IMAGE_ADDRESS, out->bytes + out->length, size);
        out->length += size;
    }
    board_free(board);
    return building.code == ESP_OK || explain(&building, size, error);
}
