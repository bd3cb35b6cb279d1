#include "chip_target.h"

#include <string.h>

#include "loader_memory.h"
#include "release_profile.h"

#define KIB         1024u
#define MIB         (1024u * KIB)
#define NAME_LENGTH 16
#define FIXED_PAGE  (64 * KIB)

#define PAGE_8K         (1u << 13)
#define PAGE_16K_TO_64K (1u << 14 | 1u << 15 | 1u << 16)
#define PAGE_128K       (1u << 17)
#define PAGE_256K       (1u << 18)

// ROM's variables: what was found by probing on C3 (HW-121) and C6; on the others the whole area above the
// bootloader's stack counts, which is stricter than any chip. ESP32: not known, and mostly refused anyway.
const struct chip_target chip_targets[] = {
    {.name = "esp32",
     .title = "ESP32",
     .chip_id = 0x0000,
     .since = RELEASE(4, 4, 0),
     .bootloader_offset = 0x1000,
     .revision = 300,
     .minimum_revision = 0,
     .flash_frequency = 0x0,
     .secure_version_bits = 32,
     .xtensa = true,
     .mmu_pages = 256,
     .bootloader_map_pages = 50,
     .drom = {0x3F400000, 0x3F800000},
     .irom = {0x400D0000, 0x40400000},
     .irom_window_end = 0x40C00000,
     .dram = {0x3FFAE000, 0x40000000},
     .iram = {0x40080000, 0x400AA000},
     .rtc = {{0x400C0000, 0x400C2000}, {0x3FF80000, 0x3FF82000}, {0x50000000, 0x50002000}},
     .alias = {0x3FFE0000, 0x40000000},
     .alias_iram = 0x400C0000,
     .alias_reversed = true,
     .loader = loader_memory_esp32,
     .default_entry = 0x40080000},
    {.name = "esp32s2",
     .title = "ESP32-S2",
     .chip_id = 0x0002,
     .since = RELEASE(4, 4, 0),
     .bootloader_offset = 0x1000,
     .revision = 100,
     .minimum_revision = 0,
     .flash_frequency = 0xF,
     .secure_version_bits = 16,
     .xtensa = true,
     .mmu_pages = 16384,
     .bootloader_map_pages = 56,
     .drom = {0x3F000000, 0x3FF80000},
     .irom = {0x40080000, 0x40800000},
     .dram = {0x3FFB0000, 0x40000000},
     .iram = {0x40020000, 0x40070000},
     .rtc = {{0x40070000, 0x40072000}, {0x3FF9E000, 0x3FFA0000}, {0x50000000, 0x50002000}},
     .alias = {0x3FFB0000, 0x40000000},
     .alias_iram = 0x40020000,
     .loader = loader_memory_esp32s2,
     .rom_data = {{0x3FFFE70C, 0x40000000}},
     .default_entry = 0x40022000},
    {.name = "esp32s3",
     .title = "ESP32-S3",
     .chip_id = 0x0009,
     .since = RELEASE(4, 4, 0),
     .bootloader_offset = 0x0000,
     .revision = 2,
     .minimum_revision = 0,
     .flash_frequency = 0xF,
     .secure_version_bits = 16,
     .xtensa = true,
     .mmu_pages = 16384,
     .bootloader_map_pages = 512,
     .flash_32bit_since = {RELEASE(4, 4, 0)},
     .drom = {0x3C000000, 0x3E000000},
     .early_drom_end = 0x3D000000,
     .drom_whole_since = {RELEASE(4, 4, 7), RELEASE(5, 0, 6), RELEASE(5, 1, 3)},
     .irom = {0x42000000, 0x44000000},
     .dram = {0x3FC88000, 0x3FD00000},
     .iram = {0x40370000, 0x403E0000},
     .rtc = {{0x600FE000, 0x60100000}, {0x50000000, 0x50002000}},
     .alias = {0x3FC88000, 0x3FCF0000},
     .alias_iram = 0x40378000,
     .loader = loader_memory_esp32s3,
     .rom_data = {{0x3FCEB710, 0x3FCF0000}},
     .default_entry = 0x40374000},
    {.name = "esp32c3",
     .title = "ESP32-C3",
     .chip_id = 0x0005,
     .since = RELEASE(4, 4, 0),
     .bootloader_offset = 0x0000,
     .revision = 4,
     .minimum_revision = 3,
     .flash_frequency = 0xF,
     .secure_version_bits = 16,
     .mmu_pages = 256,
     .bootloader_map_pages = 128,
     .drom = {0x3C000000, 0x3C800000},
     .irom = {0x42000000, 0x42800000},
     .dram = {0x3FC80000, 0x3FCE0000},
     .iram = {0x4037C000, 0x403E0000},
     .rtc = {{0x50000000, 0x50002000}},
     .alias = {0x3FC80000, 0x3FCE0000},
     .alias_iram = 0x40380000,
     .loader = loader_memory_esp32c3,
     .rom_data = {{0x3FCDF470, 0x3FCDF4C0}, {0x3FCDFFD0, 0x3FCDFFD4}},
     .default_entry = 0x40380000},
    {.name = "esp32c2",
     .title = "ESP32-C2",
     .chip_id = 0x000C,
     .since = RELEASE(5, 0, 0),
     .bootloader_offset = 0x0000,
     .revision = 100,
     .minimum_revision = 100,
     .flash_frequency = 0xF,
     .secure_version_bits = 4,
     .lacks_rtc_memory = true,
     .page_configurable_since = RELEASE(5, 0, 0),
     .page_sizes = PAGE_16K_TO_64K,
     .mmu_pages = 64,
     .bootloader_map_pages = 64,
     .drom = {0x3C000000, 0x3C400000},
     .irom = {0x42000000, 0x42400000},
     .dram = {0x3FCA0000, 0x3FCE0000},
     .iram = {0x4037C000, 0x403C0000},
     .alias = {0x3FCA0000, 0x3FCE0000},
     .alias_iram = 0x40380000,
     .loader = loader_memory_esp32c2,
     .rom_data = {{0x3FCDEB70, 0x3FCE0000}},
     .default_entry = 0x40380000},
    {.name = "esp32c6",
     .title = "ESP32-C6",
     .chip_id = 0x000D,
     .since = RELEASE(5, 1, 0),
     .bootloader_offset = 0x0000,
     .revision = 1,
     .minimum_revision = 0,
     .flash_frequency = 0x0,
     .secure_version_bits = 16,
     .one_bus = true,
     .page_configurable_since = RELEASE(5, 1, 0),
     .page_sizes = PAGE_8K | PAGE_16K_TO_64K,
     .mmu_pages = 256,
     .bootloader_map_pages = 256,
     .mapped_follows_page = true,
     .drom = {0x42000000, 0x43000000},
     .irom = {0x42000000, 0x43000000},
     .dram = {0x40800000, 0x40880000},
     .iram = {0x40800000, 0x40880000},
     .rtc = {{0x50000000, 0x50004000}},
     .loader = loader_memory_esp32c6,
     .rom_data = {{0x4087F100, 0x4087FE00}},
     .default_entry = 0x40800000},
    {.name = "esp32h2",
     .title = "ESP32-H2",
     .chip_id = 0x0010,
     .since = RELEASE(5, 1, 0),
     .bootloader_offset = 0x0000,
     .revision = 100,
     .minimum_revision = 0,
     .flash_frequency = 0xF,
     .secure_version_bits = 16,
     .one_bus = true,
     .page_configurable_since = RELEASE(5, 1, 0),
     .page_sizes = PAGE_8K | PAGE_16K_TO_64K,
     .mmu_pages = 256,
     .bootloader_map_pages = 256,
     .mapped_follows_page = true,
     .drom = {0x42000000, 0x43000000},
     .irom = {0x42000000, 0x43000000},
     .dram = {0x40800000, 0x40850000},
     .iram = {0x40800000, 0x40850000},
     .rtc = {{0x50000000, 0x50001000}},
     .loader = loader_memory_esp32h2,
     .rom_data = {{0x4084F380, 0x40850000}},
     .default_entry = 0x40800000},
    {.name = "esp32h21",
     .title = "ESP32-H21",
     .chip_id = 0x0019,
     .since = RELEASE(5, 5, 0),
     .bootloader_offset = 0x0000,
     .revision = 1,
     .minimum_revision = 0,
     .flash_frequency = 0xF,
     .secure_version_bits = 16,
     .one_bus = true,
     .page_configurable_since = RELEASE(6, 0, 0),
     .page_sizes = PAGE_16K_TO_64K,
     .mmu_pages = 256,
     .bootloader_map_pages = 256,
     .drom = {0x42000000, 0x43000000},
     .irom = {0x42000000, 0x43000000},
     .dram = {0x40800000, 0x40850000},
     .iram = {0x40800000, 0x40850000},
     .rtc = {{0x50000000, 0x50001000}},
     .loader = loader_memory_esp32h21,
     .rom_data = {{0x4084F380, 0x40850000}},
     .default_entry = 0x40800000},
    {.name = "esp32p4",
     .title = "ESP32-P4",
     .chip_id = 0x0012,
     .since = RELEASE(5, 2, 0),
     .bootloader_offset = 0x2000,
     .revision = 301,
     .minimum_revision = 301,
     .flash_frequency = 0xF,
     .secure_version_bits = 16,
     .one_bus = true,
     .has_recovery_bootloader = true,
     .recovery_since = {RELEASE(5, 5, 5), RELEASE(6, 0, 2)},
     .mmu_pages = 32768,
     .bootloader_map_pages = 1024,
     .flash_32bit_since = {RELEASE(5, 2, 0)},
     .drom = {0x40000000, 0x44000000},
     .irom = {0x40000000, 0x44000000},
     .external = {0x48000000, 0x4C000000},
     .external_since = RELEASE(5, 3, 0),
     .dram = {0x4FF00000, 0x4FFC0000},
     .iram = {0x4FF00000, 0x4FFC0000},
     .rtc = {{0x50108000, 0x50110000}, {0x30100000, 0x30102000}},
     .loader = loader_memory_esp32p4,
     .rom_data = {{0x4FFBCFC0, 0x4FFC0000}},
     .default_entry = 0x4FF00000},
    {.name = "esp32c5",
     .title = "ESP32-C5",
     .chip_id = 0x0017,
     .since = RELEASE(5, 3, 0),
     .bootloader_offset = 0x2000,
     .revision = 100,
     .minimum_revision = 100,
     .flash_frequency = 0xF,
     .secure_version_bits = 9,
     .early_secure_version_bits = 16,
     .one_bus = true,
     .has_recovery_bootloader = true,
     .recovery_since = {RELEASE(5, 5, 0)},
     .mmu_pages = 512,
     .bootloader_map_pages = 512,
     .flash_32bit_since = {RELEASE(5, 5, 0)},
     .drom = {0x42000000, 0x44000000},
     .irom = {0x42000000, 0x44000000},
     .dram = {0x40800000, 0x40860000},
     .iram = {0x40800000, 0x40860000},
     .rtc = {{0x50000000, 0x50004000}},
     .loader = loader_memory_esp32c5,
     .rom_data = {{0x4085E9A0, 0x40860000}},
     .default_entry = 0x40800000},
    {.name = "esp32c61",
     .title = "ESP32-C61",
     .chip_id = 0x0014,
     .since = RELEASE(5, 3, 0),
     .bootloader_offset = 0x0000,
     .revision = 100,
     .minimum_revision = 100,
     .flash_frequency = 0xF,
     .secure_version_bits = 16,
     .lacks_rtc_memory = true,
     .one_bus = true,
     .has_recovery_bootloader = true,
     .recovery_since = {RELEASE(5, 5, 1), RELEASE(6, 0, 0)},
     .page_configurable_since = RELEASE(5, 3, 0),
     .page_sizes = PAGE_16K_TO_64K,
     .mmu_pages = 512,
     .bootloader_map_pages = 512,
     .flash_32bit_since = {RELEASE(5, 5, 5), RELEASE(6, 0, 1)},
     .drom = {0x42000000, 0x44000000},
     .irom = {0x42000000, 0x44000000},
     .dram = {0x40800000, 0x40850000},
     .iram = {0x40800000, 0x40850000},
     .loader = loader_memory_esp32c61,
     .rom_data = {{0x4084EA70, 0x40850000}},
     .default_entry = 0x40800000},
    {.name = "esp32h4",
     .title = "ESP32-H4",
     .chip_id = 0x001C,
     .since = RELEASE(5, 5, 0),
     .bootloader_offset = 0x2000,
     .revision = 1,
     .minimum_revision = 0,
     .flash_frequency = 0xF,
     .secure_version_bits = 16,
     .lacks_rtc_memory = true,
     .one_bus = true,
     .page_configurable_since = RELEASE(6, 0, 0),
     .page_sizes = PAGE_16K_TO_64K,
     .mmu_pages = 512,
     .bootloader_map_pages = 512,
     .flash_32bit_since = {RELEASE_BETA(6, 1, 1)},
     .drom = {0x42000000, 0x44000000},
     .irom = {0x42000000, 0x44000000},
     .dram = {0x40810000, 0x40860000},
     .iram = {0x40810000, 0x40860000},
     .loader = loader_memory_esp32h4,
     .rom_data = {{0x4085D350, 0x40860000}},
     .default_entry = 0x40810000},
    {.name = "esp32s31",
     .title = "ESP32-S31",
     .chip_id = 0x0020,
     .since = RELEASE_BETA(6, 1, 1),
     .bootloader_offset = 0x2000,
     .revision = 1,
     .minimum_revision = 0,
     .flash_frequency = 0xF,
     .secure_version_bits = 16,
     .one_bus = true,
     .has_recovery_bootloader = true,
     .recovery_since = {RELEASE_BETA(6, 1, 1)},
     .page_configurable_since = RELEASE_BETA(6, 1, 1),
     .page_sizes = PAGE_16K_TO_64K | PAGE_128K | PAGE_256K,
     .mmu_pages = 32768,
     .bootloader_map_pages = 1024,
     .flash_32bit_since = {RELEASE_BETA(6, 1, 1)},
     .drom = {0x40000000, 0x44000000},
     .irom = {0x40000000, 0x44000000},
     .external = {0x50000000, 0x54000000},
     .external_since = RELEASE_BETA(6, 1, 1),
     .dram = {0x2F000000, 0x2F080000},
     .iram = {0x2F000000, 0x2F080000},
     .rtc = {{0x2E000000, 0x2E008000}},
     .loader = loader_memory_esp32s31,
     .rom_data = {{0x2F07CFB0, 0x2F080000}},
     .default_entry = 0x2F001000},
    {.name = NULL},
};

