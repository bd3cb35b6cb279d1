#include "table_review.h"

#include <inttypes.h>
#include <stdlib.h>
#include <string.h>

#include "../../ota/otadata.h"

enum { TYPE_APP = 0x00, TYPE_DATA = 0x01, TYPE_LAST_NAMED = 0x03, TYPE_FIRST_CUSTOM = 0x40 };
enum { APP_FACTORY = 0x00, APP_OTA_0 = 0x10, APP_OTA_15 = 0x1F };
enum { DATA_OTA = 0x00, DATA_NVS = 0x02, DATA_COREDUMP = 0x03 };

#define APP_ALIGNMENT  0x10000u // CSV-60
#define DATA_ALIGNMENT 0x1000u
#define NVS_SIZE_MIN   0x3000u // CSV-64
#define TABLE_SECTOR   0x1000u // the table has a sector of its own (FL-31)
#define FLAG_READONLY  2u      // PT-1
#define FLAGS_KNOWN    3u

struct review {
    const struct dump *dump;
    const struct table_view *table;
    struct problem_list *problems;
};

static uint64_t end_of(const struct partition_row *row) {
    return (uint64_t)row->offset + row->size;
}

static bool is_slot(const struct partition_row *row) {
    return row->type == TYPE_APP && row->subtype >= APP_OTA_0 && row->subtype <= APP_OTA_15;
}

// ---- the table as a whole -----------------------------------------------------------------------

static void review_frame(const struct review *review) {
    const struct table_view *table = review->table;
    struct problem_list *problems = review->problems;
    if (table->offset != 0x8000)
        problem_add(problems, PROBLEM_NOTE, "table-moved",
                    "the table lies at 0x%" PRIx32
                    ", not at 0x8000: bootloader and app must be built for that",
                    table->offset);
    if (table->digest == DIGEST_ABSENT)
        problem_add(problems, PROBLEM_ERROR, "no-md5",
                    "the table has no MD5 row: a damaged table is not noticed, and an app of the usual build "
                    "finds no partitions (ESP_ERR_NOT_FOUND)");
    if (table->digest == DIGEST_WRONG)
        problem_add(problems, PROBLEM_ERROR, "md5-wrong",
                    "the table's MD5 does not match: the bootloader refuses it and resets for ever");
    if (!table->ended)
        problem_add(problems, PROBLEM_ERROR, "no-end",
                    "the table does not end with an end marker where its last row ends: the bootloader "
                    "refuses it");
    uint8_t bytes[PARTITION_TABLE_SIZE];
    if (table->offset > review->dump->flash_size - sizeof bytes)
        return;
    flash_read(&review->dump->device.flash, table->offset, bytes, sizeof bytes);
    const struct release_profile *accepts = NULL, *refuses = NULL;
    for (const struct release_profile *release = release_profiles; release->name; release++) {
        uint32_t count;
        esp_err_t code = partition_table_verify(bytes, review->dump->flash_size, release, &count);
        *(code == ESP_OK ? &accepts : &refuses) = release;
    }
    if (accepts != NULL && refuses != NULL)
        problem_add(problems, PROBLEM_WARNING, "releases-differ",
                    "some bootloaders take this table (%s), others refuse it (%s)", accepts->name,
                    refuses->name);
}

// ---- one row ------------------------------------------------------------------------------------

static void review_place(const struct review *review, const struct partition_row *row) {
    struct problem_list *problems = review->problems;
    uint32_t alignment = row->type == TYPE_APP ? APP_ALIGNMENT : DATA_ALIGNMENT;
    if (row->offset % alignment != 0)
        problem_add(problems, PROBLEM_ERROR, "misaligned",
                    "%s: offset 0x%" PRIx32 " is not a multiple of 0x%x%s", row->label, row->offset,
                    alignment, row->type == TYPE_APP ? ": the flash cache cannot map an app there" : "");
    if (row->size == 0)
        problem_add(problems, PROBLEM_ERROR, "empty-partition", "%s: has no size", row->label);
    else if (row->size % NOR_SECTOR_SIZE != 0)
        problem_add(problems, row->type == TYPE_APP ? PROBLEM_ERROR : PROBLEM_WARNING, "odd-size",
                    "%s: size 0x%" PRIx32 " is not a multiple of 0x1000: its last sector cannot be erased by "
                    "itself",
                    row->label, row->size);
    if (end_of(row) > review->dump->flash_size)
        problem_add(problems, PROBLEM_ERROR, "past-end",
                    "%s: ends at 0x%" PRIx64 ", past the flash's end at 0x%" PRIx32
                    "%s: the bootloader refuses "
                    "the table",
                    row->label, end_of(row), review->dump->flash_size,
                    review->dump->flash_size_known ? " (of the bootloader's header)" : "");
    else if (end_of(row) > review->dump->length)
        problem_add(problems, PROBLEM_NOTE, "not-in-dump",
                    "%s: ends at 0x%" PRIx64 ", the dump at 0x%" PRIx32 ": what is missing counts as erased",
                    row->label, end_of(row), review->dump->length);
    uint64_t table_end = (uint64_t)review->table->offset + TABLE_SECTOR;
    if (row->offset < table_end && end_of(row) > review->table->offset)
        problem_add(problems, row->type == TYPE_LAST_NAMED ? PROBLEM_NOTE : PROBLEM_ERROR, "overlaps-table",
                    "%s: covers the partition table itself", row->label);
    else if (row->offset < review->table->offset && row->type != 0x02)
        problem_add(problems, PROBLEM_ERROR, "below-table",
                    "%s: lies below the partition table, where the bootloader is", row->label);
}

