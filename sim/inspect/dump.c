#include "dump.h"

#include <string.h>

#include "../../ota/bootloader.h"
#include "../../ota/partition_table.h"

#define DUMP_SIZE_MAX       NOR_SIZE_MAX
#define IMAGE_MAGIC         0xE9u
#define HEADER_SIZE         24u
#define FLASH_SIZE_NIBBLE   3u // header byte whose high half is the flash size code (IMG-4)
#define FLASH_SIZE_CODE_MAX 5u // 32 MiB: the largest chip of the simulator
#define CHIP_ID_AT          12u

static uint32_t power_of_two_at_least(uint32_t length) {
    uint32_t size = NOR_SIZE_MIN;
    while (size < length)
        size *= 2;
    return size;
}

static bool read_header(const struct flash *flash, uint32_t address, uint8_t header[HEADER_SIZE]) {
    if (address > flash->size - HEADER_SIZE)
        return false;
    flash_read(flash, address, header, HEADER_SIZE);
    return header[0] == IMAGE_MAGIC;
}

static const struct chip_target *chip_of(const uint8_t header[HEADER_SIZE]) {
    return chip_target_by_id((uint16_t)(header[CHIP_ID_AT] | header[CHIP_ID_AT + 1] << 8));
}

// ---- the partition table ------------------------------------------------------------------------

enum likeness { NO_TABLE, BEGINS_AS_TABLE, ENDS_AS_TABLE, DIGEST_RIGHT };

// How much the bytes at `offset` look like a partition table.
static enum likeness table_likeness(const struct flash *flash, uint32_t offset) {
    uint8_t table[PARTITION_TABLE_SIZE];
    if (offset > flash->size - sizeof table)
        return NO_TABLE;
    flash_read(flash, offset, table, sizeof table);
    struct partition_row row;
    partition_row_decode(table, &row);
    if (row.magic != PARTITION_ROW_MAGIC && row.magic != PARTITION_MD5_MAGIC)
        return NO_TABLE;
    enum likeness best = row.magic == PARTITION_ROW_MAGIC ? BEGINS_AS_TABLE : NO_TABLE;
    for (uint32_t i = 0; i < PARTITION_TABLE_ROWS_MAX; i++) {
        partition_row_decode(table + i * PARTITION_ROW_SIZE, &row);
        if (row.magic == PARTITION_MD5_MAGIC && partition_table_digest_matches(table, i))
            return DIGEST_RIGHT;
        if (row.magic == 0xFFFF && i > 0)
            return ENDS_AS_TABLE;
        if (row.magic != PARTITION_ROW_MAGIC && row.magic != PARTITION_MD5_MAGIC)
            return best;
    }
    return best;
}

// 0x8000 when something like a table lies there; else the likeliest place, the lowest of equals.
static void find_table(const struct dump_options *options, struct dump *dump) {
    const uint32_t usual = 0x8000; // FL-30
    dump->table_offset = options->table_offset_set ? options->table_offset : usual;
    enum likeness best = table_likeness(&dump->flash, dump->table_offset);
    if (!options->table_offset_set && best < ENDS_AS_TABLE)
        for (uint32_t at = 0; at < dump->length; at += NOR_SECTOR_SIZE) {
            enum likeness likeness = table_likeness(&dump->flash, at);
            if (likeness > best) {
                best = likeness;
                dump->table_offset = at;
            }
        }
    dump->table_found = best != NO_TABLE;
}

// ---- the chip -----------------------------------------------------------------------------------

// A chip whose bootloader lies where its ROM looks for it.
static const struct chip_target *target_of_bootloader(const struct flash *flash) {
    uint8_t header[HEADER_SIZE];
    for (const struct chip_target *target = chip_targets; target->name; target++)
        if (read_header(flash, target->bootloader_offset, header) && chip_of(header) == target)
            return target;
    return NULL;
}

static const struct chip_target *target_of_apps(const struct dump *dump) {
    uint8_t table[PARTITION_TABLE_SIZE], header[HEADER_SIZE];
    if (!dump->table_found || dump->table_offset > dump->flash.size - sizeof table)
        return NULL;
    flash_read(&dump->flash, dump->table_offset, table, sizeof table);
    for (uint32_t i = 0; i < PARTITION_TABLE_ROWS_MAX; i++) {
        struct partition_row row;
        partition_row_decode(table + i * PARTITION_ROW_SIZE, &row);
        if (row.magic == PARTITION_ROW_MAGIC && row.type == 0 &&
            read_header(&dump->flash, row.offset, header) && chip_of(header) != NULL)
            return chip_of(header);
    }
    return NULL;
}