// "ESP32-C3" as "esp32c3". False: too long for any target.
static bool spell(const char *name, char out[NAME_LENGTH]) {
    size_t length = 0;
    for (; *name; name++) {
        if (*name == '-')
            continue;
        if (length + 1 == NAME_LENGTH)
            return false;
        out[length++] = (char)(*name >= 'A' && *name <= 'Z' ? *name - 'A' + 'a' : *name);
    }
    out[length] = '\0';
    return true;
}

const struct chip_target *chip_target_find(const char *name) {
    char wanted[NAME_LENGTH];
    if (!spell(name, wanted))
        return NULL;
    for (const struct chip_target *target = chip_targets; target->name; target++)
        if (strcmp(target->name, wanted) == 0)
            return target;
    return NULL;
}

const struct chip_target *chip_target_by_id(uint16_t chip_id) {
    for (const struct chip_target *target = chip_targets; target->name; target++)
        if (target->chip_id == chip_id)
            return target;
    return NULL;
}

// ---- what depends on the release as well --------------------------------------------------------

// Has a release with this version what came with the first tags `tags` of their lines?
static bool came_with(const uint32_t tags[CHIP_FIRST_TAGS], uint32_t version) {
    bool has = false;
    for (size_t i = 0; i < CHIP_FIRST_TAGS && tags[i] != 0; i++) {
        bool last = i + 1 == CHIP_FIRST_TAGS || tags[i + 1] == 0;
        has = has || (version >= tags[i] &&
                      (last || release_version_line(version) == release_version_line(tags[i])));
    }
    return has;
}

