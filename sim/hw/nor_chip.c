#include "nor_chip.h"

#include <string.h>
#include <strings.h>

#define US 1000u
#define MS (1000u * US)

// Where a figure comes from. Typical ones: what a data sheet calls its maximum is an order of magnitude away.
#define DATASHEET(ns)    (ns)
#define VENDOR_MODEL(ns) (ns) // the maker's simulation model
#define SECONDARY(ns)    (ns) // second-hand
#define SIBLING(ns)      (ns) // of a sibling part
#define ESTIMATE(ns)     (ns)

// What nobody states for a part. First byte: W25Q32JV's vendor model has 30 us, S25FL008K's 50 us. Reads: four lines
// at 80 MHz carry 40 bytes a microsecond.
#define FIRST_BYTE     ESTIMATE(30 * US)
#define READ_RATE_QUAD 40u

const struct nor_chip nor_chips[] = {
    // Winbond's Verilog model of W25Q32JV.
    {.name = "W25Q32JV",
     .jedec_id = 0xEF4016,
     .size = 4u << 20,
     .first_byte_ns = VENDOR_MODEL(30 * US),
     .page_program_ns = VENDOR_MODEL(700 * US),
     .sector_erase_ns = VENDOR_MODEL(100 * MS),
     .block_erase_ns = VENDOR_MODEL(150 * MS),
     .read_bytes_per_us = READ_RATE_QUAD},
    // Second-hand; erases above 4 KiB estimated from W25Q32JV and W25Q128JV.
    {.name = "W25Q64JV",
     .jedec_id = 0xEF4017,
     .size = 8u << 20,
     .first_byte_ns = FIRST_BYTE,
     .page_program_ns = SECONDARY(800 * US),
     .sector_erase_ns = SECONDARY(45 * MS),
     .block_erase_ns = ESTIMATE(150 * MS),
     .read_bytes_per_us = READ_RATE_QUAD},
    // Second-hand.
    {.name = "W25Q128JV",
     .jedec_id = 0xEF4018,
     .size = 16u << 20,
     .first_byte_ns = FIRST_BYTE,
     .page_program_ns = SECONDARY(400 * US),
     .sector_erase_ns = SECONDARY(45 * MS),
     .block_erase_ns = SECONDARY(150 * MS),
     .read_bytes_per_us = READ_RATE_QUAD},
    // Id only; timing estimated as W25Q32JV.
    {.name = "GD25Q32",
     .jedec_id = 0xC84016,
     .size = 4u << 20,
     .first_byte_ns = FIRST_BYTE,
     .page_program_ns = ESTIMATE(700 * US),
     .sector_erase_ns = ESTIMATE(100 * MS),
     .block_erase_ns = ESTIMATE(150 * MS),
     .read_bytes_per_us = READ_RATE_QUAD},
    // Id only; timing estimated as W25Q64JV.
    {.name = "GD25Q64",
     .jedec_id = 0xC84017,
     .size = 8u << 20,
     .first_byte_ns = FIRST_BYTE,
     .page_program_ns = ESTIMATE(800 * US),
     .sector_erase_ns = ESTIMATE(45 * MS),
     .block_erase_ns = ESTIMATE(150 * MS),
     .read_bytes_per_us = READ_RATE_QUAD},
    // Id only; timing estimated as W25Q128JV.
    {.name = "GD25Q128",
     .jedec_id = 0xC84018,
     .size = 16u << 20,
     .first_byte_ns = FIRST_BYTE,
     .page_program_ns = ESTIMATE(400 * US),
     .sector_erase_ns = ESTIMATE(45 * MS),
     .block_erase_ns = ESTIMATE(150 * MS),
     .read_bytes_per_us = READ_RATE_QUAD},
    // XM25QH128A datasheet, typical figures.
    {.name = "XM25QH64C",
     .jedec_id = 0x204017,
     .size = 8u << 20,
     .first_byte_ns = FIRST_BYTE,
     .page_program_ns = SIBLING(500 * US),
     .sector_erase_ns = SIBLING(40 * MS),
     .block_erase_ns = SIBLING(300 * MS),
     .read_bytes_per_us = READ_RATE_QUAD},
    // Vendor model of IS25WP032D, the 1.8 V sibling.
    {.name = "IS25LP064",
     .jedec_id = 0x9D6017,
     .size = 8u << 20,
     .first_byte_ns = FIRST_BYTE,
     .page_program_ns = SIBLING(200 * US),
     .sector_erase_ns = SIBLING(70 * MS),
     .block_erase_ns = SIBLING(150 * MS),
     .read_bytes_per_us = READ_RATE_QUAD},
    // BY25Q32 datasheet, typical figures.
    {.name = "BY25Q32",
     .jedec_id = 0x684016,
     .size = 4u << 20,
     .first_byte_ns = FIRST_BYTE,
     .page_program_ns = DATASHEET(600 * US),
     .sector_erase_ns = DATASHEET(50 * MS),
     .block_erase_ns = DATASHEET(250 * MS),
     .read_bytes_per_us = READ_RATE_QUAD},
    // MT25Q 128 Mb datasheet; the id is the 3 V part's.
    {.name = "MT25Q128",
     .jedec_id = 0x20BA18,
     .size = 16u << 20,
     .first_byte_ns = FIRST_BYTE,
     .page_program_ns = DATASHEET(150 * US),
     .sector_erase_ns = DATASHEET(80 * MS),
     .block_erase_ns = DATASHEET(150 * MS),
     .read_bytes_per_us = READ_RATE_QUAD},
    // Puya's Verilog model (all erases equally fast).
    {.name = "P25Q32H",
     .jedec_id = 0x856016,
     .size = 4u << 20,
     .first_byte_ns = FIRST_BYTE,
     .page_program_ns = VENDOR_MODEL(2 * MS),
     .sector_erase_ns = VENDOR_MODEL(6 * MS),
     .block_erase_ns = VENDOR_MODEL(6 * MS),
     .read_bytes_per_us = READ_RATE_QUAD},
    {.name = NULL},
};

const struct nor_chip *nor_chip_find(const char *name) {
    for (const struct nor_chip *chip = nor_chips; chip->name != NULL; chip++)
        if (strcasecmp(chip->name, name) == 0)
            return chip;
    return NULL;
}

bool nor_chip_custom(uint32_t size, struct nor_chip *out) {
    bool power_of_two = size != 0 && (size & (size - 1)) == 0;
    if (!power_of_two || size < NOR_SIZE_MIN || size > NOR_SIZE_MAX)
        return false;
    *out = *nor_chip_find("W25Q64JV");
    out->name = "custom";
    out->size = size;
    uint32_t capacity = 0x14; // FL-7: 0x14 is 1 MiB
    while (NOR_SIZE_MIN << (capacity - 0x14) < size)
        capacity++;
    out->jedec_id = 0xEF4000u | capacity;
    return true;
}

uint64_t nor_chip_program_ns(const struct nor_chip *chip, uint32_t length) {
    uint64_t first = chip->first_byte_ns, page = chip->page_program_ns;
    uint64_t rest = page > first ? page - first : 0;
    return first + rest * (length - 1) / (NOR_PAGE_SIZE - 1);
}
