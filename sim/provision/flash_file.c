#include "flash_file.h"

#include <stdlib.h>
#include <string.h>

#include "../base/file.h"
#include "app_image_builder.h"
#include "app_image_reader.h"
#include "file_layout.h"
#include "partition_binary.h"
#include "partition_convert.h"
#include "partition_csv.h"
#include "partition_notes.h"

#define TABLE_FILE_MAX PARTITION_CSV_SIZE_MAX

bool flash_file_load(struct flash *flash, const char *path, struct error *error) {
    struct buffer bytes = {0};
    bool fine = file_read(path, flash->size, &bytes, error);
    if (fine && bytes.length == 0)
        fine = error_set(error, "%s: empty, a flash dump is wanted", path);
    if (fine) {
        struct flash loaded;
        flash_init(&loaded, flash->size);
        flash_set(&loaded, 0, bytes.bytes, (uint32_t)bytes.length);
        flash_free(flash);
        *flash = loaded;
    }
    buffer_free(&bytes);
    return fine;
}

bool flash_file_place(struct flash *flash, const char *path, uint32_t address, uint32_t room,
                      struct error *error) {
    if (address >= flash->size)
        return error_set(error, "%s: address 0x%x lies beyond the flash (0x%x bytes)", path, address,
                         flash->size);
    if (room > flash->size - address)
        room = flash->size - address;
    struct buffer bytes = {0};
    bool fine = file_read(path, flash->size, &bytes, error);
    if (fine && bytes.length > room)
        fine = error_set(error, "%s: %zu bytes do not fit at 0x%x, where there is room for %u", path,
                         bytes.length, address, room);
    if (fine && bytes.length > 0)
        flash_set(flash, address, bytes.bytes, (uint32_t)bytes.length);
    buffer_free(&bytes);
    return fine;
}

bool flash_file_save(const struct flash *flash, const char *path, struct error *error) {
    uint8_t *bytes = memory_new(flash->size);
    flash_read(flash, 0, bytes, flash->size);
    bool fine = file_write(path, bytes, flash->size, error);
    free(bytes);
    return fine;
}

// Verified in both cases; a binary one is used as it is in the file, not as it would be generated.
static bool convert_table(const struct buffer *file, const struct partition_csv_options *options,
                          struct buffer *binary, struct partition_csv_notes *notes) {
    if (!partition_table_is_binary(file->bytes, file->length))
        return partition_table_convert(file->bytes, file->length, options, binary, notes);
    struct buffer csv = {0};
    bool fine = partition_table_convert(file->bytes, file->length, options, &csv, notes);
    buffer_free(&csv);
    if (!fine)
        return false;
    uint8_t table[PARTITION_TABLE_SIZE];
    memset(table, 0xFF, sizeof table);
    memcpy(table, file->bytes, file->length < sizeof table ? file->length : sizeof table);
    buffer_append(binary, table, sizeof table);
    return true;
}

bool partition_table_file_read(const char *path, const struct partition_csv_options *options,
                               struct buffer *binary, struct error *error) {
    struct buffer file = {0};
    if (!file_read(path, TABLE_FILE_MAX, &file, error))
        return false;
    struct partition_csv_notes notes = {0};
    bool fine = convert_table(&file, options, binary, &notes);
    if (!fine && notes.line > 0)
        (void)error_set(error, "%s:%u: %s", path, notes.line, partition_csv_notes_line(&notes));
    else if (!fine)
        (void)error_set(error, "%s: %s", path, partition_csv_notes_line(&notes));
    partition_csv_notes_free(&notes);
    buffer_free(&file);
    return fine;
}

// True: it is none.
static bool refuse_merged(const char *path, const struct buffer *file, const struct chip_target *target,
                          struct error *error) {
    struct file_layout layout;
    struct buffer parts = {0};
    file_layout_read(file->bytes, file->length, target != NULL ? target : &chip_targets[0],
                     PARTITION_TABLE_OFFSET_DEFAULT, &layout);
    bool merged = layout.kind == FILE_MERGED;
    file_layout_print(&layout, &parts);
    if (merged)
        (void)error_set(error, "%s: a merged file, not an app image: it holds %s", path,
                        buffer_string(&parts));
    buffer_free(&parts);
    file_layout_free(&layout);
    return !merged;
}

bool app_image_file_read(const char *path, const struct chip_target *target, struct buffer *image,
                         struct error *error) {
    struct buffer file = {0};
    if (!file_read(path, APP_IMAGE_SIZE_MAX, &file, error))
        return false;
    struct app_image_summary summary;
    (void)app_image_describe_bytes(file.bytes, file.length, &summary);
    bool fine = refuse_merged(path, &file, target, error);
    if (fine && (file.length < APP_IMAGE_HEADER_SIZE || file.bytes[0] != 0xE9))
        fine = error_set(error, "%s: not an app image: it does not begin with E9", path);
    if (fine && target != NULL && summary.chip_id != target->chip_id) {
        const struct chip_target *other = chip_target_by_id(summary.chip_id);
        fine = error_set(error, "%s: made for %s (chip id %u), not for %s", path,
                         other != NULL ? other->title : "an unknown chip", summary.chip_id, target->title);
    }
    if (fine)
        buffer_append(image, file.bytes, file.length);
    buffer_free(&file);
    return fine;
}
