#include "chip_registers.h"

#include <stddef.h>
#include <string.h>

#include "register_map.h"

#define BAUD_AFTER_RESET 115200u
#define WATCHDOG_ENABLE  (1u << 31)
#define SPI_USER_START   (1u << 18) // of the command register: run what the user registers describe
#define EFUSE_PROGRAM    2u         // of the eFuse controller's: burn the block in bits 5 to 2 (HW-41)
#define EFUSE_PROGRAM_ON 0x5A5Au    // what its configuration has to hold for that

bool chip_registers_known(const struct chip_target *target) {
    return register_map_find(target) != NULL;
}

void chip_registers_reset(struct chip_registers *registers, const struct chip_identity *identity) {
    uint32_t burned[CHIP_EFUSE_WORDS];
    memcpy(burned, registers->burned, sizeof burned);
    *registers = (struct chip_registers){.identity = identity, .map = register_map_find(identity->target)};
    memcpy(registers->burned, burned, sizeof burned);
}

// ---- registers that keep what is written --------------------------------------------------------

static uint32_t written(const struct chip_registers *registers, uint32_t address) {
    for (uint32_t i = 0; i < registers->written_count; i++)
        if (registers->written[i].address == address)
            return registers->written[i].value;
    return 0;
}

static void keep(struct chip_registers *registers, uint32_t address, uint32_t value) {
    uint32_t i = 0;
    while (i < registers->written_count && registers->written[i].address != address)
        i++;
    if (i == CHIP_REGISTERS_WRITTEN_MAX)
        return;
    registers->written[i].address = address;
    registers->written[i].value = value;
    if (i == registers->written_count)
        registers->written_count++;
}

// ---- the flash chip behind the SPI controller ---------------------------------------------------

enum flash_command {
    FLASH_WRITE_STATUS_1 = 0x01,
    FLASH_WRITE_DISABLE = 0x04,
    FLASH_READ_STATUS_1 = 0x05,
    FLASH_WRITE_ENABLE = 0x06,
    FLASH_WRITE_STATUS_3 = 0x11,
    FLASH_READ_STATUS_3 = 0x15,
    FLASH_WRITE_STATUS_2 = 0x31,
    FLASH_READ_STATUS_2 = 0x35,
    FLASH_READ_SFDP = 0x5A,
    FLASH_READ_ID = 0x9F
};

#define STATUS_WRITE_ENABLE_LATCH 2u

// As the bytes leave the chip, the first one lowest.
static uint32_t id_word(uint32_t jedec_id) {
    return (jedec_id >> 16 & 0xFF) | (jedec_id & 0xFF00) | (jedec_id & 0xFF) << 16;
}

// Just enough of the parameter table for a host to see that there is one and who made the chip (SP-62).
static uint32_t sfdp_word(uint32_t jedec_id, uint32_t address) {
    if (address == 0)
        return 0x50444653; // "SFDP"
    if (address == 0x10)
        return jedec_id >> 16 & 0xFF;
    return UINT32_MAX;
}

static void write_status(struct chip_registers *registers, unsigned first, uint32_t bits) {
    if (!registers->flash_write_enabled)
        return;
    registers->flash_write_enabled = false;
    uint32_t mask = (bits > 8 ? 0xFFFFu : 0xFFu) << (8 * first) & 0xFFFFFF & ~STATUS_WRITE_ENABLE_LATCH;
    uint32_t value = written(registers, registers->map->spi_data) << (8 * first);
    registers->flash_status = (registers->flash_status & ~mask) | (value & mask);
}

static uint32_t read_status(const struct chip_registers *registers, unsigned which) {
    uint32_t latch = registers->flash_write_enabled ? STATUS_WRITE_ENABLE_LATCH : 0;
    return (registers->flash_status | latch) >> (8 * which) & 0xFF;
}

