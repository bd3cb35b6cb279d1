// The registers that host tools look at while they are connected: eFuse words, what tells one chip from
// another, and the SPI controller, through which they talk to the flash chip (SP-23 to SP-26, SP-60 to
// SP-62).
#ifndef SIM_SERIAL_CHIP_REGISTERS_H
#define SIM_SERIAL_CHIP_REGISTERS_H

#include <stdbool.h>
#include <stdint.h>

#include "../../ota/chip_target.h"

// What this one chip is. All borrowed or by value; does not change while the chip lives.
struct chip_identity {
    const struct chip_target *target;
    uint8_t mac[6];          // as printed: aa:bb:cc:dd:ee:ff
    uint32_t revision;       // major * 100 + minor
    uint32_t block_revision; // of its eFuse blocks, the same way
    uint32_t jedec_id;       // of the flash chip: manufacturer << 16 | type << 8 | capacity
};

// Registers that were written and read back as they were written. More than this many different ones are not
// kept.
#define CHIP_REGISTERS_WRITTEN_MAX 128u

#define CHIP_EFUSE_WORDS 96u // more than any chip has

struct chip_registers {
    const struct chip_identity *identity;
    const struct register_map *map;
    uint32_t written_count;
    struct {
        uint32_t address, value;
    } written[CHIP_REGISTERS_WRITTEN_MAX];
    uint32_t flash_status; // the flash chip's three status registers, first one lowest
    bool flash_write_enabled;
    bool watchdog_armed;
    uint32_t burned[CHIP_EFUSE_WORDS]; // by hosts, beside what the factory burned; a reset leaves it
};

// True when the serial port of this chip is modelled.
bool chip_registers_known(const struct chip_target *target);

// As after a reset; `registers` is zeros at first. `identity` is borrowed and must be known.
void chip_registers_reset(struct chip_registers *registers, const struct chip_identity *identity);

uint32_t chip_registers_read(const struct chip_registers *registers, uint32_t address);

// Bits outside `mask` keep their value. True: the write started the watchdog that resets the chip (SP-83).
bool chip_registers_write(struct chip_registers *registers, uint32_t address, uint32_t value, uint32_t mask);

#endif
