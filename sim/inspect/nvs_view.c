#include "nvs_view.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "../../ota/crc32.h"
#include "../../ota/include/nvs_flash.h"
#include "../../ota/little_endian.h"
#include "../base/utf8.h"
#include "../hw/board.h"
#include "../provision/nvs_image.h"

#define HEADER_CRC_OFFSET 28u

// ---- pages as they lie there --------------------------------------------------------------------

static enum nvs_entry_state state_of(const uint8_t *page, uint32_t index) {
    uint32_t word = le32_get(page + NVS_TABLE_OFFSET + index / 16 * 4);
    return (enum nvs_entry_state)(word >> index % 16 * 2 & 3);
}

static void read_header(const uint8_t *page, struct nvs_page_view *out) {
    bool blank = true;
    for (uint32_t i = 0; i < NVS_PAGE_SIZE && blank; i++)
        blank = page[i] == 0xFF;
    out->state_word = le32_get(page);
    out->header_right = le32_get(page + HEADER_CRC_OFFSET) == crc32_of_record(page + 4, 24);
    out->sequence = le32_get(page + 4);
    out->version = page[8];
    bool known = out->state_word == NVS_PAGE_ACTIVE || out->state_word == NVS_PAGE_FULL ||
                 out->state_word == NVS_PAGE_FREEING;
    out->state = blank                        ? NVS_PAGE_UNINITIALIZED
                 : known && out->header_right ? out->state_word
                                              : NVS_PAGE_CORRUPT;
}

static bool data_right(const uint8_t *page, uint32_t index, const struct nvs_entry *entry) {
    return !nvs_type_is_variable(entry->type) ||
           crc32_of_record(page + NVS_DATA_OFFSET + (index + 1) * NVS_ENTRY_SIZE, nvs_entry_length(entry)) ==
               nvs_entry_data_crc(entry);
}

static void read_entries(const uint8_t *page, struct nvs_page_view *out) {
    uint32_t *counts[] = {&out->erased, &out->illegal, &out->written, &out->empty};
    uint32_t data_until = 0;
    for (uint32_t i = 0; i < NVS_ENTRIES; i++) {
        struct nvs_entry_view *view = &out->entries[i];
        view->state = state_of(page, i);
        ++*counts[view->state];
        nvs_entry_decode(page + NVS_DATA_OFFSET + i * NVS_ENTRY_SIZE, &view->entry);
        view->is_data = i < data_until;
        view->consistent = !view->is_data && nvs_entry_consistent(&view->entry, i, true, true);
        view->data_right = view->consistent && data_right(page, i, &view->entry);
        if (view->consistent && view->state != NVS_ENTRY_EMPTY)
            data_until = i + view->entry.span;
    }
}

static void read_pages(const uint8_t *bytes, uint32_t count, struct nvs_page_view *pages) {
    for (uint32_t i = 0; i < count; i++) {
        read_header(bytes + i * NVS_PAGE_SIZE, &pages[i]);
        read_entries(bytes + i * NVS_PAGE_SIZE, &pages[i]);
    }
}

// ---- what the library makes of them -------------------------------------------------------------

struct start {
    struct nvs_view *view;
};

static void run_start(void *context) {
    struct nvs_view *view = ((struct start *)context)->view;
    view->start = nvs_flash_init();
    if (view->start == ESP_OK)
        (void)nvs_get_stats(NULL, &view->statistics);
}

static void take_value(struct nvs_view *view, const nvs_entry_info_t *info) {
    struct nvs_item item = {0};
    nvs_handle_t handle;
    memcpy(item.name_space, info->namespace_name, sizeof item.name_space);
    memcpy(item.key, info->key, sizeof item.key);
    bool fine = nvs_open(item.name_space, NVS_READONLY, &handle) == ESP_OK;
    if (fine) {
        fine = nvs_value_get(handle, item.key, info->type, &item.value) == ESP_OK;
        nvs_close(handle);
    }
    item.value.type = info->type;
    nvs_items_add(fine ? &view->values : &view->damaged, &item);
}

// Names first: reading damaged values changes what the iterator walks over.
static void run_listing(void *context) {
    struct nvs_view *view = ((struct start *)context)->view;
    nvs_entry_info_t *infos = NULL;
    size_t count = 0;
    nvs_iterator_t iterator = NULL;
    if (nvs_entry_find(NVS_DEFAULT_PART_NAME, NULL, NVS_TYPE_ANY, &iterator) != ESP_OK)
        return;
    while (iterator != NULL) {
        infos = memory_resize(infos, (count + 1) * sizeof *infos);
        (void)nvs_entry_info(iterator, &infos[count++]);
        (void)nvs_entry_next(&iterator);
    }
    for (size_t i = 0; i < count; i++)
        take_value(view, &infos[i]);
    free(infos);
}

