#include "nor_chip.h"

#include <string.h>
#include <strings.h>

#define US 1000u
#define MS (1000u * US)

#define DATASHEET(typical, maximum)                                                                          \
    { (typical), (maximum), NOR_DATASHEET }
#define VENDOR_MODEL(typical, maximum)                                                                       \
    { (typical), (maximum), NOR_VENDOR_MODEL }
#define SECONDARY(typical, maximum)                                                                          \
    { (typical), (maximum), NOR_SECONDARY }
#define SIBLING(typical, maximum)                                                                            \
    { (typical), (maximum), NOR_SIBLING }
#define ESTIMATE(typical)                                                                                    \
    { (typical), 0, NOR_ESTIMATE }

// What nobody states for a part. First byte: W25Q32JV's vendor model has 30 us, S25FL008K's 50 us. Endurance:
// 100,000 cycles is what SPI NOR makers commonly guarantee; only W25Q128JV's figure was seen. Reads: four
// lines at 80 MHz carry 40 bytes a microsecond.
#define FIRST_BYTE     ESTIMATE(30 * US)
#define ENDURANCE      ESTIMATE(100000)
#define READ_RATE_QUAD 40u

const struct nor_chip nor_chips[] = {
    {.name = "W25Q32JV",
     .jedec_id = 0xEF4016,
     .size = 4u << 20,
     .first_byte_ns = VENDOR_MODEL(30 * US, 0),
     .page_program_ns = VENDOR_MODEL(700 * US, 0),
     .sector_erase_ns = VENDOR_MODEL(100 * MS, 0),
     .block32_erase_ns = VENDOR_MODEL(120 * MS, 0),
     .block_erase_ns = VENDOR_MODEL(150 * MS, 0),
     .chip_erase_ns = VENDOR_MODEL(10000ull * MS, 0),
     .read_bytes_per_us = READ_RATE_QUAD,
     .endurance = ENDURANCE,
     .source = "Winbond's Verilog model of W25Q32JV"},
    {.name = "W25Q64JV",
     .jedec_id = 0xEF4017,
     .size = 8u << 20,
     .first_byte_ns = FIRST_BYTE,
     .page_program_ns = SECONDARY(800 * US, 3 * MS),
     .sector_erase_ns = SECONDARY(45 * MS, 400 * MS),
     .block32_erase_ns = ESTIMATE(120 * MS),
     .block_erase_ns = ESTIMATE(150 * MS),
     .chip_erase_ns = ESTIMATE(20000ull * MS),
     .read_bytes_per_us = READ_RATE_QUAD,
     .endurance = ENDURANCE,
     .source = "second-hand; erases above 4 KiB estimated from W25Q32JV and W25Q128JV"},
    {.name = "W25Q128JV",
     .jedec_id = 0xEF4018,
     .size = 16u << 20,
     .first_byte_ns = FIRST_BYTE,
     .page_program_ns = SECONDARY(400 * US, 3 * MS),
     .sector_erase_ns = SECONDARY(45 * MS, 400 * MS),
     .block32_erase_ns = ESTIMATE(120 * MS),
     .block_erase_ns = SECONDARY(150 * MS, 2000 * MS),
     .chip_erase_ns = SECONDARY(40000ull * MS, 200000ull * MS),
     .read_bytes_per_us = READ_RATE_QUAD,
     .endurance = SECONDARY(100000, 0),
     .source = "second-hand; 100,000 cycles"},
    {.name = "GD25Q32",
     .jedec_id = 0xC84016,
     .size = 4u << 20,
     .first_byte_ns = FIRST_BYTE,
     .page_program_ns = ESTIMATE(700 * US),
     .sector_erase_ns = ESTIMATE(100 * MS),
     .block32_erase_ns = ESTIMATE(120 * MS),
     .block_erase_ns = ESTIMATE(150 * MS),
     .chip_erase_ns = ESTIMATE(10000ull * MS),
     .read_bytes_per_us = READ_RATE_QUAD,
     .endurance = ENDURANCE,
     .source = "id only; timing estimated as W25Q32JV"},
    {.name = "GD25Q64",
     .jedec_id = 0xC84017,
     .size = 8u << 20,
     .first_byte_ns = FIRST_BYTE,
     .page_program_ns = ESTIMATE(800 * US),
     .sector_erase_ns = ESTIMATE(45 * MS),
     .block32_erase_ns = ESTIMATE(120 * MS),
     .block_erase_ns = ESTIMATE(150 * MS),
     .chip_erase_ns = ESTIMATE(20000ull * MS),
     .read_bytes_per_us = READ_RATE_QUAD,
     .endurance = ENDURANCE,
     .source = "id only; timing estimated as W25Q64JV"},
    {.name = "GD25Q128",
     .jedec_id = 0xC84018,
     .size = 16u << 20,
     .first_byte_ns = FIRST_BYTE,
     .page_program_ns = ESTIMATE(400 * US),
     .sector_erase_ns = ESTIMATE(45 * MS),
     .block32_erase_ns = ESTIMATE(120 * MS),
     .block_erase_ns = ESTIMATE(150 * MS),
     .chip_erase_ns = ESTIMATE(40000ull * MS),
     .read_bytes_per_us = READ_RATE_QUAD,
     .endurance = ENDURANCE,
     .source = "id only; timing estimated as W25Q128JV"},
    {.name = "XM25QH64C",
     .jedec_id = 0x204017,
     .size = 8u << 20,
     .first_byte_ns = FIRST_BYTE,
     .page_program_ns = SIBLING(500 * US, 0),
     .sector_erase_ns = SIBLING(40 * MS, 0),
     .block32_erase_ns = SIBLING(200 * MS, 0),
     .block_erase_ns = SIBLING(300 * MS, 0),
     .chip_erase_ns = SIBLING(60000ull * MS, 0),
     .read_bytes_per_us = READ_RATE_QUAD,
     .endurance = ENDURANCE,
     .source = "XM25QH128A datasheet, typical figures"},
    {.name = "IS25LP064",
     .jedec_id = 0x9D6017,
     .size = 8u << 20,
     .first_byte_ns = FIRST_BYTE,
     .page_program_ns = SIBLING(200 * US, 0),
     .sector_erase_ns = SIBLING(70 * MS, 0),
     .block32_erase_ns = SIBLING(100 * MS, 0),
     .block_erase_ns = SIBLING(150 * MS, 0),
     .chip_erase_ns = SIBLING(9600ull * MS, 0),
     .read_bytes_per_us = READ_RATE_QUAD,
     .endurance = ENDURANCE,
     .source = "vendor model of IS25WP032D, the 1.8 V sibling"},
    {.name = "BY25Q32",
     .jedec_id = 0x684016,
     .size = 4u << 20,
     .first_byte_ns = FIRST_BYTE,
     .page_program_ns = DATASHEET(600 * US, 0),
     .sector_erase_ns = DATASHEET(50 * MS, 0),
     .block32_erase_ns = DATASHEET(150 * MS, 0),
     .block_erase_ns = DATASHEET(250 * MS, 0),
     .chip_erase_ns = DATASHEET(15000ull * MS, 0),
     .read_bytes_per_us = READ_RATE_QUAD,
     .endurance = ENDURANCE,
     .source = "BY25Q32 datasheet, typical figures"},
    {.name = "MT25Q128",
     .jedec_id = 0x20BA18,
     .size = 16u << 20,
     .first_byte_ns = FIRST_BYTE,
     .page_program_ns = DATASHEET(150 * US, 1800 * US),
     .sector_erase_ns = DATASHEET(80 * MS, 400 * MS),
     .block32_erase_ns = DATASHEET(130 * MS, 1000 * MS),
     .block_erase_ns = DATASHEET(150 * MS, 1000 * MS),
     .chip_erase_ns = DATASHEET(30000ull * MS, 90000ull * MS),
     .read_bytes_per_us = READ_RATE_QUAD,
     .endurance = ENDURANCE,
     .source = "MT25Q 128 Mb datasheet; the id is the 3 V part's"},
    {.name = "P25Q32H",
     .jedec_id = 0x856016,
     .size = 4u << 20,
     .first_byte_ns = FIRST_BYTE,
     .page_program_ns = VENDOR_MODEL(2 * MS, 0),
     .sector_erase_ns = VENDOR_MODEL(6 * MS, 0),
     .block32_erase_ns = VENDOR_MODEL(6 * MS, 0),
     .block_erase_ns = VENDOR_MODEL(6 * MS, 0),
     .chip_erase_ns = VENDOR_MODEL(6 * MS, 0),
     .read_bytes_per_us = READ_RATE_QUAD,
     .endurance = ENDURANCE,
     .source = "Puya's Verilog model (all erases equally fast)"},
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
    out->source = "custom: W25Q64JV's figures";
    return true;
}

uint64_t nor_chip_program_ns(const struct nor_chip *chip, uint32_t length) {
    uint64_t first = chip->first_byte_ns.typical, page = chip->page_program_ns.typical;
    uint64_t rest = page > first ? page - first : 0;
    return first + rest * (length - 1) / (NOR_PAGE_SIZE - 1);
}

const char *nor_source_name(enum nor_source source) {
    static const char *const names[] = {[NOR_DATASHEET] = "datasheet",
                                        [NOR_VENDOR_MODEL] = "vendor's simulation model",
                                        [NOR_SECONDARY] = "second-hand",
                                        [NOR_SIBLING] = "sibling part",
                                        [NOR_ESTIMATE] = "estimate"};
    return names[source];
}
