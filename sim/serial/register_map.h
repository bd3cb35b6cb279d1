// Where a chip keeps the registers that host tools use, and what a plain chip has in its eFuse.
#ifndef SIM_SERIAL_REGISTER_MAP_H
#define SIM_SERIAL_REGISTER_MAP_H

#include <stdbool.h>
#include <stdint.h>

#include "chip_registers.h"

struct register_map {
    uint16_t chip_id;      // of the target
    uint32_t chip_magic;   // what the ROM holds at CHIP_MAGIC_REGISTER (SP-23)
    uint32_t uart_divider; // address; 0: hosts do not look at it
    // SPI controller (SP-60).
    uint32_t spi_command, spi_address, spi_user, spi_user1, spi_user2, spi_mosi_bits, spi_miso_bits, spi_data;
    bool spi_address_in_top_bits;
    // The watchdog that resets the chip when a host starts it (SP-26).
    uint32_t watchdog_config, watchdog_unlock; // 0: none
    // Value of an eFuse register; false: there is none at that address.
    bool (*efuse)(const struct chip_identity *identity, uint32_t address, uint32_t *value);
};

#define CHIP_MAGIC_REGISTER 0x40001000u

// NULL: not modelled.
const struct register_map *register_map_find(const struct chip_target *target);

#endif
