#include "register_map.h"

#include <stddef.h>

// ---- eFuse words --------------------------------------------------------------------------------

static uint32_t mac_low(const struct chip_identity *identity) {
    const uint8_t *mac = identity->mac;
    return (uint32_t)mac[2] << 24 | (uint32_t)mac[3] << 16 | (uint32_t)mac[4] << 8 | mac[5];
}

static uint32_t mac_high(const struct chip_identity *identity) {
    return (uint32_t)identity->mac[0] << 8 | identity->mac[1];
}

#define ESP32_PACKAGE_D0WD (1u << 9)

// The major revision is spread over three registers (SP-25): 0, 1, 3 and 7 stand for v0 to v3.
static bool esp32_efuse(const struct chip_identity *identity, uint32_t address, uint32_t *value) {
    uint32_t major = identity->revision / 100, minor = identity->revision % 100;
    switch (address) {
    case 0x3FF5A004:
        *value = mac_low(identity);
        return true;
    case 0x3FF5A008:
        *value = mac_high(identity);
        return true;
    case 0x3FF5A00C:
        *value = ESP32_PACKAGE_D0WD | (major >= 1 ? 1u << 15 : 0);
        return true;
    case 0x3FF5A014:
        *value = (major >= 2 ? 1u << 20 : 0) | (minor & 3) << 24;
        return true;
    case 0x3FF6607C:
        *value = major >= 3 ? 1u << 31 : 0;
        return true;
    default:
        return false;
    }
}

// ESP32-C3 and later: block 1 begins at offset 0x44 of the eFuse controller.
static bool newer_efuse(uint32_t base, const struct chip_identity *identity, uint32_t address,
                        uint32_t *value) {
    uint32_t major = identity->revision / 100, minor = identity->revision % 100;
    switch (address - base) {
    case 0x44:
        *value = mac_low(identity);
        return true;
    case 0x48:
        *value = mac_high(identity);
        return true;
    case 0x50:
        *value = (minor & 7) << 18;
        return true;
    case 0x58:
        *value = (minor >> 3 & 1) << 23 | (major & 3) << 24;
        return true;
    default:
        return false;
    }
}

static bool esp32c3_efuse(const struct chip_identity *identity, uint32_t address, uint32_t *value) {
    return newer_efuse(0x60008800, identity, address, value);
}

static bool esp32s3_efuse(const struct chip_identity *identity, uint32_t address, uint32_t *value) {
    return newer_efuse(0x60007000, identity, address, value);
}

// ---- the chips ----------------------------------------------------------------------------------

#define SPI_OLD(base)                                                                                        \
    .spi_command = (base), .spi_address = (base) + 0x04, .spi_user = (base) + 0x1C,                          \
    .spi_user1 = (base) + 0x20, .spi_user2 = (base) + 0x24, .spi_mosi_bits = (base) + 0x28,                  \
    .spi_miso_bits = (base) + 0x2C, .spi_data = (base) + 0x80, .spi_address_in_top_bits = true

#define SPI_NEW(base)                                                                                        \
    .spi_command = (base), .spi_address = (base) + 0x04, .spi_user = (base) + 0x18,                          \
    .spi_user1 = (base) + 0x1C, .spi_user2 = (base) + 0x20, .spi_mosi_bits = (base) + 0x24,                  \
    .spi_miso_bits = (base) + 0x28, .spi_data = (base) + 0x58

static const struct register_map maps[] = {
    {.chip_id = 0,
     .chip_magic = 0x00F01D83,
     .uart_divider = 0x3FF40014,
     SPI_OLD(0x3FF42000),
     .efuse = esp32_efuse},
    {.chip_id = 5,
     .chip_magic = 0x1B31506F,
     SPI_NEW(0x60002000),
     .watchdog_config = 0x60008090,
     .watchdog_unlock = 0x600080A8,
     .efuse = esp32c3_efuse},
    {.chip_id = 9,
     .chip_magic = 0x00000009,
     SPI_NEW(0x60002000),
     .watchdog_config = 0x60008098,
     .watchdog_unlock = 0x600080B0,
     .efuse = esp32s3_efuse},
};

const struct register_map *register_map_find(const struct chip_target *target) {
    for (size_t i = 0; i < sizeof maps / sizeof maps[0]; i++)
        if (maps[i].chip_id == target->chip_id)
            return &maps[i];
    return NULL;
}