static void review_kind(const struct review *review, const struct partition_row *row) {
    struct problem_list *problems = review->problems;
    if (row->type > TYPE_LAST_NAMED && row->type < TYPE_FIRST_CUSTOM)
        problem_add(problems, PROBLEM_WARNING, "reserved-type",
                    "%s: type 0x%02x is reserved for ESP-IDF; 0x40 to 0xFE are free", row->label, row->type);
    if ((row->flags & ~FLAGS_KNOWN) != 0)
        problem_add(problems, PROBLEM_WARNING, "unknown-flags", "%s: flag bits 0x%" PRIx32 " mean nothing",
                    row->label, row->flags & ~FLAGS_KNOWN);
    if (row->label[0] == '\0')
        problem_add(problems, PROBLEM_WARNING, "no-name", "the partition at 0x%" PRIx32 " has no name",
                    row->offset);
    if (row->type == TYPE_DATA && row->subtype == DATA_NVS && row->size < NVS_SIZE_MIN &&
        (row->flags & FLAG_READONLY) == 0)
        problem_add(problems, PROBLEM_WARNING, "small-nvs",
                    "%s: NVS needs 0x3000 bytes to write; this one has 0x%" PRIx32, row->label, row->size);
    if (row->type == TYPE_DATA && (row->subtype == DATA_OTA || row->subtype == DATA_COREDUMP) &&
        (row->flags & FLAG_READONLY) != 0)
        problem_add(problems, PROBLEM_ERROR, "readonly", "%s: must be writable, and is flagged readonly",
                    row->label);
}

static void review_pair(const struct review *review, const struct partition_row *one,
                        const struct partition_row *other) {
    if (one->offset < end_of(other) && other->offset < end_of(one))
        problem_add(review->problems, PROBLEM_ERROR, "overlap",
                    "%s (0x%" PRIx32 " to 0x%" PRIx64 ") and %s (0x%" PRIx32 " to 0x%" PRIx64 ") overlap",
                    one->label, one->offset, end_of(one), other->label, other->offset, end_of(other));
    if (one->label[0] != '\0' && strcmp(one->label, other->label) == 0)
        problem_add(review->problems, PROBLEM_WARNING, "same-name",
                    "two partitions are named %s: a search by name finds the first only", one->label);
    if (is_slot(one) && is_slot(other) && one->subtype == other->subtype)
        problem_add(review->problems, PROBLEM_ERROR, "slot-twice",
                    "ota_%u is there twice: the bootloader counts two slots and boots the later one",
                    one->subtype - APP_OTA_0);
}

// ---- otadata and slots --------------------------------------------------------------------------

static void review_otadata(const struct review *review) {
    uint32_t count = 0;
    for (uint32_t i = 0; i < review->table->count; i++) {
        const struct partition_row *row = &review->table->rows[i];
        if (row->type != TYPE_DATA || row->subtype != DATA_OTA)
            continue;
        if (++count == 2)
            problem_add(review->problems, PROBLEM_ERROR, "two-otadata",
                        "two otadata partitions: the bootloader reads the last, the app the first");
        if (row->size != OTADATA_SIZE)
            problem_add(review->problems, row->size < OTADATA_SIZE ? PROBLEM_ERROR : PROBLEM_WARNING,
                        "otadata-size", "%s: has 0x%" PRIx32 " bytes, otadata has 0x2000", row->label,
                        row->size);
    }
    if (count == 0 && review->table->slot_count > 0)
        problem_add(review->problems, PROBLEM_ERROR, "no-otadata",
                    "there are OTA slots and no otadata: nothing can be selected, updates fail with "
                    "ESP_ERR_NOT_FOUND");
}

