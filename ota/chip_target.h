// The ESP32 family members as boot and update code sees them: constants of the chip, not of a board.
// Source of every figure: the tables FL 2 and FL 2.1 (flash-layout) and FL-20, EF-1 for the secure version's
// width; the RAM ranges of S2, S3 and C3 that FL 2.1 leaves to it from esptool's memory map
// (targets/esp32*.py); the bootloader's own memory as the image vectors were recorded with (ESP32).
#ifndef OTA_CHIP_TARGET_H
#define OTA_CHIP_TARGET_H

#include <stdbool.h>
#include <stdint.h>

struct address_range {
    uint32_t start; // first address
    uint32_t end;   // one past the last; start == end: empty
};

struct chip_target {
    const char *name;            // "esp32c3", as idf.py set-target spells it
    const char *title;           // "ESP32-C3"
    uint16_t chip_id;            // image header bytes 12-13
    uint32_t bootloader_offset;  // where ROM looks for the second stage
    uint8_t secure_version_bits; // width of the eFuse field in hardware
    bool lacks_rtc_memory;       // no RTC fast memory: nothing is retained (BL-60)
    bool mmu_page_configurable;  // the page size comes from the app descriptor (IMG-26)
    uint32_t mmu_page_size;      // the fixed or default page
    uint32_t mapped_pages;       // drom and irom end this many pages after their start; 0: where they say
    bool flash_32bit;            // image regions of any size (FL-13), else at most 16 MiB
    struct address_range drom;   // mapped data
    struct address_range irom;   // mapped code
    struct address_range dram;   // copied data; empty: not modelled (IMG-27 is then not checked)
    struct address_range iram;   // copied code
    struct address_range rtc[3]; // RTC memories (FL-20)
    struct address_range
        shared_dram; // the end of DRAM that is also instruction RAM, in reverse order of words; empty: none
    struct address_range shared_iram; // its addresses there
    struct address_range
        loader_stack; // what the bootloader itself occupies while it loads (IMG-27); empty: not modelled
    struct address_range loader_data;
    struct address_range loader_code;
    uint32_t default_entry; // an entry address that tools accept
};

// Targets ended by a NULL name. esp32 first.
extern const struct chip_target chip_targets[];

// By name ("esp32c3", also "esp32-c3"); NULL: unknown.
const struct chip_target *chip_target_find(const char *name);

// By image header chip id; NULL: unknown.
const struct chip_target *chip_target_by_id(uint16_t chip_id);

#endif
