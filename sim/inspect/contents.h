// What lies in a dump: otadata, decoded and judged, and the images.
#ifndef SIM_INSPECT_CONTENTS_H
#define SIM_INSPECT_CONTENTS_H

#include <stdbool.h>
#include <stdint.h>

#include "../../ota/otadata.h"
#include "../provision/app_image_reader.h"
#include "table_review.h"

// ---- otadata ------------------------------------------------------------------------------------

struct otadata_verdict {
    struct otadata_entry entry;
    bool crc_right;
    bool good;      // the bootloader counts it (OD-11)
    bool active;    // and it is the one in force, without rollback's changes
    bool leftovers; // bytes behind the 32 of the entry are not FF
    int slot;       // that it selects; -1: none
    char *why;      // one line: why it is valid or not, and what that leads to; owned
};

struct otadata_contents {
    bool present; // there is such a partition and it lies in the dump
    uint32_t address;
    struct otadata_verdict entries[2];
};

void otadata_contents_read(const struct dump *dump, const struct table_view *table,
                           struct otadata_contents *out);

// The same for the OTADATA_SIZE bytes of a partition by itself, on a device with that many OTA slots.
void otadata_contents_of_bytes(const uint8_t *bytes, uint32_t slots, struct otadata_contents *out);
void otadata_contents_free(struct otadata_contents *contents);

// ---- images -------------------------------------------------------------------------------------

enum image_condition {
    IMAGE_WHOLE,        // checksum and hash are right
    IMAGE_WITHOUT_HASH, // the checksum is right, no hash is appended
    IMAGE_WRONG_HASH,   // checksum right, hash wrong
    IMAGE_WRONG_CHECKSUM,
    IMAGE_BROKEN,       // begins as an image; its segments make no sense or do not end in the partition
    IMAGE_ERASED,       // the region is FF from the first byte to the last
    IMAGE_ERASED_START, // begins with FF, something follows
    IMAGE_NONE          // something else
};
const char *image_condition_name(enum image_condition condition); // "whole"

struct image_view {
    char *label; // of the partition, or "bootloader"; owned
    uint32_t address, region;
    enum image_condition condition;
    struct app_image_summary summary;
    const struct chip_target *target; // that it is made for; NULL: not known
    bool has_elf_sha256;
    uint8_t elf_sha256[32];
    bool has_digest; // the appended SHA-256, whether right or not
    uint8_t digest[32];
};

struct image_list {
    struct image_view *items;
    size_t count;
};

// The bootloader where the chip's ROM looks for it, and every partition of type app or bootloader.
void image_list_read(const struct dump *dump, const struct table_view *table, struct image_list *out,
                     struct problem_list *problems);
void image_list_free(struct image_list *images);

#endif
