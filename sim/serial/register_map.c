#include "register_map.h"

#include <stddef.h>

#define LATER_BLOCK_WORDS 8u

// ---- the chips (SP-25, SP-60, CH-70 to CH-73) ---------------------------------------------------

#define SPI_OLD(base)                                                                                        \
    .spi_command = (base), .spi_address = (base) + 0x04, .spi_user = (base) + 0x1C,                          \
    .spi_user1 = (base) + 0x20, .spi_user2 = (base) + 0x24, .spi_mosi_bits = (base) + 0x28,                  \
    .spi_miso_bits = (base) + 0x2C, .spi_data = (base) + 0x80, .spi_address_in_top_bits = true

#define SPI_NEW(base)                                                                                        \
    .spi_command = (base), .spi_address = (base) + 0x04, .spi_user = (base) + 0x18,                          \
    .spi_user1 = (base) + 0x1C, .spi_user2 = (base) + 0x20, .spi_mosi_bits = (base) + 0x24,                  \
    .spi_miso_bits = (base) + 0x28, .spi_data = (base) + 0x58

// Where most chips have what concerns eFuse; C5, H4 and S31 have one more register before the command.
#define EFUSE(the_base, the_command, ...)                                                                    \
    .efuse = {.base = (the_base),                                                                            \
              .read = 0x2C,                                                                                  \
              .configuration = 0x1CC,                                                                        \
              .command = (the_command),                                                                      \
              .words = {6, 6},                                                                               \
              .blocks = 11,                                                                                  \
              .mac = 0x44,                                                                                   \
              __VA_ARGS__}
#define COMMAND       0x1D4
#define COMMAND_LATER 0x1D8

#define WATCHDOG(config, unlock) .watchdog_config = (config), .watchdog_unlock = (unlock)
#define ESP32_PACKAGE_D0WD       (1u << 9)

