#include "provisioned_board.h"

#include <string.h>

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

static bool fill(const struct scenario *scenario, struct board *board, struct error *error) {
    struct flash *flash = board_flash(board);
    uint32_t table = scenario->board.app.partition_table_offset;
    if (!place(flash, 0, &scenario->dump, "the dump", error) ||
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
    struct board *board = board_new(&config);
    if (fill(scenario, board, error))
        return board;
    board_free(board);
    return NULL;
}