static void review_slots(const struct review *review) {
    const struct table_view *table = review->table;
    uint32_t slots = 0, apps = 0, smallest = UINT32_MAX, largest = 0;
    for (uint32_t i = 0; i < table->count; i++) {
        const struct partition_row *row = &table->rows[i];
        apps += row->type == TYPE_APP;
        if (!is_slot(row))
            continue;
        slots++;
        smallest = row->size < smallest ? row->size : smallest;
        largest = row->size > largest ? row->size : largest;
    }
    if (apps == 0)
        problem_add(review->problems, PROBLEM_ERROR, "no-app",
                    "the table has no app partition: nothing can boot");
    if (slots != table->slot_count)
        problem_add(review->problems, PROBLEM_ERROR, "slot-gap",
                    "the OTA slots are not ota_0 to ota_%" PRIu32 " each once: apps use %" PRIu32
                    " of them, and the bootloader counts %" PRIu32,
                    slots == 0 ? 0 : slots - 1, table->slot_count, slots);
    if (slots > 1 && smallest != largest)
        problem_add(review->problems, PROBLEM_WARNING, "unequal-slots",
                    "the OTA slots differ in size (0x%" PRIx32 " to 0x%" PRIx32
                    "): an image that fits one need not fit the next",
                    smallest, largest);
    bool factory = table_find(table, TYPE_APP, APP_FACTORY) != NULL;
    if (slots == 1 && !factory)
        problem_add(review->problems, PROBLEM_WARNING, "one-slot",
                    "there is one OTA slot and no factory app: the running app cannot be updated");
    if (slots > 0 && !factory)
        problem_add(review->problems, PROBLEM_NOTE, "no-factory",
                    "there is no factory app: when no slot holds a whole image, nothing boots");
}

// ---- the space between --------------------------------------------------------------------------

static int by_offset(const void *left, const void *right) {
    const struct partition_row *a = *(const struct partition_row *const *)left;
    const struct partition_row *b = *(const struct partition_row *const *)right;
    return a->offset < b->offset ? -1 : a->offset > b->offset;
}

static void review_gaps(const struct review *review) {
    const struct partition_row *sorted[PARTITION_TABLE_ROWS_MAX];
    const struct table_view *table = review->table;
    bool ascending = true;
    for (uint32_t i = 0; i < table->count; i++) {
        sorted[i] = &table->rows[i];
        ascending = ascending && (i == 0 || table->rows[i].offset >= table->rows[i - 1].offset);
    }
    if (!ascending)
        problem_add(review->problems, PROBLEM_NOTE, "not-ascending",
                    "the rows are not in the order of their offsets");
    qsort(sorted, table->count, sizeof *sorted, by_offset);
    for (uint32_t i = 1; i < table->count; i++) {
        uint64_t end = end_of(sorted[i - 1]);
        bool of_alignment = sorted[i]->type == TYPE_APP && sorted[i]->offset < end + APP_ALIGNMENT;
        if (sorted[i]->offset <= end || of_alignment)
            continue;
        bool between_slots = is_slot(sorted[i - 1]) && is_slot(sorted[i]);
        problem_add(review->problems, between_slots ? PROBLEM_WARNING : PROBLEM_NOTE,
                    between_slots ? "gap-between-slots" : "gap",
                    "0x%" PRIx64 " bytes between %s and %s belong to no partition", sorted[i]->offset - end,
                    sorted[i - 1]->label, sorted[i]->label);
    }
}

void table_review(const struct dump *dump, const struct table_view *table, struct problem_list *problems) {
    const struct review review = {dump, table, problems};
    if (!table->found) {
        problem_add(problems, PROBLEM_ERROR, "no-table",
                    "there is no partition table at 0x%" PRIx32 ", nor anywhere else: nothing boots",
                    table->offset);
        return;
    }
    review_frame(&review);
    for (uint32_t i = 0; i < table->count; i++) {
        review_place(&review, &table->rows[i]);
        review_kind(&review, &table->rows[i]);
        for (uint32_t j = i + 1; j < table->count; j++)
            review_pair(&review, &table->rows[i], &table->rows[j]);
    }
    review_otadata(&review);
    review_slots(&review);
    review_gaps(&review);
}
