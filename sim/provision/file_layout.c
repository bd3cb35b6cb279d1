#include "file_layout.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "../../ota/crc32.h"
#include "../../ota/little_endian.h"
#include "../../ota/partition_table.h"
#include "../../ota/release_profile.h"
#include "app_image_builder.h"
#include "app_image_reader.h"

#define SECTOR         0x1000u
#define APP_ALIGNMENT  0x10000u  // of app partitions (CSV-60)
#define TAIL_ALIGNMENT 16u       // of images (IMG-15)
#define TABLES_END     0x100000u // no build puts its table farther back
#define IMAGE_MAGIC    0xE9u
#define CHIP_ID_AT     12u
#define NVS_HEADER     32u // NV-2: the sum at 28 is over bytes 4 to 27

struct file {
    const uint8_t *bytes;
    uint32_t length;
    uint32_t bootloader; // its flash address
    uint32_t table;      // that of the table, when the file does not tell
};

// ---- one thing ----------------------------------------------------------------------------------

static bool begins_image(const struct file *file, uint32_t at) {
    return file->length > at && file->length - at >= APP_IMAGE_HEADER_SIZE && file->bytes[at] == IMAGE_MAGIC;
}

static bool begins_nvs(const struct file *file) {
    return file->length >= NVS_HEADER && crc32_of_record(file->bytes + 4, 24) == le32_get(file->bytes + 28);
}

// A table of at least one row that every release takes, wherever its partitions end.
static bool is_table(const struct file *file, uint32_t at, uint8_t table[PARTITION_TABLE_SIZE],
                     uint32_t *rows) {
    uint32_t room = file->length - at;
    memset(table, 0xFF, PARTITION_TABLE_SIZE);
    memcpy(table, file->bytes + at, room < PARTITION_TABLE_SIZE ? room : PARTITION_TABLE_SIZE);
    return le16_get(table) == PARTITION_ROW_MAGIC &&
           partition_table_verify(table, UINT32_MAX, release_profiles, rows) == ESP_OK && *rows > 0;
}

static const char *known_by_its_start(const struct file *file) {
    static const struct {
        const char *start, *what;
        uint32_t length;
    } kinds[] = {{"\x7F"
                  "ELF",
                  "an ELF file: what is flashed is the .bin beside it", 4},
                 {"UF2\n", "a UF2 file: what is flashed is the .bin that it was made of", 4},
                 {":", "Intel HEX, or a text", 1},
                 {"\x1F\x8B", "compressed by gzip", 2},
                 {"PK\x03\x04", "a ZIP archive", 4},
                 {"<", "HTML or XML", 1}};
    for (size_t i = 0; i < sizeof kinds / sizeof *kinds; i++)
        if (file->length >= kinds[i].length && memcmp(file->bytes, kinds[i].start, kinds[i].length) == 0)
            return kinds[i].what;
    return NULL;
}

// ---- parts of a merged file ---------------------------------------------------------------------

static uint32_t without_erased_end(const struct file *file, uint32_t at, uint32_t length) {
    while (length > 0 && file->bytes[at + length - 1] == 0xFF)
        length--;
    return length;
}

// Of an image in `room` bytes: up to its end, or farther when something follows (a signature).
static uint32_t image_length(const struct file *file, uint32_t at, uint32_t room,
                             const struct app_image_summary *summary) {
    uint32_t used =
        (without_erased_end(file, at, room) + TAIL_ALIGNMENT - 1) / TAIL_ALIGNMENT * TAIL_ALIGNMENT;
    used = used < room ? used : room;
    return used > summary->length ? used : summary->length;
}

static void add_part(const struct file *file, struct file_layout *layout, const char *name, uint32_t address,
                     uint32_t size) {
    uint32_t at = address - layout->base;
    if (address < layout->base || at >= file->length)
        return;
    uint32_t room = size < file->length - at ? size : file->length - at;
    if (without_erased_end(file, at, room) == 0)
        return;
    struct file_part part = {.address = address, .length = room};
    (void)snprintf(part.name, sizeof part.name, "%s", name);
    if (begins_image(file, at)) {
        struct app_image_summary summary;
        (void)app_image_describe_bytes(file->bytes + at, room, &summary);
        part.length = image_length(file, at, room, &summary);
        if (summary.has_descriptor)
            (void)snprintf(part.version, sizeof part.version, "%s %s", summary.project, summary.version);
    }
    layout->parts = memory_resize(layout->parts, (layout->part_count + 1) * sizeof *layout->parts);
    layout->parts[layout->part_count++] = part;
}

static int by_address(const void *a, const void *b) {
    const struct file_part *left = a, *right = b;
    return left->address < right->address ? -1 : left->address > right->address;
}

static bool has_part_at(const struct file_layout *layout, uint32_t address) {
    for (size_t i = 0; i < layout->part_count; i++)
        if (layout->parts[i].address == address)
            return true;
    return false;
}

// Where in flash the file begins, when its table lies `table_at` bytes in.
static uint32_t base_of(const struct file *file, uint32_t table_at) {
    if (begins_image(file, 0))
        return file->bootloader;
    if (begins_image(file, file->bootloader) || table_at >= file->table)
        return 0;
    return file->table - table_at;
}