// The command in the user registers; its answer, one word. Commands that change cells are left to the loader.
static uint32_t flash_command(struct chip_registers *registers) {
    const struct register_map *map = registers->map;
    uint32_t address = written(registers, map->spi_address);
    uint32_t bits = (written(registers, map->spi_mosi_bits) & 0x3FF) + 1;
    switch (written(registers, map->spi_user2) & 0xFF) {
    case FLASH_READ_ID:
        return id_word(registers->identity->jedec_id);
    case FLASH_READ_SFDP:
        return sfdp_word(registers->identity->jedec_id,
                         map->spi_address_in_top_bits ? address >> 8 : address & 0xFFFFFF);
    case FLASH_READ_STATUS_1:
        return read_status(registers, 0);
    case FLASH_READ_STATUS_2:
        return read_status(registers, 1);
    case FLASH_READ_STATUS_3:
        return read_status(registers, 2);
    case FLASH_WRITE_STATUS_1:
        write_status(registers, 0, bits);
        return 0;
    case FLASH_WRITE_STATUS_2:
        write_status(registers, 1, 8);
        return 0;
    case FLASH_WRITE_STATUS_3:
        write_status(registers, 2, 8);
        return 0;
    case FLASH_WRITE_ENABLE:
        registers->flash_write_enabled = true;
        return 0;
    case FLASH_WRITE_DISABLE:
        registers->flash_write_enabled = false;
        return 0;
    default:
        return 0;
    }
}

static uint32_t cut_to_bits(uint32_t word, uint32_t bits) {
    return bits >= 32 ? word : word & ((1u << bits) - 1);
}

// Starting the controller takes no time here: the command register reads 0 again at once.
static void run_spi(struct chip_registers *registers) {
    uint32_t answer = flash_command(registers);
    uint32_t bits = (written(registers, registers->map->spi_miso_bits) & 0x3FF) + 1;
    keep(registers, registers->map->spi_data, cut_to_bits(answer, bits));
    keep(registers, registers->map->spi_command, 0);
}

// ---- eFuse --------------------------------------------------------------------------------------

// Bits only go to 1. What lies at `from` is burned into a block.
static void burn_block(struct chip_registers *registers, uint32_t block, uint32_t from) {
    uint32_t index, words;
    if (!register_map_efuse_block(registers->map, block, &index, &words))
        return;
    for (uint32_t i = 0; i < words; i++)
        registers->burned[index + i] |= written(registers, from + 4 * i);
}

// The ESP32's windows for blocks 1 to 3 lie behind those that are read.
static uint32_t esp32_window(uint32_t block) {
    return block == 0 ? 0x1Cu : 0x98u + (block - 1) * 0x20u;
}

// A command takes no time: its bits read 0 again at once.
static void run_efuse(struct chip_registers *registers, uint32_t command) {
    const struct efuse_map *efuse = &registers->map->efuse;
    keep(registers, efuse->base + efuse->command, 0);
    if ((command & EFUSE_PROGRAM) == 0 ||
        (written(registers, efuse->base + efuse->configuration) & 0xFFFF) != EFUSE_PROGRAM_ON)
        return;
    if (!efuse->burns_all_blocks)
        burn_block(registers, command >> 2 & 0xF, efuse->base + efuse->program);
    for (uint32_t block = 0; efuse->burns_all_blocks && block < efuse->blocks; block++)
        burn_block(registers, block, efuse->base + esp32_window(block));
}

// ---- reading and writing ------------------------------------------------------------------------

uint32_t chip_registers_read(const struct chip_registers *registers, uint32_t address) {
    const struct register_map *map = registers->map;
    uint32_t value;
    if (address == CHIP_MAGIC_REGISTER)
        return map->chip_magic;
    if (register_map_efuse(map, registers->identity, address, &value)) {
        uint32_t index;
        bool burnable = register_map_efuse_word(map, address, &index);
        return burnable ? value | registers->burned[index] : value;
    }
    if (address == map->uart_divider && map->uart_divider != 0)
        return map->crystal_hz / BAUD_AFTER_RESET;
    return written(registers, address);
}

// The watchdog bites when a host has set it going and locks its registers again, the last of its writes.
static bool watchdog_starts(struct chip_registers *registers, uint32_t address, uint32_t value) {
    const struct register_map *map = registers->map;
    if (map->watchdog_config == 0)
        return false;
    if (address == map->watchdog_config)
        registers->watchdog_armed = (value & WATCHDOG_ENABLE) != 0;
    return address == map->watchdog_unlock && value == 0 && registers->watchdog_armed;
}

bool chip_registers_write(struct chip_registers *registers, uint32_t address, uint32_t value, uint32_t mask) {
    value = (written(registers, address) & ~mask) | (value & mask);
    keep(registers, address, value);
    if (address == registers->map->spi_command && (value & SPI_USER_START) != 0)
        run_spi(registers);
    if (address == registers->map->efuse.base + registers->map->efuse.command)
        run_efuse(registers, value);
    return watchdog_starts(registers, address, value);
}
