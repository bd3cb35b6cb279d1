#include <inttypes.h>
#include <string.h>

#include "../provision/parttool.h"
#include "../report/report_text.h"
#include "inspection.h"

// ---- lines --------------------------------------------------------------------------------------

static void print_change(const char *what, const char *a, const char *b, struct buffer *out) {
    if (strcmp(a, b) == 0)
        return;
    text_terminal(out, what);
    buffer_text(out, ": ");
    text_terminal(out, a);
    buffer_text(out, " -> ");
    text_terminal(out, b);
    buffer_text(out, "\n");
}

static void change_and_free(const char *what, struct buffer *a, struct buffer *b, struct buffer *out) {
    print_change(what, buffer_string(a), buffer_string(b), out);
    buffer_free(a);
    buffer_free(b);
}

// ---- the table ----------------------------------------------------------------------------------

static void print_row(const struct partition_row *row, struct buffer *out) {
    if (row == NULL) {
        buffer_text(out, "none");
        return;
    }
    parttool_kind_print(row->type, row->subtype, out);
    buffer_printf(out, ", 0x%" PRIx32 " bytes at 0x%" PRIx32 "%s%s", row->size, row->offset,
                  (row->flags & 1) != 0 ? ", encrypted" : "", (row->flags & 2) != 0 ? ", readonly" : "");
}

// The n-th row of that name, so that rows that share one are told apart.
static const struct partition_row *row_named(const struct table_view *table, const char *label,
                                             uint32_t nth) {
    for (uint32_t i = 0; i < table->count; i++)
        if (strcmp(table->rows[i].label, label) == 0 && nth-- == 0)
            return &table->rows[i];
    return NULL;
}

static uint32_t nth_of_name(const struct table_view *table, uint32_t index) {
    uint32_t nth = 0;
    for (uint32_t i = 0; i < index; i++)
        nth += strcmp(table->rows[i].label, table->rows[index].label) == 0;
    return nth;
}

static void diff_row(const struct partition_row *a, const struct partition_row *b, struct buffer *out) {
    struct buffer what = {0}, before = {0}, after = {0};
    buffer_printf(&what, "partition %s", a ? a->label : b->label);
    print_row(a, &before);
    print_row(b, &after);
    change_and_free(buffer_string(&what), &before, &after, out);
    buffer_free(&what);
}

static void diff_tables(const struct table_view *a, const struct table_view *b, struct buffer *out) {
    struct buffer before = {0}, after = {0};
    buffer_printf(&before, a->found ? "at 0x%" PRIx32 : "none", a->offset);
    buffer_printf(&after, b->found ? "at 0x%" PRIx32 : "none", b->offset);
    change_and_free("partition table", &before, &after, out);
    static const char *const digests[] = {"no MD5", "MD5 right", "MD5 wrong"};
    print_change("partition table", digests[a->digest], digests[b->digest], out);
    for (uint32_t i = 0; i < a->count; i++)
        diff_row(&a->rows[i], row_named(b, a->rows[i].label, nth_of_name(a, i)), out);
    for (uint32_t i = 0; i < b->count; i++)
        if (!row_named(a, b->rows[i].label, nth_of_name(b, i)))
            diff_row(NULL, &b->rows[i], out);
}

static bool has_problem(const struct problem_list *list, const char *text) {
    for (size_t i = 0; i < list->count; i++)
        if (strcmp(list->items[i].text, text) == 0)
            return true;
    return false;
}

static void diff_problems(const char *what, const struct problem_list *of, const struct problem_list *not_of,
                          struct buffer *out) {
    for (size_t i = 0; i < of->count; i++)
        if (!has_problem(not_of, of->items[i].text)) {
            buffer_printf(out, "%s: ", what);
            text_terminal(out, of->items[i].text);
            buffer_text(out, "\n");
        }
}

// ---- contents -----------------------------------------------------------------------------------

static void diff_otadata(const struct otadata_contents *a, const struct otadata_contents *b,
                         struct buffer *out) {
    for (int i = 0; i < 2; i++) {
        struct buffer before = {0}, after = {0};
        if (a->present)
            otadata_verdict_print(&a->entries[i], &before);
        if (b->present)
            otadata_verdict_print(&b->entries[i], &after);
        if (!a->present)
            buffer_text(&before, "no otadata");
        if (!b->present)
            buffer_text(&after, "no otadata");
        if (a->present && b->present && strcmp(buffer_string(&before), buffer_string(&after)) == 0 &&
            memcmp(&a->entries[i].entry, &b->entries[i].entry, sizeof a->entries[i].entry) != 0)
            buffer_text(&after, " (label or wrong CRC differ)");
        change_and_free(i == 0 ? "otadata entry 0" : "otadata entry 1", &before, &after, out);
    }
}

