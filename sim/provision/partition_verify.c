#include "partition_verify.h"

#include <inttypes.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "../base/buffer.h"
#include "partition_keywords.h"
#include "partition_text.h"

#define TABLE_SECTOR 0x1000u
#define OTADATA_SIZE 0x2000u
#define NVS_SMALLEST 0x3000u // CSV-64: the smallest that can be written to

// ---- one partition (CSV-60 to CSV-64) -----------------------------------------------------------

__attribute__((format(printf, 3, 4))) static bool
fail_entry(struct partition_csv_notes *notes, const struct partition_entry *entry, const char *format, ...) {
    struct buffer message = {0};
    va_list arguments;
    va_start(arguments, format);
    buffer_vprintf(&message, format, arguments);
    va_end(arguments);
    (void)partition_csv_fail(notes, PARTITION_CSV_VALIDATION_ERROR, entry->line, "Partition %s invalid: %s",
                             entry->name, buffer_string(&message));
    buffer_free(&message);
    return false;
}

static bool is_aligned(int64_t value, uint32_t step) {
    return value % (int64_t)step == 0;
}

static bool verify_alignment(const struct partition_entry *entry, const struct partition_csv_options *options,
                             struct partition_csv_notes *notes) {
    const struct partition_csv_rules *rules = partition_csv_rules_of(options);
    char value[HEX_TEXT_SIZE];
    uint32_t step = partition_csv_alignment(rules, entry->type);
    if (!is_aligned(entry->offset, step)) {
        (void)partition_csv_hex(entry->offset, value);
        if (entry->type == TYPE_APP || !rules->misalignment_tolerated)
            return fail_entry(notes, entry, "Offset %s is not aligned to 0x%x", value, step);
        partition_csv_warn(notes, "partition %s: offset %s is not aligned to 0x%x", entry->name, value, step);
    }
    step = options->secure == PARTITION_CSV_SECURE_V1 ? 0x10000 : 0x1000;
    bool checked = rules->app_size_aligned || options->secure != PARTITION_CSV_SECURE_NONE;
    if (entry->type == TYPE_APP && checked && !is_aligned(entry->size, step))
        return fail_entry(notes, entry, "Size %s is not aligned to 0x%x",
                          partition_csv_hex(entry->size, value), step);
    return true;
}

static void warn_of_name(const struct partition_entry *entry, const struct partition_csv_options *options,
                         struct partition_csv_notes *notes) {
    int64_t value;
    if (partition_keyword_find(options, ALL_TYPES, entry->name, &value) && value != entry->type)
        partition_csv_warn(
            notes, "partition %s is named like a type that it does not have (its type is 0x%" PRIx64 ")",
            entry->name, entry->type);
    bool own = partition_keyword_find(options, entry->type, entry->name, &value) && value == entry->subtype;
    if (!own && partition_keyword_is_subtype(options, entry->name))
        partition_csv_warn(
            notes,
            "partition %s is named like a subtype that it does not have (its type is 0x%" PRIx64
            ", its subtype 0x%" PRIx64 ")",
            entry->name, entry->type, entry->subtype);
}

static bool verify_flags(const struct partition_entry *entry, const struct partition_csv_rules *rules,
                         struct partition_csv_notes *notes) {
    if (entry->type != TYPE_DATA)
        return true;
    bool written_by_system = entry->subtype == DATA_OTA || entry->subtype == DATA_COREDUMP;
    if (entry->readonly && written_by_system)
        return fail_entry(notes, entry,
                          "'%s' partition of type %" PRId64 " and subtype %" PRId64
                          " is always read-write and cannot be read-only",
                          entry->name, entry->type, entry->subtype);
    char size[HEX_TEXT_SIZE];
    if (rules->small_nvs_readonly && !entry->readonly && entry->subtype == DATA_NVS &&
        entry->size < NVS_SMALLEST)
        return fail_entry(
            notes, entry,
            "'%s' partition of type %" PRId64 " and subtype %" PRId64
            " of this size (%s) must be flagged as 'readonly' (the size of read/write NVS has to be at "
            "least 0x%x)",
            entry->name, entry->type, entry->subtype, partition_csv_hex(entry->size, size), NVS_SMALLEST);
    return true;
}

// ---- the table as a whole (CSV-65 to CSV-69) ----------------------------------------------------

static int by_name(const void *a, const void *b) {
    return strcmp((*(const struct partition_entry *const *)a)->name,
                  (*(const struct partition_entry *const *)b)->name);
}

static int by_offset(const void *a, const void *b) {
    const struct partition_entry *first = *(const struct partition_entry *const *)a;
    const struct partition_entry *second = *(const struct partition_entry *const *)b;
    if (first->offset != second->offset)
        return first->offset < second->offset ? -1 : 1;
    return first < second ? -1 : first > second; // file order
}

static const struct partition_entry **sorted(const struct partition_table_layout *layout,
                                             int (*order)(const void *, const void *)) {
    const struct partition_entry **entries = memory_new((layout->count + 1) * sizeof *entries);
    for (size_t i = 0; i < layout->count; i++)
        entries[i] = &layout->entries[i];
    qsort(entries, layout->count, sizeof *entries, order);
    return entries;
}

