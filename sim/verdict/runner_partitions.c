// What lies where at the end: for the flash map.
#include <inttypes.h>
#include <stdlib.h>
#include <string.h>

#include "../play/device_view.h"
#include "../provision/app_image_reader.h"
#include "runner_internal.h"
#include "runner_partitions.h"

static void print_subtype(uint8_t type, uint8_t subtype, struct buffer *out) {
    static const struct {
        uint8_t type, subtype;
        const char *name;
    } names[] = {
        {0, 0x00, "factory"},  {0, 0x20, "test"},     {0, 0x30, "tee_0"},     {0, 0x31, "tee_1"},
        {1, 0x00, "ota"},      {1, 0x01, "phy"},      {1, 0x02, "nvs"},       {1, 0x03, "coredump"},
        {1, 0x04, "nvs_keys"}, {1, 0x05, "efuse"},    {1, 0x06, "undefined"}, {1, 0x81, "fat"},
        {1, 0x82, "spiffs"},   {1, 0x83, "littlefs"},
    };
    if (type == 0 && subtype >= 0x10 && subtype < 0x20) {
        buffer_printf(out, "ota_%d", subtype - 0x10);
        return;
    }
    for (size_t i = 0; i < sizeof names / sizeof names[0]; i++) {
        if (names[i].type == type && names[i].subtype == subtype) {
            buffer_text(out, names[i].name);
            return;
        }
    }
    buffer_printf(out, "0x%02x", subtype);
}

static char *kind_of(const struct partition_row *row) {
    static const char *const types[] = {"app", "data", "bootloader", "partition_table"};
    struct buffer text = {0};
    if (row->type < sizeof types / sizeof types[0])
        buffer_text(&text, types[row->type]);
    else
        buffer_printf(&text, "0x%02x", row->type);
    buffer_text(&text, "/");
    print_subtype(row->type, row->subtype, &text);
    char *copy = memory_text(buffer_string(&text));
    buffer_free(&text);
    return copy;
}

static bool is_erased(const struct flash *flash, uint32_t address, uint32_t size) {
    for (uint32_t at = address; at < address + size; at += NOR_SECTOR_SIZE) {
        const uint8_t *sector = flash_sector(flash, at);
        if (sector[0] != 0xFF || memcmp(sector, sector + 1, NOR_SECTOR_SIZE - 1) != 0)
            return false;
    }
    return true;
}

static char *contents_of(const struct flash *flash, const struct device_view *view,
                         const struct partition_row *row, uint32_t size) {
    struct buffer text = {0};
    struct app_image_summary image;
    if (row == view->otadata) {
        device_otadata_print(view, &text);
    } else if (is_erased(flash, row->offset, size)) {
        buffer_text(&text, "erased");
    } else if (row->type == 0) {
        app_image_describe(flash, row->offset, size, &image);
        app_image_summary_print(&image, &text);
    } else {
        buffer_text(&text, "data");
    }
    char *copy = memory_text(buffer_string(&text));
    buffer_free(&text);
    return copy;
}

static void count_wear(const struct board *board, struct result_partition *partition) {
    for (uint32_t at = 0; at < partition->size; at += NOR_SECTOR_SIZE) {
        uint32_t erases = board_erase_count(board, partition->address + at);
        partition->erases += erases;
        partition->erases_max = erases > partition->erases_max ? erases : partition->erases_max;
    }
}

void run_describe_flash(struct run *run) {
    struct board *board = run->recorded.execution.board;
    const struct flash *flash = board_flash(board);
    struct device_view view;
    device_view_read(board, &view);
    struct result_scenario *result = run->result;
    result->partitions = memory_zeroed(view.partition_count + 1u, sizeof result->partitions[0]);
    for (uint32_t i = 0; i < view.partition_count; i++) {
        const struct partition_row *row = &view.partitions[i];
        if (row->offset >= flash->size)
            continue; // a damaged table may say anything
        uint32_t room = flash->size - row->offset;
        struct result_partition *partition = &result->partitions[result->partition_count++];
        *partition = (struct result_partition){.label = memory_text(row->label),
                                               .kind = kind_of(row),
                                               .address = row->offset,
                                               .size = row->size < room ? row->size : room};
        partition->contents = contents_of(flash, &view, row, partition->size);
        count_wear(board, partition);
    }
}
