#include "provisioned_board.h"

#include <stdlib.h>
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
                                       0, &image, error);
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

// ---- bootloaders that ROM may meet --------------------------------------------------------------

// An image's own build; what it does not say it shares with the board's, under the same release.
static struct firmware_build build_of(const struct scenario_image *image, const struct board_config *config) {
    struct firmware_build build = image->build;
    if (!image->build_set)
        return config->bootloader;
    if (!image->release_set)
        firmware_build_set_release(&build, config->bootloader.profile);
    return build;
}

// The list is to be freed.
static struct known_bootloader *list_bootloaders(const struct scenario *scenario,
                                                 const struct board_config *config, uint32_t *count) {
    struct known_bootloader *list = memory_zeroed(scenario->image_count + 1, sizeof *list);
    struct buffer own = {0};
    *count = 0;
    if (bootloader_image_build(config->target, &config->bootloader, scenario->bootloader_flash_size, 0, &own,
                               NULL) &&
        bootloader_image_known(own.bytes, own.length, &config->bootloader, &list[*count]))
        (*count)++;
    for (size_t i = 0; i < scenario->image_count; i++) {
        const struct scenario_image *image = &scenario->images[i];
        struct firmware_build build = build_of(image, config);
        if (image->is_bootloader &&
            bootloader_image_known(image->bytes.bytes, image->bytes.length, &build, &list[*count]))
            (*count)++;
    }
    buffer_free(&own);
    return list;
}

static struct board *new_board(const struct scenario *scenario, struct board_config *config) {
    if (scenario->bootloader_flash_size == 0)
        return board_new(config);
    struct known_bootloader *list = list_bootloaders(scenario, config, &config->bootloader_count);
    config->bootloaders = list;
    struct board *board = board_new(config);
    free(list);
    return board;
}

struct board *scenario_board_new(const struct scenario *scenario, const struct release_profile *release,
                                 struct error *error) {
    return scenario_board_new_filled(scenario, release, scenario->board.guest_fill, error);
}

struct board *scenario_board_new_filled(const struct scenario *scenario,
                                        const struct release_profile *release, uint8_t guest_fill,
                                        struct error *error) {
    struct board_config config = scenario->board;
    config.guest_fill = guest_fill;
    if (scenario->real_network.driver != NULL)
        config.network = scenario->real_network;
    else if (scenario->has_server)
        config.network = (struct board_network){&scripted_network_driver, &scenario->network};
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
    struct board *board = new_board(scenario, &config);
    if (fill(scenario, board, error))
        return board;
    board_free(board);
    return NULL;
}
