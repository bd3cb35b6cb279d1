// Real NOR flash chips: size and timing, each figure with its source.
#ifndef SIM_HW_NOR_CHIP_H
#define SIM_HW_NOR_CHIP_H

#include <stdbool.h>
#include <stdint.h>

#define NOR_PAGE_SIZE   256u   // a program never crosses one (FL-3)
#define NOR_SECTOR_SIZE 4096u  // smallest erase (FL-1)
#define NOR_BLOCK_SIZE  65536u // large erase (FL-1)
#define NOR_SIZE_MIN    (1u << 20)
#define NOR_SIZE_MAX    (32u << 20)

// Times are typical ones, in nanoseconds; the table says where each comes from.
struct nor_chip {
    const char *name;
    uint32_t jedec_id;          // manufacturer << 16 | type << 8 | capacity, as RDID sends it: 0xEF4016
    uint32_t size;              // bytes
    uint64_t first_byte_ns;     // program of one byte
    uint64_t page_program_ns;   // program of a whole page (256 bytes)
    uint64_t sector_erase_ns;   // 4 KiB
    uint64_t block_erase_ns;    // 64 KiB
    uint32_t read_bytes_per_us; // on a quad bus at 80 MHz: 40
};

// Known chips, ended by a NULL name.
extern const struct nor_chip nor_chips[];

// By name, letter case ignored; NULL: unknown.
const struct nor_chip *nor_chip_find(const char *name);

// A chip of the caller's own: W25Q64JV's figures, `size` bytes. Size must be a power of two from 1 to 32 MiB
// (NULL otherwise).
bool nor_chip_custom(uint32_t size, struct nor_chip *out);

// How long programming `length` bytes (1 to 256) takes: first byte, then the rest in proportion up to the
// page time.
uint64_t nor_chip_program_ns(const struct nor_chip *chip, uint32_t length);

#endif
