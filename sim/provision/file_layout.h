// What a bin file holds: an image, a partition table, an NVS partition; or several of these at their places, one
// behind the other, as esptool's merge-bin and read-flash write them ("merged").
#ifndef SIM_PROVISION_FILE_LAYOUT_H
#define SIM_PROVISION_FILE_LAYOUT_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "../../ota/chip_target.h"
#include "../base/buffer.h"

enum file_kind {
    FILE_IMAGE, // begins as an app or a bootloader does (IMG-1)
    FILE_TABLE, // a binary partition table (PT-1)
    FILE_NVS,   // a page of NVS (NV-2)
    FILE_MERGED,
    FILE_OTHER
};

struct file_part {
    char name[17]; // the partition's label, `bootloader`, `partition_table`; `0x10000` when no table names it
    uint32_t address; // in flash
    uint32_t length;  // bytes; of an app without the erased rest of its partition
    char version[68]; // of an app: its project and version; "" otherwise
};

struct file_layout {
    enum file_kind kind;
    const char *other;       // FILE_OTHER: what it is ("an ELF file"); NULL: not known. A literal.
    uint32_t base;           // FILE_MERGED: the flash address of its first byte
    struct file_part *parts; // FILE_MERGED: by address; owned
    size_t part_count;
};

// `target` and `table_offset`: where bootloader and table lie in flash, when the file itself does not tell. Nothing here
// judges checksums.
void file_layout_read(const void *bytes, size_t length, const struct chip_target *target,
                      uint32_t table_offset, struct file_layout *out);
void file_layout_free(struct file_layout *layout);

// The part of that name, or at that address (`0x10000`); NULL: none.
const struct file_part *file_layout_part(const struct file_layout *layout, const char *name);

// `bootloader at 0x1000, partition_table at 0x8000, ota_0 (demo 1.2.0) at 0x10000`.
void file_layout_print(const struct file_layout *layout, struct buffer *out);

#endif
