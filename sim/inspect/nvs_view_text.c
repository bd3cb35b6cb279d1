// An NVS partition for people, and how two differ.
#include <inttypes.h>
#include <string.h>

#include "../report/report_text.h"
#include "nvs_view.h"

static void print_name(const struct nvs_entry *entry, struct buffer *out) {
    char key[sizeof entry->key + 1] = {0};
    memcpy(key, entry->key, sizeof entry->key);
    text_terminal(out, key);
}

static const char *type_name(uint8_t type) {
    const char *word = nvs_type_word((nvs_type_t)type);
    if (type == NVS_ITEM_BLOB_DATA)
        return "blob data";
    if (type == NVS_ITEM_BLOB_INDEX)
        return "blob index";
    if (type == NVS_ITEM_LEGACY_BLOB)
        return "legacy blob";
    return word == NULL ? "unknown type" : word;
}

static void print_entry(uint32_t index, const struct nvs_entry_view *view, struct buffer *out) {
    static const char *const states[] = {"erased", "illegal", "written", "empty"};
    const struct nvs_entry *entry = &view->entry;
    buffer_printf(out, "    [%3" PRIu32 "] %-8s", index, states[view->state]);
    if (view->is_data) {
        buffer_text(out, "  data\n");
        return;
    }
    if (!view->consistent) {
        buffer_text(out, "  not an item: CRC or structure wrong\n");
        return;
    }
    buffer_printf(out, "  namespace %u  ", entry->name_space);
    print_name(entry, out);
    buffer_printf(out, "  %s", type_name(entry->type));
    if (nvs_type_is_variable(entry->type))
        buffer_printf(out, ", %" PRIu32 " bytes%s", nvs_entry_length(entry),
                      view->data_right ? "" : ", their CRC wrong");
    if (entry->type == NVS_ITEM_BLOB_DATA)
        buffer_printf(out, ", chunk 0x%02x", entry->chunk);
    if (entry->type == NVS_ITEM_BLOB_INDEX)
        buffer_printf(out, ", %" PRIu32 " bytes in %u from chunk 0x%02x", nvs_entry_blob_length(entry),
                      nvs_entry_chunk_count(entry), nvs_entry_chunk_start(entry));
    buffer_text(out, "\n");
}

static void print_page(uint32_t number, const struct nvs_page_view *page, bool entries, struct buffer *out) {
    buffer_printf(out, "  page %-3" PRIu32 " 0x%05x  %-8s", number, number * NVS_PAGE_SIZE,
                  nvs_page_state_name(page->state));
    if (page->state == NVS_PAGE_CORRUPT)
        buffer_printf(out, "  state 0x%08" PRIx32 ", header CRC %s", page->state_word,
                      page->header_right ? "right" : "wrong");
    else if (page->state != NVS_PAGE_UNINITIALIZED)
        buffer_printf(out, "  seq %" PRIu32 "  written %" PRIu32 ", erased %" PRIu32 ", empty %" PRIu32,
                      page->sequence, page->written, page->erased, page->empty);
    if (page->illegal > 0 && page->state != NVS_PAGE_CORRUPT)
        buffer_printf(out, ", illegal %" PRIu32, page->illegal);
    buffer_text(out, "\n");
    for (uint32_t i = 0; entries && page->state != NVS_PAGE_UNINITIALIZED && i < NVS_ENTRIES; i++)
        if (page->entries[i].state != NVS_ENTRY_EMPTY)
            print_entry(i, &page->entries[i], out);
}

static void print_item(const struct nvs_item *item, struct buffer *out) {
    struct buffer value = {0};
    text_terminal(out, item->name_space);
    buffer_text(out, "/");
    text_terminal(out, item->key);
    buffer_text(out, "  ");
    nvs_value_print(&item->value, &value);
    text_terminal(out, buffer_string(&value));
    buffer_free(&value);
}

static void print_values(const struct nvs_view *view, struct buffer *out) {
    buffer_printf(out, "values: %zu\n", view->values.count);
    for (size_t i = 0; i < view->values.count; i++) {
        buffer_text(out, "  ");
        print_item(&view->values.items[i], out);
        buffer_text(out, "\n");
    }
    for (size_t i = 0; i < view->damaged.count; i++) {
        const struct nvs_item *item = &view->damaged.items[i];
        buffer_text(out, "  ");
        text_terminal(out, item->name_space);
        buffer_text(out, "/");
        text_terminal(out, item->key);
        buffer_printf(out, "  %s: damaged, it cannot be read\n", nvs_type_word(item->value.type));
    }
}

static void print_start(const struct nvs_view *view, struct buffer *out) {
    if (view->start != ESP_OK)
        buffer_printf(out, "start-up fails: %s\n", esp_err_to_name(view->start));
    else if (view->repairs == 0)
        buffer_text(out, "start-up has nothing to repair\n");
    if (view->repairs == 0)
        return;
    buffer_printf(out, "start-up would repair, in %" PRIu64 " operation%s:\n", view->repairs,
                  view->repairs == 1 ? "" : "s");
    struct buffer lines = {0};
    text_terminal_lines(&lines, view->repair_text);
    text_indented(out, 2, buffer_string(&lines));
    buffer_free(&lines);
}

void nvs_view_text(const struct nvs_view *view, bool entries, struct buffer *out) {
    buffer_printf(out, "pages: %" PRIu32 "%s\n", view->page_count, view->blank ? ", all blank" : "");
    for (uint32_t i = 0; i < view->page_count && !view->blank; i++)
        print_page(i, &view->pages[i], entries, out);
    if (view->start == ESP_OK) {
        print_values(view, out);
        buffer_printf(out, "entries: %zu of %zu used, %zu namespace%s\n", view->statistics.used_entries,
                      view->statistics.total_entries, view->statistics.namespace_count,
                      view->statistics.namespace_count == 1 ? "" : "s");
    }
    print_start(view, out);
}

// ---- two of them --------------------------------------------------------------------------------

static const struct nvs_item *find_item(const struct nvs_items *items, const struct nvs_item *like) {
    for (size_t i = 0; i < items->count; i++)
        if (strcmp(items->items[i].name_space, like->name_space) == 0 &&
            strcmp(items->items[i].key, like->key) == 0)
            return &items->items[i];
    return NULL;
}

bool nvs_view_diff(const struct nvs_view *a, const struct nvs_view *b, struct buffer *out) {
    bool equal = true;
    for (size_t i = 0; i < a->values.count; i++) {
        const struct nvs_item *here = &a->values.items[i], *there = find_item(&b->values, here);
        if (there != NULL && nvs_value_equal(&here->value, &there->value))
            continue;
        equal = false;
        buffer_text(out, "- ");
        print_item(here, out);
        buffer_text(out, "\n");
        if (there != NULL) {
            buffer_text(out, "+ ");
            print_item(there, out);
            buffer_text(out, "\n");
        }
    }
    for (size_t i = 0; i < b->values.count; i++) {
        if (find_item(&a->values, &b->values.items[i]) != NULL)
            continue;
        equal = false;
        buffer_text(out, "+ ");
        print_item(&b->values.items[i], out);
        buffer_text(out, "\n");
    }
    return equal;
}
