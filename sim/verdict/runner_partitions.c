// What lies where at the end: for the flash map.
#include "runner_partitions.h"

#include <inttypes.h>
#include <stdlib.h>
#include <string.h>

#include "../play/device_view.h"
#include "../provision/app_image_reader.h"
#include "../provision/partition_keywords.h"
#include "runner_internal.h"

static void print_word(int64_t of_type, uint8_t value, struct buffer *out) {
    const struct partition_csv_options newest = {0};
    const char *word = partition_keyword_name(&newest, of_type, value);
    if (word != NULL)
        buffer_text(out, word);
    else
        buffer_printf(out, "0x%02x", value);
}

static char *kind_of(const struct partition_row *row) {
    struct buffer text = {0};
    print_word(ALL_TYPES, row->type, &text);
    buffer_text(&text, "/");
    print_word(row->type, row->subtype, &text);
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