// The n-th image of that name.
static const struct image_view *image_named(const struct image_list *images, const char *label, size_t nth) {
    for (size_t i = 0; i < images->count; i++)
        if (strcmp(images->items[i].label, label) == 0 && nth-- == 0)
            return &images->items[i];
    return NULL;
}

static void diff_images(const struct image_list *a, const struct image_list *b, struct buffer *out) {
    for (size_t i = 0; i < a->count; i++) {
        const struct image_view *one = &a->items[i];
        size_t nth = 0;
        for (size_t j = 0; j < i; j++)
            nth += strcmp(a->items[j].label, one->label) == 0;
        const struct image_view *other = image_named(b, one->label, nth);
        if (other == NULL)
            continue; // its partition is gone, which has been told
        struct buffer what = {0}, before = {0}, after = {0};
        buffer_printf(&what, "image in %s", one->label);
        image_view_print(one, &before);
        image_view_print(other, &after);
        if (strcmp(buffer_string(&before), buffer_string(&after)) == 0 && one->has_digest &&
            other->has_digest && memcmp(one->digest, other->digest, sizeof one->digest) != 0)
            buffer_text(&after, " (another build: its SHA-256 differs)");
        change_and_free(buffer_string(&what), &before, &after, out);
        buffer_free(&what);
    }
}

// Changes that several releases and builds share are told once.
static void diff_boots(const struct forecast *a, const struct forecast *b, struct buffer *out) {
    for (size_t i = 0; i < a->boot_count; i++)
        for (size_t j = 0; j < b->boot_count; j++) {
            forecast_members members = a->boots[i].members & b->boots[j].members;
            struct buffer what = {0}, before = {0}, after = {0};
            if (members == 0)
                continue;
            buffer_text(&what, "next boot (");
            forecast_members_print(members, &what);
            buffer_text(&what, ")");
            boot_answer_print(&a->boots[i], &before);
            boot_answer_print(&b->boots[j], &after);
            change_and_free(buffer_string(&what), &before, &after, out);
            buffer_free(&what);
        }
}

// ---- the rest -----------------------------------------------------------------------------------

static bool same_sector(const struct flash *a, const struct flash *b, uint32_t address) {
    return memcmp(flash_sector(a, address), flash_sector(b, address), NOR_SECTOR_SIZE) == 0;
}

// Where bytes differ, by partition: what the lines above do not tell of NVS, file systems and unused space.
static void diff_bytes(const struct inspection *a, const struct inspection *b, struct buffer *out) {
    uint32_t shared = a->dump.flash.size < b->dump.flash.size ? a->dump.flash.size : b->dump.flash.size;
    uint32_t elsewhere = 0, seen[PARTITION_TABLE_ROWS_MAX] = {0};
    for (uint32_t at = 0; at < shared; at += NOR_SECTOR_SIZE) {
        if (same_sector(&a->dump.flash, &b->dump.flash, at))
            continue;
        uint32_t i = 0;
        while (i < a->table.count &&
               (at < a->table.rows[i].offset || at - a->table.rows[i].offset >= a->table.rows[i].size))
            i++;
        if (i < a->table.count)
            seen[i]++;
        else
            elsewhere++;
    }
    for (uint32_t i = 0; i < a->table.count; i++)
        if (seen[i] > 0) {
            buffer_text(out, "contents of ");
            text_terminal(out, a->table.rows[i].label);
            buffer_printf(out, ": %" PRIu32 " of %" PRIu32 " sectors differ\n", seen[i],
                          (a->table.rows[i].size + NOR_SECTOR_SIZE - 1) / NOR_SECTOR_SIZE);
        }
    if (elsewhere > 0)
        buffer_printf(out, "outside all partitions: %" PRIu32 " sectors differ\n", elsewhere);
}

bool inspection_diff(const struct inspection *a, const struct inspection *b, struct buffer *out) {
    struct buffer before = {0}, after = {0};
    print_change("chip", a->dump.target->title, b->dump.target->title, out);
    buffer_printf(&before, "%" PRIu32 " bytes", a->dump.length);
    buffer_printf(&after, "%" PRIu32 " bytes", b->dump.length);
    change_and_free("dump", &before, &after, out);
    diff_tables(&a->table, &b->table, out);
    diff_problems("problem gone", &a->problems, &b->problems, out);
    diff_problems("new problem", &b->problems, &a->problems, out);
    diff_otadata(&a->otadata, &b->otadata, out);
    diff_images(&a->images, &b->images, out);
    diff_boots(&a->forecast, &b->forecast, out);
    diff_bytes(a, b, out);
    return a->dump.length == b->dump.length &&
           content_hash_equal(flash_hash(&a->dump.flash), flash_hash(&b->dump.flash));
}
