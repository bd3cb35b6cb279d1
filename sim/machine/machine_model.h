// What distinguishes the chips, as a table. A new chip of a known family is a row here and a list of its ROM functions.
#ifndef SIM_MACHINE_MACHINE_MODEL_H
#define SIM_MACHINE_MACHINE_MODEL_H

#include <stddef.h>

#include "../../ota/port.h"
#include "machine.h"
#include "machine_core.h"

// RAM: one run of bytes, seen at one or two places.
struct machine_ram {
    uint32_t address, length; // multiples of 4096
    uint32_t second_view;     // 0: none
};

// Addresses where what is stored is given back, 32 bits at a time, but for registers that have to answer.
struct machine_area {
    uint32_t start, end; // multiples of 4096
};

// Where flash appears in the address space. A window begins at a page's boundary, or within its first page.
struct machine_window {
    uint32_t start, end;
    uint32_t first_entry; // of the MMU's table
};

enum mmu_access {
    MMU_TABLE,  // one register an entry (HW-20, HW-111)
    MMU_INDEXED // an index register and a content register (HW-100)
};

struct machine_mmu {
    enum mmu_access access;
    uint32_t entries;
    uint32_t table;              // MMU_TABLE: entry 0
    uint32_t index, content;     // MMU_INDEXED
    uint32_t valid;              // bits that are set in a valid entry
    uint32_t invalid;            // bits that are set in an invalid one
    uint32_t page_mask;          // the flash page in an entry
    uint32_t page_size_register; // bits 4-3 choose the page's size; 0: pages are 64 KiB
    uint8_t page_log2[4];        // by those bits
};

enum register_kind {
    REGISTER_FIXED,        // bits that read 1 or 0 whatever was stored
    REGISTER_FOLLOWS,      // bit `b` reads as bit `a`
    REGISTER_RANDOM,       // never constant (HW-34)
    REGISTER_RESET_REASON, // HW-31
    REGISTER_PINS,         // levels of the pins
    REGISTER_REVISION,     // the bits `ones` are set from major chip revision `a` on, beside what was stored
    REGISTER_RESET,        // storing one of the bits `ones` resets the chip (HW-35)
    REGISTER_UART          // a character out
};

struct machine_register {
    uint32_t address;
    enum register_kind kind;
    uint32_t ones, zeros; // REGISTER_FIXED, REGISTER_RESET
    uint8_t a, b;         // REGISTER_FOLLOWS, REGISTER_REVISION
};

#define EFUSE_UNARY UINT32_MAX // the field has as many ones as the value says

// A field of the eFuse as the read registers show it: up to two pieces, low bits first.
struct machine_efuse_field {
    enum port_efuse field;
    unsigned divisor; // the value is field / divisor % modulus: revisions are major * 100 + minor
    unsigned modulus; // 0: none; or EFUSE_UNARY
    struct efuse_piece {
        uint16_t offset; // of the read register, from the controller's base
        uint8_t bit, width;
    } pieces[2];
};

// Where its registers lie, from its base, and what a burn of the secure version takes (HW-41).
struct machine_efuse_layout {
    uint16_t read, read_end; // block 0; the others follow
    uint16_t configuration, command;
    struct {
        uint16_t start, end;
    } data[2];             // bits to be burned
    int16_t data_distance; // from the read register of the secure version to its word of them
    bool names_block;      // the command says which block is burned; else it is all of them
};

struct machine_efuse {
    uint32_t base;
    const struct machine_efuse_layout *layout;
    size_t field_count;
    const struct machine_efuse_field *fields;
};

// Registers of the SPI flash controller, from its base (HW-50 to HW-52, HW-112).
struct machine_spi_layout {
    uint16_t command, address, user_command, in_length, status;
    uint16_t data; // W0 to W15
};

// The ROM's functions: one every 4 bytes from `first`, or a list with addresses, ascending.
struct machine_rom {
    uint32_t start, end;
    uint32_t data_start, data_end; // of its constants; 0: nothing is known of them
    const size_t *count;
    uint32_t first;
    const char *const *names; // NULL in it: not published. NULL itself: the list
    const struct rom_name *list;
    // this word holds the address of the ROM's description of the flash chip (HW-90)
    uint32_t flash_chip_pointer;
    uint32_t flash_chip; // which is put here
    // its last bytes are seen here, too, on the data bus (HW-10); 0: they are not
    uint32_t data_view, data_view_length;
    const char *banner; // the beginning of what it says of itself
};

struct machine_model {
    const char *target;
    const struct machine_core *core;
    uint32_t stack; // at the bootloader's entry
    uint32_t mhz;   // of the processor while it boots
    size_t ram_count;
    const struct machine_ram *ram;
    uint32_t retained; // where the board's retained memory lies (BL-63); 0: nowhere
    size_t window_count;
    const struct machine_window *windows;
    struct machine_mmu mmu;
    size_t area_count; // of addresses that are no plain RAM: peripherals, RTC memory
    const struct machine_area *areas;
    size_t register_count;
    const struct machine_register *registers; // that answer; all others give back what was stored
    size_t own_register_count;
    const struct machine_register *own_registers; // likewise, which sister chips do not share
    uint32_t mirror, mirror_of,
        mirror_length; // addresses from `mirror` are those from `mirror_of`; length 0: none
    uint32_t sha;      // the accelerator of the ESP32 (HW-113); 0: no program that runs here uses one
    const struct machine_spi_layout *spi;
    uint32_t flash_controller; // SPI1
    uint32_t cache_controller; // SPI0, which reads for the windows
    uint32_t sha_c3;           // the SHA accelerator of the C3 and its sisters (HW-60); 0: none
    struct machine_efuse efuse;
    struct machine_rom rom;
};

// Of all chips but the ESP32.
extern const struct machine_spi_layout machine_spi;
extern const struct machine_efuse_layout machine_efuse_layout;

extern const struct machine_model *const machine_models[]; // ended by NULL

const struct machine_model *machine_model_of(const struct chip_target *target); // NULL: none

#endif
