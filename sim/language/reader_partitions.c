// The partition table: CSV in the scenario, a file, or what a dump brings along.
#include <stdlib.h>
#include <string.h>

#include "../provision/flash_file.h"
#include "../provision/partition_binary.h"
#include "../provision/partition_csv.h"
#include "../provision/partition_notes.h"
#include "../provision/partition_verify.h"
#include "reader_names.h"
#include "reader_partitions.h"
#include "values.h"

#define RECOVERY_BOOTLOADER_OFFSET_DEFAULT 0x3F0000u // CH-43

static struct partition_csv_options table_options(const struct reading *reading) {
    const struct board_config *board = &reading->scenario->board;
    struct partition_csv_options options = partition_csv_options_default();
    options.table_offset = board->app.partition_table_offset;
    options.flash_size_mb = board->chip.size >> 20;
    options.disable_md5 = !board->app.partition_table_md5;
    options.release = board->app.profile;
    options.has_primary_bootloader_offset = true;
    options.primary_bootloader_offset = board->target->bootloader_offset;
    if (board->target->has_recovery_bootloader) { // where eFuse says, else where builds have it by themselves
        uint32_t sectors = reading->scenario->efuse[PORT_EFUSE_RECOVERY_BOOTLOADER];
        options.has_recovery_bootloader_offset = true;
        options.recovery_bootloader_offset =
            sectors != 0 ? sectors * NOR_SECTOR_SIZE : RECOVERY_BOOTLOADER_OFFSET_DEFAULT;
    }
    return options;
}

// The generator's words, with its line of the CSV turned into one of the scenario.
static void report(struct reading *reading, const struct yaml_node *node,
                   const struct partition_csv_notes *notes) {
    struct source_mark mark = node->mark;
    if (notes->line != 0 && node->block_line != 0)
        mark = (struct source_mark){node->block_line + notes->line - 1, 1, UINT32_MAX};
    diagnostic_add(reading->diagnostics, "E0301", mark, "partition table: %s",
                   notes->message == NULL ? "it is wrong" : notes->message);
}

static void warn(struct reading *reading, const struct yaml_node *node,
                 const struct partition_csv_notes *notes) {
    for (size_t i = 0; i < notes->warning_count; i++)
        diagnostic_add(reading->diagnostics, "W0901", node->mark, "partition table: %s", notes->warnings[i]);
}

// CSV text in the scenario itself. True: `layout` and `binary` are it.
static bool read_inline(struct reading *reading, const struct yaml_node *node,
                        struct partition_table_layout *layout, struct buffer *binary) {
    struct partition_csv_options options = table_options(reading);
    struct partition_csv_notes notes = {0};
    bool fine = partition_csv_parse(node->text, strlen(node->text), &options, layout, &notes);
    if (fine)
        fine = partition_table_layout_verify(layout, &options, &notes) &&
               partition_table_layout_encode(layout, &options, binary, &notes);
    if (fine)
        warn(reading, node, &notes);
    else
        report(reading, node, &notes);
    partition_csv_notes_free(&notes);
    return fine;
}

static bool read_file(struct reading *reading, const struct yaml_node *node,
                      struct partition_table_layout *layout, struct buffer *binary) {
    char *path = find_file(reading, node);
    if (path == NULL)
        return false;
    struct partition_csv_options options = table_options(reading);
    struct error error = {0};
    struct partition_csv_notes notes = {0};
    bool fine = partition_table_file_read(path, &options, binary, &error);
    if (!fine)
        diagnostic_add(reading->diagnostics, "E0301", node->mark, "%s", error.message);
    else if (!(fine = partition_table_layout_decode(binary->bytes, binary->length, &options, layout, &notes)))
        report(reading, node, &notes);
    partition_csv_notes_free(&notes);
    free(path);
    return fine;
}

// A block of CSV, or a file's name.
static bool read_table(struct reading *reading, const struct yaml_node *node, const char *what,
                       struct partition_table_layout *layout, struct buffer *binary) {
    const char *text = value_text(reading->diagnostics, node, what);
    if (text == NULL)
        return false;
    bool table = strchr(text, ',') != NULL || strchr(text, '\n') != NULL;
    if (!table)
        return read_file(reading, node, layout, binary);
    if (node->block_line != 0)
        return read_inline(reading, node, layout, binary);
    struct diagnostic *item = diagnostic_add(reading->diagnostics, "E0310", node->mark,
                                             "a partition table must be written as a block of lines");
    diagnostic_help(item, "write %s: |, and the lines indented below it", what);
    return false;
}

void read_partitions(struct reading *reading, const struct yaml_node *node) {
    if (node->kind == YAML_KIND_SCALAR)
        reading->partitions_mark = node->mark;
    reading->csv_line = node->block_line;
    reading->layout_known =
        read_table(reading, node, "`partitions`", &reading->layout, &reading->scenario->partition_table);
}

// ---- tables that come later ---------------------------------------------------------------------

static struct partition_table_layout *add_later(struct reading *reading) {
    size_t size = (reading->later_count + 1) * sizeof *reading->later;
    reading->later = memory_resize(reading->later, size);
    struct partition_table_layout *layout = &reading->later[reading->later_count++];
    *layout = (struct partition_table_layout){0};
    return layout;
}

bool read_table_image(struct reading *reading, const struct yaml_node *node, struct buffer *out) {
    return read_table(reading, node, "`partition_table`", add_later(reading), out);
}

void partitions_from_image(struct reading *reading, const struct buffer *table) {
    struct partition_csv_options options = table_options(reading);
    struct partition_csv_notes notes = {0};
    (void)partition_table_layout_decode(table->bytes, table->length, &options, add_later(reading), &notes);
    partition_csv_notes_free(
        &notes); // one that is broken names nothing; what the device says to it is what is tried
}

void partitions_from_dump(struct reading *reading) {
    const struct buffer *dump = &reading->scenario->dump;
    uint32_t offset = reading->scenario->board.app.partition_table_offset;
    if (dump->length < (size_t)offset + PARTITION_TABLE_SIZE)
        return;
    struct partition_csv_options options = table_options(reading);
    struct partition_csv_notes notes = {0};
    reading->layout_known = partition_table_layout_decode(dump->bytes + offset, PARTITION_TABLE_SIZE,
                                                          &options, &reading->layout, &notes);
    partition_csv_notes_free(&notes); // a dump may well hold a broken table: then nothing has a name
}
