// The ESP32 family members as boot and update code sees them: constants of the chip, not of a board.
//
// One row a chip. Source of the figures, named at each field: the chip rules CH- (read in ESP-IDF's and
// esptool's sources, measured on genuine bootloaders where HW- says so), FL (flash layout) and EF (eFuse).
#ifndef OTA_CHIP_TARGET_H
#define OTA_CHIP_TARGET_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

struct loader_memory;
struct release_profile;

struct address_range {
    uint32_t start; // first address
    uint32_t end;   // one past the last; start == end: empty
};

#define CHIP_RTC_RANGES 4u
#define CHIP_ROM_RANGES 2u
#define CHIP_FIRST_TAGS 3u

struct chip_target {
    const char *name;           // "esp32c3", as idf.py set-target spells it
    const char *title;          // "ESP32-C3"
    uint16_t chip_id;           // image header bytes 12-13 (CH-1)
    uint32_t since;             // the release that builds for it first, previews included (CH-1)
    uint32_t bootloader_offset; // where ROM looks for the second stage (CH-1)
    uint16_t revision;          // of a board that says nothing: one that every release's builds run on
    uint16_t minimum_revision;  // in the header of a default build (CH-1)
    uint8_t flash_frequency;    // low nibble of header byte 3 of a default build (CH-1, CH-2)

    uint8_t secure_version_bits;       // width of the eFuse field in hardware (EF-1)
    uint8_t early_secure_version_bits; // as releases before v5.5 took it; 0: the same (CH-34)
    bool lacks_rtc_memory;             // no RTC fast memory: nothing is retained (CH-66)
    bool xtensa;                       // division by zero is an exception; on RISC-V x % 0 is x (HW-125)
    bool one_bus; // data and code share the flash window: an app has exactly two mapped segments (CH-24)
    bool has_recovery_bootloader;             // ROM falls back to a second bootloader (CH-43)
    uint32_t recovery_since[CHIP_FIRST_TAGS]; // the releases that support it (CH-43)

    // The MMU and what it maps (CH-20, FL 2.1).
    uint32_t page_configurable_since; // the page size is the build's choice; 0: it is 64 KiB
    uint32_t page_sizes;              // bit n: the MMU can map pages of 1 << n bytes
    uint32_t mmu_pages;               // flash pages that it reaches
    uint32_t bootloader_map_pages;    // that the bootloader maps at once (CH-26)
    bool mapped_follows_page;         // drom and irom are 256 pages of the build
    struct address_range drom;        // mapped data
    struct address_range irom;        // mapped code
    // where the bus ends for a segment that begins in irom; 0: there (HW-111, HW-120)
    uint32_t irom_window_end;
    uint32_t early_drom_end;                     // of drom before the releases below; 0: there is no such
    uint32_t drom_whole_since[CHIP_FIRST_TAGS];  // (CH-25)
    struct address_range external;               // external RAM, mapped as well (CH-25)
    uint32_t external_since;                     // ... by the releases from here on
    uint32_t flash_32bit_since[CHIP_FIRST_TAGS]; // image regions over 16 MiB; all zero: never (CH-54)

    // What is copied (CH-8).
    struct address_range dram, iram;
    struct address_range rtc[CHIP_RTC_RANGES]; // RTC memories and others that are accepted unseen
    struct address_range alias;                // the part of dram that is also instruction RAM; empty: none
    uint32_t alias_iram;                       // address of its start there; reversed: of its end
    bool alias_reversed;                       // word order (ESP32, CH-7)

    // the bootloader's own memory by release (CH-10), ended by a since of 0
    const struct loader_memory *loader;
    // ROM's variables: may be overwritten, and crash (HW-81, HW-121)
    struct address_range rom_data[CHIP_ROM_RANGES];
    uint32_t default_entry; // an entry address that tools accept
};

// Targets ended by a NULL name. esp32 first.
extern const struct chip_target chip_targets[];

// By name ("esp32c3", also "esp32-c3"); NULL: unknown.
const struct chip_target *chip_target_find(const char *name);

// By image header chip id; NULL: unknown.
const struct chip_target *chip_target_by_id(uint16_t chip_id);

// Does the release know the chip? (CH-1)
bool chip_target_known_to(const struct chip_target *target, const struct release_profile *profile);

// Width of the secure version's field as the release sees it (EF-1, CH-34).
uint8_t chip_target_secure_version_bits(const struct chip_target *target,
                                        const struct release_profile *profile);

// Are image regions over 16 MiB possible? (CH-54)
bool chip_target_has_large_regions(const struct chip_target *target, const struct release_profile *profile);

// The mapped data as a build of this release takes it, and external RAM (CH-25).
struct address_range chip_target_drom(const struct chip_target *target,
                                      const struct release_profile *profile);
struct address_range chip_target_external(const struct chip_target *target,
                                          const struct release_profile *profile);

// May ROM and release have a recovery bootloader on this chip? (CH-43)
bool chip_target_has_recovery(const struct chip_target *target, const struct release_profile *profile);

// Can a build of this release choose its MMU page size? (CH-20)
bool chip_target_page_configurable(const struct chip_target *target, const struct release_profile *profile);

// The page size that a build for a flash of `flash_size` bytes has by itself (CH-20, CH-21).
uint32_t chip_target_default_page(const struct chip_target *target, const struct release_profile *profile,
                                  uint32_t flash_size);

#endif
