#include "provisioned_board.h"

#include <string.h>

#include "../provision/bootloader_image.h"
#include "execution.h"

static bool place(struct flash *flash, uint32_t address, const struct buffer *bytes, const char *what,
                  struct error *error) {
    if (address > flash->size || bytes->length > flash->size - address)
        return error_set(error, "%s: %zu bytes at 0x%x do not fit into a flash of %u bytes", what,
                         bytes->length, address, flash->size);
    if (bytes->length > 0)
        flash_set(flash, address, bytes->bytes, (uint32_t)bytes->length);
    return true;
}

// The bootloader, where it lies in flash.
static bool place_bootloader(const struct scenario *scenario, struct board *board, struct error *error) {
    const struct board_config *config = board_config(board);
    uint32_t at = config->target->bootloader_offset, table = config->bootloader.partition_table_offset;
    struct buffer image = {0};
    if (scenario->bootloader_flash_size == 0)
        return true;
    bool fine = bootloader_image_build(config->target, &config->bootloader, scenario->bootloader_flash_size,
                                       &image, error);
    if (fine && (table <= at || table - at < image.length))
        fine = error_set(error, "the bootloader has %zu bytes at 0x%x, where the partition table is",
                         image.length, at);
    fine = fine && place(board_flash(board), at, &image, "the bootloader", error);
    buffer_free(&image);
    return fine;
}

static bool fill(const struct scenario *scenario, struct board *board, struct error *error) {
    struct flash *flash = board_flash(board);
    uint32_t table = scenario->board.app.partition_table_offset;
    if (!place(flash, 0, &scenario->dump, "the dump", error) || !place_bootloader(scenario, board, error) ||
        !place(flash, table, &scenario->partition_table, "the partition table", error) ||
        !place(flash, scenario->board.target->bootloader_offset, &scenario->bootloader, "the bootloader",
               error))
        return false;
    for (size_t i = 0; i < scenario->fill_count; i++)
        if (!place(flash, scenario->fills[i].address, &scenario->fills[i].bytes, "initial contents", error))
            return false;
    for (int field = 0; field < PORT_EFUSE_FIELDS; field++)
        if (scenario->efuse_set[field])
            board_efuse_set(board, (enum port_efuse)field, scenario->efuse[field]);
    return true;
}

static bool images_known(const struct scenario *scenario, const struct chip_target *target,
                         struct error *error) {
    for (size_t i = 0; i < scenario->image_count; i++) {
        const struct scenario_image *image = &scenario->images[i];
        if (image->release_set && !chip_target_known_to(target, image->build.profile))
            return error_set(error, "ESP-IDF %s, of the image `%s`, does not know the %s yet",
                             image->build.profile->name, image->name, target->title);
    }
    return true;
}

struct board *scenario_board_new(const struct scenario *scenario, const struct release_profile *release,
                                 struct error *error) {
    struct board_config config = scenario->board;
    if (release) {
        firmware_build_set_release(&config.app, release);
        if (!scenario->bootloader_release_set)
            firmware_build_set_release(&config.bootloader, release);
    }
    const struct chip_target *target = config.target;
    if (!chip_target_known_to(target, config.app.profile) ||
        !chip_target_known_to(target, config.bootloader.profile)) {
        (void)error_set(error, "ESP-IDF %s does not know the %s yet", config.app.profile->name,
                        target->title);
        return NULL;
    }
    if (!images_known(scenario, target, error))
        return NULL;
    struct board *board = board_new(&config);
    if (fill(scenario, board, error))
        return board;
    board_free(board);
    return NULL;
}