static bool verify_names(const struct partition_table_layout *layout, struct partition_csv_notes *notes) {
    const struct partition_entry **entries = sorted(layout, by_name);
    bool unique = true;
    for (size_t i = 1; unique && i < layout->count; i++)
        unique = strcmp(entries[i - 1]->name, entries[i]->name) != 0;
    free(entries);
    return unique ||
           partition_csv_fail(notes, PARTITION_CSV_INPUT_ERROR, 0, "Partition names must be unique");
}

static bool is_primary(const struct partition_entry *entry) {
    return (entry->type == TYPE_BOOTLOADER || entry->type == TYPE_PARTITION_TABLE) &&
           entry->subtype == SYSTEM_PRIMARY;
}

static bool verify_place(const struct partition_entry *entry, const struct partition_entry *previous,
                         const struct partition_csv_options *options, struct partition_csv_notes *notes) {
    char a[HEX_TEXT_SIZE], b[HEX_TEXT_SIZE], c[HEX_TEXT_SIZE];
    int64_t first_free = (int64_t)options->table_offset + TABLE_SECTOR;
    if (entry->offset < first_free &&
        !(is_primary(entry) && partition_csv_rules_of(options)->knows_system_types))
        return partition_csv_fail(notes, PARTITION_CSV_INPUT_ERROR, entry->line,
                                  "Partition offset %s is below %s", partition_csv_hex(entry->offset, a),
                                  partition_csv_hex(first_free, b));
    if (previous != NULL && entry->offset < previous->offset + previous->size)
        return partition_csv_fail(notes, PARTITION_CSV_INPUT_ERROR, entry->line,
                                  "Partition at %s overlaps %s-%s", partition_csv_hex(entry->offset, a),
                                  partition_csv_hex(previous->offset, b),
                                  partition_csv_hex(previous->offset + previous->size - 1, c));
    return true;
}

static bool verify_places(const struct partition_table_layout *layout,
                          const struct partition_csv_options *options, struct partition_csv_notes *notes) {
    const struct partition_entry **entries = sorted(layout, by_offset);
    bool fine = true;
    for (size_t i = 0; fine && i < layout->count; i++)
        fine = verify_place(entries[i], i > 0 ? entries[i - 1] : NULL, options, notes);
    free(entries);
    return fine;
}

static bool verify_otadata(const struct partition_table_layout *layout, struct partition_csv_notes *notes,
                           int64_t subtype, const char *keyword, const char *value, const char *prefix) {
    const struct partition_entry *found = NULL;
    for (size_t i = 0; i < layout->count; i++) {
        const struct partition_entry *entry = &layout->entries[i];
        if (entry->type != TYPE_DATA || entry->subtype != subtype)
            continue;
        if (found != NULL)
            return partition_csv_fail(
                notes, PARTITION_CSV_INPUT_ERROR, entry->line,
                "Found multiple %sotadata partitions. Only one partition can be defined with "
                "type=\"data\"(1) and subtype=\"%s\"(%s).",
                prefix, keyword, value);
        found = entry;
    }
    if (found == NULL || found->size == OTADATA_SIZE)
        return true;
    return partition_csv_fail(notes, PARTITION_CSV_INPUT_ERROR, found->line,
                              "%sotadata partition must have size = 0x%x", prefix, OTADATA_SIZE);
}

static bool verify_flash_size(const struct partition_table_layout *layout, uint32_t flash_size_mb,
                              struct partition_csv_notes *notes) {
    const struct partition_entry *last = NULL;
    for (size_t i = 0; i < layout->count; i++)
        if (last == NULL || layout->entries[i].offset > last->offset)
            last = &layout->entries[i];
    int64_t end = last != NULL ? last->offset + last->size : 0;
    if (flash_size_mb == 0 || end <= (int64_t)flash_size_mb << 20)
        return true;
    return partition_csv_fail(
        notes, PARTITION_CSV_INPUT_ERROR, last->line,
        "Partitions tables occupies %.1fMB of flash (%" PRId64
        " bytes) which does not fit in configured flash size %uMB. Change the flash size in "
        "menuconfig under the 'Serial Flasher Config' menu.",
        (double)end / (1 << 20), end, flash_size_mb);
}

bool partition_table_layout_verify(const struct partition_table_layout *layout,
                                   const struct partition_csv_options *options,
                                   struct partition_csv_notes *notes) {
    const struct partition_csv_rules *rules = partition_csv_rules_of(options);
    bool fine = true;
    if (!options->no_verify) {
        for (size_t i = 0; fine && i < layout->count; i++) {
            fine = verify_alignment(&layout->entries[i], options, notes);
            if (fine)
                warn_of_name(&layout->entries[i], options, notes);
            fine = fine && verify_flags(&layout->entries[i], rules, notes);
        }
        fine = fine && verify_names(layout, notes) && verify_places(layout, options, notes) &&
               verify_otadata(layout, notes, DATA_OTA, "ota", "0", "") &&
               verify_otadata(layout, notes, DATA_TEE_OTA, "tee_ota", "0x90", "TEE ");
    }
    return fine && verify_flash_size(layout, options->flash_size_mb, notes);
}
