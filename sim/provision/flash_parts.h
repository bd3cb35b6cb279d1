// A whole flash image from its parts: the factory's merge (HT-52).
#ifndef SIM_PROVISION_FLASH_PARTS_H
#define SIM_PROVISION_FLASH_PARTS_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "../../ota/chip_target.h"
#include "../base/buffer.h"
#include "../base/error.h"

struct flash_part {
    const char *name; // of the partition
    const char *path; // of the file with its contents
};

struct flash_parts { // everything borrowed
    uint32_t size;   // of the flash: a power of two from 1 to 32 MiB
    const struct chip_target *target;
    uint32_t table_offset;
    const char *table;      // path, CSV or binary
    bool no_verify;         // take a table that the generator would refuse
    const char *bootloader; // path; NULL: none
    const char *boot;       // name of the OTA slot that otadata selects; NULL: otadata stays as it is
    const struct flash_part *parts;
    size_t part_count;
    const char *(*environment)(const char *name); // as in partition_csv_options
};

// Appends the image, `size` bytes. Files must fit where they go; what goes into app partitions must begin as
// an image for the target.
bool flash_parts_assemble(const struct flash_parts *parts, struct buffer *out, struct error *error);

#endif