bool chip_target_known_to(const struct chip_target *target, const struct release_profile *profile) {
    return profile->version >= target->since;
}

uint8_t chip_target_secure_version_bits(const struct chip_target *target,
                                        const struct release_profile *profile) {
    bool early = profile->version < RELEASE(5, 5, 0) && target->early_secure_version_bits != 0;
    return early ? target->early_secure_version_bits : target->secure_version_bits;
}

bool chip_target_has_large_regions(const struct chip_target *target, const struct release_profile *profile) {
    return profile->large_regions && came_with(target->flash_32bit_since, profile->version);
}

struct address_range chip_target_drom(const struct chip_target *target,
                                      const struct release_profile *profile) {
    struct address_range drom = target->drom;
    if (target->early_drom_end != 0 && !came_with(target->drom_whole_since, profile->version))
        drom.end = target->early_drom_end;
    return drom;
}

struct address_range chip_target_external(const struct chip_target *target,
                                          const struct release_profile *profile) {
    return profile->version >= target->external_since ? target->external : (struct address_range){0};
}

bool chip_target_has_recovery(const struct chip_target *target, const struct release_profile *profile) {
    return target->has_recovery_bootloader && came_with(target->recovery_since, profile->version);
}

bool chip_target_page_configurable(const struct chip_target *target, const struct release_profile *profile) {
    return target->page_configurable_since != 0 && profile->version >= target->page_configurable_since;
}

uint32_t chip_target_default_page(const struct chip_target *target, const struct release_profile *profile,
                                  uint32_t flash_size) {
    if (!chip_target_page_configurable(target, profile) || flash_size > 2 * MIB)
        return FIXED_PAGE;
    return flash_size <= MIB ? 16 * KIB : 32 * KIB;
}