static void take_apart(const struct file *file, uint32_t table_at, const uint8_t *table, uint32_t rows,
                       struct file_layout *layout) {
    layout->kind = FILE_MERGED;
    layout->base = base_of(file, table_at);
    for (uint32_t i = 0; i < rows; i++) {
        struct partition_row row;
        partition_row_decode(table + i * PARTITION_ROW_SIZE, &row);
        add_part(file, layout, row.label, row.offset, row.size);
    }
    uint32_t table_address = layout->base + table_at;
    if (!has_part_at(layout, table_address))
        add_part(file, layout, "partition_table", table_address, PARTITION_TABLE_SIZE);
    if (!has_part_at(layout, file->bootloader) && file->bootloader < table_address)
        add_part(file, layout, "bootloader", file->bootloader, table_address - file->bootloader);
    qsort(layout->parts, layout->part_count, sizeof *layout->parts, by_address);
}

static uint32_t end_of_first_image(const struct file *file) {
    struct app_image_summary summary;
    if (!begins_image(file, 0))
        return 0;
    (void)app_image_describe_bytes(file->bytes, file->length, &summary);
    return summary.length;
}

static bool find_table(const struct file *file, struct file_layout *layout) {
    uint8_t table[PARTITION_TABLE_SIZE];
    uint32_t first = end_of_first_image(file), rows = 0;
    for (uint32_t at = SECTOR; at < file->length && at < TABLES_END; at += SECTOR)
        if (at >= first && is_table(file, at, table, &rows)) {
            take_apart(file, at, table, rows, layout);
            return true;
        }
    return false;
}

// Without a table between them: a bootloader, and apps behind it at places where app partitions begin.
static bool find_apps(const struct file *file, uint32_t base, struct file_layout *layout) {
    *layout = (struct file_layout){.kind = FILE_MERGED, .base = base};
    uint32_t first = APP_ALIGNMENT;
    for (uint32_t address = first; address - base < file->length; address += APP_ALIGNMENT) {
        struct app_image_summary summary;
        uint32_t at = address - base;
        if (!begins_image(file, at))
            continue;
        (void)app_image_describe_bytes(file->bytes + at, file->length - at, &summary);
        char name[sizeof layout->parts->name];
        (void)snprintf(name, sizeof name, "0x%x", (unsigned)address);
        if (summary.has_descriptor)
            add_part(file, layout, name, address, summary.length != 0 ? summary.length : file->length - at);
    }
    if (layout->part_count == 0)
        return false;
    add_part(file, layout, "bootloader", file->bootloader, layout->parts->address - file->bootloader);
    qsort(layout->parts, layout->part_count, sizeof *layout->parts, by_address);
    return true;
}

static bool begins_as_an_app(const struct file *file) {
    struct app_image_summary summary;
    (void)app_image_describe_bytes(file->bytes, file->length, &summary);
    return summary.has_descriptor;
}

static bool is_merged(const struct file *file, struct file_layout *out) {
    if (begins_image(file, 0) && begins_as_an_app(file))
        return false;
    if (find_table(file, out))
        return true;
    bool at_start = begins_image(file, 0), behind = begins_image(file, file->bootloader);
    return (at_start && find_apps(file, file->bootloader, out)) || (behind && find_apps(file, 0, out));
}

// ---- the whole ----------------------------------------------------------------------------------

// The chip that its first image is for says it, rather than the board that it is meant for.
static uint32_t bootloader_offset(const struct file *file, const struct chip_target *target) {
    const struct chip_target *made_for =
        begins_image(file, 0) ? chip_target_by_id(le16_get(file->bytes + CHIP_ID_AT)) : NULL;
    return made_for != NULL ? made_for->bootloader_offset : target->bootloader_offset;
}

void file_layout_read(const void *bytes, size_t length, const struct chip_target *target,
                      uint32_t table_offset, struct file_layout *out) {
    struct file file = {
        .bytes = bytes, .length = length > UINT32_MAX ? UINT32_MAX : (uint32_t)length, .table = table_offset};
    file.bootloader = bootloader_offset(&file, target);
    *out = (struct file_layout){.kind = FILE_OTHER};
    if (is_merged(&file, out))
        return;
    *out = (struct file_layout){.kind = FILE_OTHER};
    if (begins_image(&file, 0))
        out->kind = FILE_IMAGE;
    else if (file.length >= 2 && le16_get(file.bytes) == PARTITION_ROW_MAGIC)
        out->kind = FILE_TABLE;
    else if (begins_nvs(&file))
        out->kind = FILE_NVS;
    else
        out->other = known_by_its_start(&file);
}

void file_layout_free(struct file_layout *layout) {
    free(layout->parts);
    *layout = (struct file_layout){0};
}

const struct file_part *file_layout_part(const struct file_layout *layout, const char *name) {
    char address[sizeof layout->parts->name];
    for (size_t i = 0; i < layout->part_count; i++) {
        (void)snprintf(address, sizeof address, "0x%x", (unsigned)layout->parts[i].address);
        if (strcmp(layout->parts[i].name, name) == 0 || strcmp(address, name) == 0)
            return &layout->parts[i];
    }
    return NULL;
}

void file_layout_print(const struct file_layout *layout, struct buffer *out) {
    for (size_t i = 0; i < layout->part_count; i++) {
        const struct file_part *part = &layout->parts[i];
        bool named = strncmp(part->name, "0x", 2) != 0;
        buffer_printf(out, "%s%s", i == 0 ? "" : ", ", named ? part->name : "an app");
        if (part->version[0] != '\0')
            buffer_printf(out, " (%s)", part->version);
        buffer_printf(out, " at 0x%x", (unsigned)part->address);
    }
}
