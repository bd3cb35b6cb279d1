#include <inttypes.h>
#include <stdlib.h>
#include <string.h>

#include "../../ota/include/esp_app_desc.h"
#include "../provision/app_image_builder.h"
#include "contents.h"

enum { TYPE_APP = 0x00, TYPE_BOOTLOADER = 0x02 };

const char *image_condition_name(enum image_condition condition) {
    static const char *const names[] = {
        [IMAGE_WHOLE] = "whole",
        [IMAGE_WITHOUT_HASH] = "whole, without hash",
        [IMAGE_WRONG_HASH] = "wrong hash",
        [IMAGE_WRONG_CHECKSUM] = "wrong checksum",
        [IMAGE_BROKEN] = "not a whole image",
        [IMAGE_ERASED] = "erased",
        [IMAGE_ERASED_START] = "begins erased, something follows",
        [IMAGE_NONE] = "no image",
    };
    return names[condition];
}

// ---- one image ----------------------------------------------------------------------------------

static bool is_erased(const struct flash *flash, uint32_t address, uint32_t length) {
    uint8_t piece[NOR_SECTOR_SIZE];
    for (uint32_t at = 0; at < length; at += sizeof piece) {
        uint32_t step = length - at < sizeof piece ? length - at : (uint32_t)sizeof piece;
        flash_read(flash, address + at, piece, step);
        for (uint32_t i = 0; i < step; i++)
            if (piece[i] != 0xFF)
                return false;
    }
    return true;
}

static enum image_condition condition_of(const struct flash *flash, const struct image_view *image,
                                         bool whole) {
    const struct app_image_summary *summary = &image->summary;
    uint8_t magic = 0xFF;
    if (image->region > 0)
        flash_read(flash, image->address, &magic, 1);
    if (whole)
        return summary->hash_appended ? IMAGE_WHOLE : IMAGE_WITHOUT_HASH;
    if (summary->is_image)
        return summary->checksum_ok ? IMAGE_WRONG_HASH : IMAGE_WRONG_CHECKSUM;
    if (magic == 0xE9)
        return IMAGE_BROKEN;
    if (summary->blank || image->region == 0)
        return is_erased(flash, image->address, image->region) ? IMAGE_ERASED : IMAGE_ERASED_START;
    return IMAGE_NONE;
}

static void read_hashes(const struct flash *flash, struct image_view *image) {
    if (image->summary.has_descriptor) {
        flash_read(flash,
                   image->address + APP_IMAGE_DESCRIPTOR_OFFSET +
                       (uint32_t)offsetof(esp_app_desc_t, app_elf_sha256),
                   image->elf_sha256, sizeof image->elf_sha256);
        image->has_elf_sha256 = true;
    }
    if (image->summary.is_image && image->summary.hash_appended) {
        flash_read(flash, image->address + image->summary.length - APP_IMAGE_HASH_SIZE, image->digest,
                   sizeof image->digest);
        image->has_digest = true;
    }
}

static void add_image(const struct dump *dump, const char *label, uint32_t address, uint32_t region,
                      struct image_list *out) {
    uint32_t room = address < dump->flash.size ? dump->flash.size - address : 0;
    struct image_view *image = &out->items[out->count++];
    *image = (struct image_view){.label = memory_text(label), .address = address, .region = region};
    if (image->region > room)
        image->region = room;
    if (room == 0)
        image->address = dump->flash.size;
    bool whole = app_image_describe(&dump->flash, image->address, image->region, &image->summary);
    image->condition = condition_of(&dump->flash, image, whole);
    if (image->condition <= IMAGE_BROKEN)
        image->target = chip_target_by_id(image->summary.chip_id);
    read_hashes(&dump->flash, image);
}

// ---- all of them --------------------------------------------------------------------------------

// What is wrong with an image beyond its own condition.
static void review_image(const struct dump *dump, const struct image_view *image,
                         struct problem_list *problems) {
    if (image->condition > IMAGE_BROKEN)
        return;
    if (image->target != dump->target)
        problem_add(problems, PROBLEM_ERROR, "other-chip", "%s: its image is for %s (chip id %u), not for %s",
                    image->label, image->target ? image->target->title : "an unknown chip",
                    image->summary.chip_id, dump->target->title);
    if (image->condition > IMAGE_WITHOUT_HASH)
        problem_add(problems, PROBLEM_WARNING, "damaged-image", "%s: its image is damaged (%s)", image->label,
                    image_condition_name(image->condition));
    else if (image->region > 0 && image->region - image->summary.length < image->region / 20)
        problem_add(problems, PROBLEM_NOTE, "nearly-full",
                    "%s: the image leaves %" PRIu32 " of %" PRIu32
                    " bytes free: little room for the next one",
                    image->label, image->region - image->summary.length, image->region);
}

void image_list_read(const struct dump *dump, const struct table_view *table, struct image_list *out,
                     struct problem_list *problems) {
    *out = (struct image_list){.items = memory_zeroed(table->count + 1, sizeof *out->items)};
    uint32_t bootloader = dump->target->bootloader_offset;
    if (table->offset > bootloader)
        add_image(dump, "bootloader", bootloader, table->offset - bootloader, out);
    for (uint32_t i = 0; i < table->count; i++) {
        const struct partition_row *row = &table->rows[i];
        bool again = row->type == TYPE_BOOTLOADER && row->offset == bootloader;
        if ((row->type == TYPE_APP || row->type == TYPE_BOOTLOADER) && !again)
            add_image(dump, row->label, row->offset, row->size, out);
    }
    for (size_t i = 0; i < out->count; i++)
        review_image(dump, &out->items[i], problems);
}

void image_list_free(struct image_list *images) {
    for (size_t i = 0; i < images->count; i++)
        free(images->items[i].label);
    free(images->items);
    *images = (struct image_list){0};
}
