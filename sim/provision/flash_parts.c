#include "flash_parts.h"

#include <string.h>

#include "flash_file.h"
#include "otadata_image.h"
#include "partition_binary.h"

struct assembly {
    const struct flash_parts *parts;
    struct flash flash;
    struct partition_table_layout layout;
};

static bool place_table(struct assembly *assembly, struct error *error) {
    const struct flash_parts *parts = assembly->parts;
    struct partition_csv_options options = partition_csv_options_default();
    struct partition_csv_notes notes = {0};
    struct buffer table = {0};
    options.table_offset = parts->table_offset;
    options.no_verify = parts->no_verify;
    options.environment = parts->environment;
    options.flash_size_mb = parts->size >> 20;
    options.has_primary_bootloader_offset = true;
    options.primary_bootloader_offset = parts->target->bootloader_offset;
    bool fine = partition_table_file_read(parts->table, &options, &table, error);
    if (fine && (parts->table_offset > parts->size || table.length > parts->size - parts->table_offset))
        fine = error_set(error, "the partition table at 0x%x lies beyond the flash", parts->table_offset);
    if (fine &&
        !partition_table_layout_decode(table.bytes, table.length, &options, &assembly->layout, &notes))
        fine = error_set(error, "%s: %s", parts->table, partition_csv_notes_line(&notes));
    if (fine)
        flash_set(&assembly->flash, parts->table_offset, table.bytes, (uint32_t)table.length);
    partition_csv_notes_free(&notes);
    buffer_free(&table);
    return fine;
}

static bool place_bootloader(struct assembly *assembly, struct error *error) {
    const struct flash_parts *parts = assembly->parts;
    uint32_t offset = parts->target->bootloader_offset;
    if (parts->bootloader == NULL)
        return true;
    if (parts->table_offset <= offset)
        return error_set(error, "%s: the partition table lies below the bootloader's place, 0x%x",
                         parts->bootloader, offset);
    return flash_file_place(&assembly->flash, parts->bootloader, offset, parts->table_offset - offset, error);
}

static bool place_part(struct assembly *assembly, const struct flash_part *part, struct error *error) {
    const struct partition_entry *partition = partition_find(&assembly->layout, part->name);
    if (partition == NULL)
        return error_set(error, "%s: the table has no partition `%s`", part->path, part->name);
    if (partition->type == TYPE_APP) {
        struct buffer image = {0};
        bool fine = app_image_file_read(part->path, assembly->parts->target, &image, error);
        buffer_free(&image);
        if (!fine)
            return false;
    }
    return flash_file_place(&assembly->flash, part->path, (uint32_t)partition->offset,
                            (uint32_t)partition->size, error);
}

static bool place_otadata(struct assembly *assembly, struct error *error) {
    const struct partition_entry *otadata = partition_find_type(&assembly->layout, TYPE_DATA, DATA_OTA);
    uint32_t slot;
    if (assembly->parts->boot == NULL)
        return true;
    if (!otatool_slot_by_name(&assembly->layout, assembly->parts->boot, &slot, NULL))
        return error_set(error, "the table has no OTA slot `%s` to boot", assembly->parts->boot);
    if (otadata == NULL || otadata->size < OTADATA_SIZE)
        return error_set(error, "the table has no otadata that could select `%s`", assembly->parts->boot);
    uint8_t image[OTADATA_SIZE];
    struct otadata_entry entry = otadata_entry_make(slot + 1, OTADATA_VALID);
    otadata_image_build(&entry, NULL, image);
    flash_set(&assembly->flash, (uint32_t)otadata->offset, image, sizeof image);
    return true;
}

static bool place_all(struct assembly *assembly, struct error *error) {
    if (!place_table(assembly, error) || !place_bootloader(assembly, error))
        return false;
    for (size_t i = 0; i < assembly->parts->part_count; i++)
        if (!place_part(assembly, &assembly->parts->parts[i], error))
            return false;
    return place_otadata(assembly, error);
}

bool flash_parts_assemble(const struct flash_parts *parts, struct buffer *out, struct error *error) {
    struct assembly assembly = {.parts = parts};
    flash_init(&assembly.flash, parts->size);
    bool fine = place_all(&assembly, error);
    for (uint32_t at = 0; fine && at < parts->size; at += NOR_SECTOR_SIZE)
        buffer_append(out, flash_sector(&assembly.flash, at), NOR_SECTOR_SIZE);
    partition_table_layout_free(&assembly.layout);
    flash_free(&assembly.flash);
    return fine;
}