static const struct register_map maps[] = {
    {.chip_id = 0x0000, // esp32
     .chip_magic = 0x00F01D83,
     .uart_divider = 0x3FF40014,
     .crystal_hz = 40000000,
     SPI_OLD(0x3FF42000),
     .efuse = {.base = 0x3FF5A000,
               .read = 0x00,
               .program = 0x1C,
               .configuration = 0xFC,
               .command = 0x104,
               .words = {7, 8},
               .blocks = 4,
               .burns_all_blocks = true,
               .mac = 0x04,
               .mac_has_crc = true,
               .always = ESP32_PACKAGE_D0WD,
               .always_at = 0x0C}},
    {.chip_id = 0x0002, // esp32s2
     .chip_magic = 0x000007C6,
     .security_info = 12,
     SPI_NEW(0x3F402000),
     WATCHDOG(0x3F408094, 0x3F4080AC),
     EFUSE(0x3F41A000, COMMAND, .minor = {{0x54, 4, 3}, {0x50, 20, 1}}, .major = {{0x50, 18, 2}},
           .block_minor = {{0x6C, 4, 3}}, .block_major = {{0x50, 25, 2}})},
    {.chip_id = 0x0005, // esp32c3
     .chip_magic = 0x1B31506F,
     .security_info = 20,
     SPI_NEW(0x60002000),
     WATCHDOG(0x60008090, 0x600080A8),
     EFUSE(0x60008800, COMMAND, .minor = {{0x50, 18, 3}, {0x58, 23, 1}}, .major = {{0x58, 24, 2}},
           .block_minor = {{0x50, 24, 3}}, .block_major = {{0x6C, 0, 2}})},
    {.chip_id = 0x0009, // esp32s3
     .chip_magic = 0x00000009,
     .security_info = 20,
     SPI_NEW(0x60002000),
     WATCHDOG(0x60008098, 0x600080B0),
     EFUSE(0x60007000, COMMAND, .minor = {{0x50, 18, 3}, {0x58, 23, 1}}, .major = {{0x58, 24, 2}},
           .block_minor = {{0x50, 24, 3}}, .block_major = {{0x6C, 0, 2}})},
    {.chip_id = 0x000C, // esp32c2
     .chip_magic = 0x7C41A06F,
     .uart_divider = 0x60000014,
     .crystal_hz = 40000000,
     .security_info = 20,
     SPI_NEW(0x60002000),
     WATCHDOG(0x60008084, 0x6000809C),
     .efuse = {.base = 0x60008800,
               .read = 0x2C,
               .configuration = 0x8C,
               .command = 0x94,
               .words = {2, 3},
               .blocks = 4,
               .mac = 0x40,
               .minor = {{0x44, 16, 4}},
               .major = {{0x44, 20, 2}},
               .block_minor = {{0x44, 25, 3}},
               .block_major = {{0x44, 28, 2}}}},
    {.chip_id = 0x000D, // esp32c6
     .chip_magic = 0x2CE0806F,
     .security_info = 20,
     SPI_NEW(0x60003000),
     WATCHDOG(0x600B1C00, 0x600B1C18),
     EFUSE(0x600B0800, COMMAND, .minor = {{0x50, 18, 4}}, .major = {{0x50, 22, 2}},
           .block_minor = {{0x50, 27, 3}}, .block_major = {{0x50, 30, 2}}, .mac_is_extended = true)},
    {.chip_id = 0x0010, // esp32h2
     .chip_magic = 0xD7B73E80,
     .security_info = 20,
     SPI_NEW(0x60003000),
     WATCHDOG(0x600B1C00, 0x600B1C1C),
     EFUSE(0x600B0800, COMMAND, .minor = {{0x50, 18, 3}}, .major = {{0x50, 21, 2}},
           .block_minor = {{0x6C, 2, 3}}, .block_major = {{0x6C, 5, 2}}, .mac_is_extended = true)},
    {.chip_id = 0x0019, // esp32h21
     .security_info = 20,
     SPI_NEW(0x60003000),
     WATCHDOG(0x600B1C00, 0x600B1C1C),
     EFUSE(0x600B4000, COMMAND, .minor = {{0x58, 4, 4}}, .major = {{0x58, 8, 2}},
           .block_minor = {{0x50, 18, 3}}, .block_major = {{0x50, 21, 2}}, .mac_is_extended = true)},
    {.chip_id = 0x0012, // esp32p4
     .security_info = 20,
     SPI_NEW(0x5008D000),
     WATCHDOG(0x50116000, 0x50116018),
     EFUSE(0x5012D000, COMMAND, .minor = {{0x4C, 0, 4}}, .major = {{0x4C, 4, 2}, {0x4C, 23, 1}},
           .block_minor = {{0x4C, 8, 3}}, .block_major = {{0x4C, 11, 2}})},
    {.chip_id = 0x0017, // esp32c5
     .chip_magic = 0x1101406F,
     .uart_divider = 0x60000014,
     .crystal_hz = 48000000,
     .security_info = 20,
     SPI_NEW(0x60003000),
     WATCHDOG(0x600B1C00, 0x600B1C18),
     EFUSE(0x600B4800, COMMAND_LATER, .minor = {{0x4C, 0, 4}}, .major = {{0x4C, 4, 2}},
           .block_minor = {{0x4C, 8, 3}}, .block_major = {{0x4C, 11, 2}}, .mac_is_extended = true)},
    {.chip_id = 0x0014, // esp32c61
     .chip_magic = 0x2421606F,
     .security_info = 20,
     SPI_NEW(0x60003000),
     WATCHDOG(0x600B1C00, 0x600B1C18),
     EFUSE(0x600B4800, COMMAND, .minor = {{0x4C, 0, 4}}, .major = {{0x4C, 4, 2}},
           .block_minor = {{0x4C, 8, 3}}, .block_major = {{0x4C, 11, 2}})},
    {.chip_id = 0x001C, // esp32h4
     .security_info = 20,
     SPI_NEW(0x60099000),
     WATCHDOG(0x60090048, 0x60090064),
     EFUSE(0x600B1800, COMMAND_LATER, .minor = {{0x50, 18, 4}}, .major = {{0x50, 22, 2}},
           .block_minor = {{0x50, 26, 3}}, .block_major = {{0x50, 29, 2}}, .mac_is_extended = true)},
    {.chip_id = 0x0020, // esp32s31
     .security_info = 20,
     SPI_NEW(0x20501000),
     WATCHDOG(0x20801000, 0x20801018),
     .efuse = {.base = 0x20715000,
               .read = 0x2C,
               .configuration = 0x1CC,
               .command = 0x1D8,
               .words = {9, 6},
               .blocks = 10,
               .mac = 0x50,
               .minor = {{0x5C, 18, 4}},
               .major = {{0x5C, 22, 2}},
               .block_minor = {{0x5C, 26, 3}},
               .block_major = {{0x5C, 29, 2}}}},
};

const struct register_map *register_map_find(const struct chip_target *target) {
    for (size_t i = 0; i < sizeof maps / sizeof maps[0]; i++)
        if (maps[i].chip_id == target->chip_id)
            return &maps[i];
    return NULL;
}

// ---- blocks -------------------------------------------------------------------------------------

