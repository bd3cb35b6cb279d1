// Where a chip keeps the registers that host tools use, and what a plain chip has in its eFuse.
#ifndef SIM_SERIAL_REGISTER_MAP_H
#define SIM_SERIAL_REGISTER_MAP_H

#include <stdbool.h>
#include <stdint.h>

#include "chip_registers.h"

// Some bits of a word of eFuse, at an offset from its controller; width 0: there are none.
struct efuse_field {
    uint16_t offset;
    uint8_t first, width;
};

// The eFuse controller (CH-70, HW-41): read registers from `read` on, block by block; words to be burned from `program`
// on.
struct efuse_map {
    uint32_t base;
    uint16_t read, program, configuration, command; // offsets
    uint8_t words[2];                               // of block 0 and 1; all later ones have 8
    uint8_t blocks;
    bool burns_all_blocks;                 // ESP32: a window of its own for each block, all burned at once
    uint16_t mac;                          // offset of its low word; the high word follows
    bool mac_is_extended;                  // above it lie the two bytes that make it an EUI-64
    bool mac_has_crc;                      // (SP-25)
    struct efuse_field minor[2], major[2]; // lower bits, and those above them
    struct efuse_field block_minor[2], block_major[2]; // of the eFuse blocks' own revision (CH-30)
    uint32_t always; // bits that every chip of the kind has in the word at `always_at`
    uint16_t always_at;
};

struct register_map {
    uint16_t chip_id;      // of the target
    uint32_t chip_magic;   // what the ROM holds at CHIP_MAGIC_REGISTER (SP-23, CH-73)
    uint32_t uart_divider; // address; 0: hosts do not look at it
    uint32_t crystal_hz;   // what the divider tells of
    uint8_t security_info; // bytes of the answer; 0: the command is unknown (SP-24)
    // SPI controller (SP-60).
    uint32_t spi_command, spi_address, spi_user, spi_user1, spi_user2, spi_mosi_bits, spi_miso_bits, spi_data;
    bool spi_address_in_top_bits;
    // The watchdog that resets the chip when a host starts it (SP-26, CH-72).
    uint32_t watchdog_config, watchdog_unlock; // 0: none
    struct efuse_map efuse;
};

#define CHIP_MAGIC_REGISTER 0x40001000u

// NULL: not modelled.
const struct register_map *register_map_find(const struct chip_target *target);

// A word of eFuse as the chip left the factory; false: there is none at that address.
bool register_map_efuse(const struct register_map *map, const struct chip_identity *identity,
                        uint32_t address, uint32_t *value);

// Which word of the read registers this address is, from 0; false: none.
bool register_map_efuse_word(const struct register_map *map, uint32_t address, uint32_t *index);

// The index of a block's first word, and how many it has; false: there is no such block.
bool register_map_efuse_block(const struct register_map *map, uint32_t block, uint32_t *index,
                              uint32_t *words);

#endif
