// The ESP32 family members as boot and update code sees them: constants of the chip, not of a board.
// Source of every figure: the table FL 2 and FL 2.1 (flash-layout), EF-1 for the secure version's width.
#ifndef OTA_CHIP_TARGET_H
#define OTA_CHIP_TARGET_H

#include <stdbool.h>
#include <stdint.h>

struct address_range {
    uint32_t start; // first address
    uint32_t end;   // one past the last; start == end: empty
};

struct chip_target {
    const char *name;             // "esp32c3", as idf.py set-target spells it
    const char *title;            // "ESP32-C3"
    uint16_t chip_id;             // image header bytes 12-13
    uint32_t bootloader_offset;   // where ROM looks for the second stage
    uint8_t secure_version_bits;  // width of the eFuse field in hardware
    bool mmu_page_configurable;   // the page size comes from the app descriptor (IMG-26)
    uint32_t mmu_page_size;       // the fixed or default page
    bool flash_32bit;             // image regions of any size (FL-13), else at most 16 MiB
    struct address_range drom;    // mapped data
    struct address_range irom;    // mapped code
    struct address_range dram;    // copied data; empty: not modelled (IMG-27 is then not checked)
    struct address_range iram;    // copied code
    struct address_range rtc[3];  // RTC memories (FL-20)
    uint32_t default_entry;       // an entry address that tools accept
};

// Targets ended by a NULL name. esp32 first.
extern const struct chip_target chip_targets[];

// By name ("esp32c3", also "esp32-c3"); NULL: unknown.
const struct chip_target *chip_target_find(const char *name);

// By image header chip id; NULL: unknown.
const struct chip_target *chip_target_by_id(uint16_t chip_id);

#endif