bool register_map_efuse_block(const struct register_map *map, uint32_t block, uint32_t *index,
                              uint32_t *words) {
    const struct efuse_map *efuse = &map->efuse;
    if (block >= efuse->blocks)
        return false;
    *words = block < 2 ? efuse->words[block] : LATER_BLOCK_WORDS;
    *index = block == 0 ? 0 : efuse->words[0];
    if (block > 1)
        *index += efuse->words[1] + (block - 2) * LATER_BLOCK_WORDS;
    return true;
}

// The ESP32 has the words to be burned of block 0 between those to be read of blocks 0 and 1.
static uint32_t gap_of(const struct efuse_map *efuse) {
    return efuse->burns_all_blocks ? efuse->words[0] * 4u : 0;
}

bool register_map_efuse_word(const struct register_map *map, uint32_t address, uint32_t *index) {
    const struct efuse_map *efuse = &map->efuse;
    uint32_t first, words, offset = address - efuse->base - efuse->read;
    if (address < efuse->base + efuse->read || offset % 4 != 0)
        return false;
    if (offset >= efuse->words[0] * 4u) {
        if (offset < efuse->words[0] * 4u + gap_of(efuse))
            return false;
        offset -= gap_of(efuse);
    }
    *index = offset / 4;
    return register_map_efuse_block(map, efuse->blocks - 1u, &first, &words) && *index < first + words;
}

// ---- what is burned in the factory --------------------------------------------------------------

#define CRC8_POLYNOMIAL 0x8Cu // esp_crc8 of ROM: reflected, initial value 0

static uint32_t crc8(const uint8_t *bytes, size_t length) {
    uint32_t crc = 0;
    for (size_t i = 0; i < length; i++) {
        crc ^= bytes[i];
        for (int bit = 0; bit < 8; bit++)
            crc = crc >> 1 ^ ((crc & 1) != 0 ? CRC8_POLYNOMIAL : 0);
    }
    return crc;
}

static uint32_t mac_bits(const struct efuse_map *efuse, const struct chip_identity *identity,
                         uint32_t offset) {
    const uint8_t *mac = identity->mac;
    if (offset == efuse->mac)
        return (uint32_t)mac[2] << 24 | (uint32_t)mac[3] << 16 | (uint32_t)mac[4] << 8 | mac[5];
    if (offset != efuse->mac + 4u)
        return 0;
    uint32_t above = efuse->mac_is_extended ? 0xFFFEu : efuse->mac_has_crc ? crc8(mac, 6) : 0;
    return above << 16 | (uint32_t)mac[0] << 8 | mac[1];
}

// Those bits of `value` that lie in the word at `offset`.
static uint32_t field_bits(const struct efuse_field fields[2], uint32_t value, uint32_t offset) {
    uint32_t word = 0;
    for (int i = 0; i < 2; i++) {
        if (fields[i].width == 0)
            continue;
        if (fields[i].offset == offset)
            word |= (value & ((1u << fields[i].width) - 1)) << fields[i].first;
        value >>= fields[i].width;
    }
    return word;
}

// The ESP32's major revision is spread over three registers, one outside of eFuse (SP-25): 0, 1, 3 and 7 stand for v0 to
// v3.
#define ESP32_APB_DATE 0x3FF6607Cu

static uint32_t esp32_revision(const struct chip_identity *identity, uint32_t offset) {
    uint32_t major = identity->revision / 100, minor = identity->revision % 100;
    if (offset == 0x0C)
        return major >= 1 ? 1u << 15 : 0;
    return offset == 0x14 ? (major >= 2 ? 1u << 20 : 0) | (minor & 3) << 24 : 0;
}

bool register_map_efuse(const struct register_map *map, const struct chip_identity *identity,
                        uint32_t address, uint32_t *value) {
    const struct efuse_map *efuse = &map->efuse;
    bool is_esp32 = efuse->burns_all_blocks;
    uint32_t index, offset = address - efuse->base;
    if (is_esp32 && address == ESP32_APB_DATE) {
        *value = identity->revision >= 300 ? 1u << 31 : 0;
        return true;
    }
    if (!register_map_efuse_word(map, address, &index))
        return false;
    *value = mac_bits(efuse, identity, offset) | field_bits(efuse->minor, identity->revision % 100, offset) |
             field_bits(efuse->major, identity->revision / 100, offset) |
             field_bits(efuse->block_minor, identity->block_revision % 100, offset) |
             field_bits(efuse->block_major, identity->block_revision / 100, offset);
    if (is_esp32)
        *value |= esp32_revision(identity, offset);
    if (efuse->always != 0 && offset == efuse->always_at)
        *value |= efuse->always;
    return true;
}