static void find_target(const struct dump_options *options, struct dump *dump) {
    const struct chip_target *of_bootloader = target_of_bootloader(&dump->flash);
    const struct chip_target *of_apps = target_of_apps(dump);
    if (options->target) {
        dump->target = options->target;
        dump->target_source = DUMP_GIVEN;
    } else if (of_bootloader) {
        dump->target = of_bootloader;
        dump->target_source = DUMP_FROM_BOOTLOADER;
    } else {
        dump->target = of_apps ? of_apps : &chip_targets[0];
        dump->target_source = of_apps ? DUMP_FROM_APP : DUMP_ASSUMED;
    }
}

// The flash of that size, with what is beyond the dump erased.
static void grow(struct dump *dump, uint32_t size) {
    if (size <= dump->flash.size)
        return;
    struct flash larger;
    flash_init(&larger, size);
    for (uint32_t at = 0; at < dump->length; at += NOR_SECTOR_SIZE)
        flash_set(&larger, at, flash_sector(&dump->flash, at), NOR_SECTOR_SIZE);
    flash_free(&dump->flash);
    dump->flash = larger;
}

// Where the last partition of the table ends; 0: there is none, or it makes no sense.
static uint64_t end_of_table(const struct dump *dump) {
    uint8_t table[PARTITION_TABLE_SIZE];
    uint64_t end = 0;
    if (!dump->table_found)
        return 0;
    flash_read(&dump->flash, dump->table_offset, table, sizeof table);
    for (uint32_t i = 0; i < PARTITION_TABLE_ROWS_MAX; i++) {
        struct partition_row row;
        partition_row_decode(table + i * PARTITION_ROW_SIZE, &row);
        if (row.magic == PARTITION_ROW_MAGIC && (uint64_t)row.offset + row.size > end)
            end = (uint64_t)row.offset + row.size;
    }
    return end <= DUMP_SIZE_MAX ? end : 0;
}

// FL-5: the bootloader's own header decides, whatever the chip's size. Without one, a dump whose length no
// chip has was cut short, and the chip was large enough for its table.
static void find_flash_size(struct dump *dump) {
    uint8_t header[HEADER_SIZE];
    if (read_header(&dump->flash, dump->target->bootloader_offset, header) &&
        header[FLASH_SIZE_NIBBLE] >> 4 <= FLASH_SIZE_CODE_MAX) {
        dump->flash_size = NOR_SIZE_MIN << (header[FLASH_SIZE_NIBBLE] >> 4);
        dump->flash_size_known = true;
    } else {
        uint64_t end = end_of_table(dump);
        bool cut_short = dump->length != dump->flash.size;
        dump->flash_size =
            cut_short && end > dump->flash.size ? power_of_two_at_least((uint32_t)end) : dump->flash.size;
    }
    grow(dump, dump->flash_size);
}

static void make_device(struct dump *dump) {
    struct board_config config = dump_board_config(dump, release_profile_default(), DUMP_PLAIN);
    struct board *board = board_new(&config);
    struct flash *seen = board_flash(board);
    for (uint32_t at = 0; at < seen->size && at < dump->length; at += NOR_SECTOR_SIZE)
        flash_set(seen, at, flash_sector(&dump->flash, at), NOR_SECTOR_SIZE);
    uint32_t bits = dump->secure_version;
    board_efuse_set(board, PORT_EFUSE_SECURE_VERSION, bits >= 32 ? UINT32_MAX : (1u << bits) - 1);
    board_save(board, &dump->device);
    board_free(board);
}

// ---- the whole ----------------------------------------------------------------------------------

bool dump_read(const void *bytes, size_t length, const struct dump_options *options, struct dump *out,
               struct error *error) {
    if (length == 0)
        return error_set(error, "the dump is empty");
    if (length > DUMP_SIZE_MAX)
        return error_set(error, "the dump is larger than 32 MiB");
    *out = (struct dump){.length = (uint32_t)length, .secure_version = options->secure_version};
    flash_init(&out->flash, power_of_two_at_least(out->length));
    flash_set(&out->flash, 0, bytes, out->length);
    find_table(options, out);
    find_target(options, out);
    find_flash_size(out);
    make_device(out);
    return true;
}

void dump_free(struct dump *dump) {
    nv_state_free(&dump->device);
    flash_free(&dump->flash);
}

const char *dump_build_name(enum dump_build build) {
    static const char *const names[DUMP_BUILDS] = {
        [DUMP_PLAIN] = "no rollback", [DUMP_ROLLBACK] = "rollback", [DUMP_ANTI_ROLLBACK] = "anti-rollback"};
    return names[build];
}

struct board_config dump_board_config(const struct dump *dump, const struct release_profile *release,
                                      enum dump_build build) {
    struct board_config config = {.target = dump->target, .boot = bootloader_boot};
    (void)nor_chip_custom(dump->flash_size, &config.chip); // 1 to 32 MiB: cannot fail
    config.bootloader = firmware_build_default(release, dump->target);
    config.bootloader.partition_table_offset = dump->table_offset;
    config.bootloader.rollback = build != DUMP_PLAIN;
    config.bootloader.anti_rollback = build == DUMP_ANTI_ROLLBACK;
    config.app = config.bootloader;
    return config;
}