// ---- what start-up repairs ----------------------------------------------------------------------

static void print_item(const struct nvs_entry *entry, struct buffer *out) {
    char key[16];
    (void)snprintf(key, sizeof key, "%.15s", (const char *)entry->key);
    buffer_printf(out, "%u/", entry->name_space);
    utf8_one_line(out, key);
}

static void print_page_repairs(uint32_t number, const struct nvs_page_view *before,
                               const struct nvs_page_view *after, struct buffer *out) {
    if (before->state_word != after->state_word || before->sequence != after->sequence)
        buffer_printf(out, "page %u: %s becomes %s\n", number, nvs_page_state_name(before->state),
                      nvs_page_state_name(after->state));
    if (after->state == NVS_PAGE_UNINITIALIZED || before->state == NVS_PAGE_UNINITIALIZED)
        return;
    for (uint32_t i = 0; i < NVS_ENTRIES; i++) {
        const struct nvs_entry_view *entry = &before->entries[i];
        if (entry->is_data || entry->state == after->entries[i].state)
            continue;
        buffer_printf(out, "page %u: entry %u ", number, i);
        if (entry->consistent)
            print_item(&entry->entry, out);
        else
            buffer_text(out, "(damaged)");
        buffer_text(out, " is erased\n");
    }
}

static void note_repairs(struct board *board, struct nvs_view *view) {
    uint32_t size = view->page_count * NVS_PAGE_SIZE;
    uint8_t *bytes = memory_new(size);
    struct nvs_page_view *after = memory_zeroed(view->page_count, sizeof *after);
    struct buffer text = {0};
    flash_read(board_flash(board), NVS_IMAGE_ADDRESS, bytes, size);
    read_pages(bytes, view->page_count, after);
    for (uint32_t i = 0; i < view->page_count; i++)
        print_page_repairs(i, &view->pages[i], &after[i], &text);
    view->repairs = board_operations(board);
    view->repair_text = text.bytes == NULL ? memory_text("") : (char *)text.bytes;
    free(after);
    free(bytes);
}

// ---- all of it ----------------------------------------------------------------------------------

bool nvs_view_read(const uint8_t *bytes, size_t length, const struct release_profile *release,
                   struct nvs_view *out, struct error *error) {
    *out = (struct nvs_view){0};
    if (length == 0 || length % NVS_PAGE_SIZE != 0 || length > NVS_IMAGE_SIZE_MAX)
        return error_set(error, "an NVS partition has 0x1000 to 0x%x bytes, a multiple of 0x1000, not 0x%zx",
                         NVS_IMAGE_SIZE_MAX, length);
    out->page_count = (uint32_t)(length / NVS_PAGE_SIZE);
    out->pages = memory_zeroed(out->page_count, sizeof *out->pages);
    read_pages(bytes, out->page_count, out->pages);
    out->blank = true;
    for (uint32_t i = 0; i < out->page_count; i++)
        out->blank = out->blank && out->pages[i].state == NVS_PAGE_UNINITIALIZED;
    struct board *board = nvs_image_board(bytes, (uint32_t)length, release);
    struct start start = {out};
    if (board_run(board, run_start, &start, NULL) != BOARD_RETURNED)
        out->start = ESP_FAIL;
    note_repairs(board, out);
    if (out->start == ESP_OK)
        (void)board_run(board, run_listing, &start, NULL);
    board_free(board);
    return true;
}

void nvs_view_free(struct nvs_view *view) {
    free(view->pages);
    free(view->repair_text);
    nvs_items_free(&view->values);
    nvs_items_free(&view->damaged);
    *view = (struct nvs_view){0};
}

bool nvs_view_healthy(const struct nvs_view *view) {
    return view->start == ESP_OK && view->repairs == 0 && view->damaged.count == 0;
}

const char *nvs_page_state_name(uint32_t state) {
    switch (state) {
    case NVS_PAGE_UNINITIALIZED:
        return "blank";
    case NVS_PAGE_ACTIVE:
        return "ACTIVE";
    case NVS_PAGE_FULL:
        return "FULL";
    case NVS_PAGE_FREEING:
        return "FREEING";
    default:
        return "CORRUPT";
    }
}
