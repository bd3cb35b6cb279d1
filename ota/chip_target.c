#include "chip_target.h"

#include <stddef.h>
#include <string.h>

#define KIB         1024u
#define NAME_LENGTH 16

const struct chip_target chip_targets[] = {
    {.name = "esp32",
     .title = "ESP32",
     .chip_id = 0x0000,
     .bootloader_offset = 0x1000,
     .secure_version_bits = 32,
     .mmu_page_size = 64 * KIB,
     .drom = {0x3F400000, 0x3F800000},
     .irom = {0x400D0000, 0x40400000},
     .dram = {0x3FFAE000, 0x40000000},
     .iram = {0x40080000, 0x400AA000},
     .rtc = {{0x400C0000, 0x400C2000}, {0x3FF80000, 0x3FF82000}, {0x50000000, 0x50002000}},
     .shared_dram = {0x3FFE0000, 0x40000000},
     .shared_iram = {0x400A0000, 0x400C0000},
     .loader_stack = {0x3FFDBC00, 0x3FFE3F20},
     .loader_data = {0x3FFF0000, 0x3FFF6000},
     .loader_code = {0x40078000, 0x40080000},
     .default_entry = 0x40080400},
    {.name = "esp32s2",
     .title = "ESP32-S2",
     .chip_id = 0x0002,
     .bootloader_offset = 0x1000,
     .secure_version_bits = 16,
     .mmu_page_size = 64 * KIB,
     .drom = {0x3F000000, 0x3FF80000},
     .irom = {0x40080000, 0x40800000},
     .dram = {0x3FFB0000, 0x40000000},
     .iram = {0x40020000, 0x40070000},
     .rtc = {{0x40070000, 0x40072000}, {0x3FF9E000, 0x3FFA0000}, {0x50000000, 0x50002000}},
     .default_entry = 0x40022000},
    {.name = "esp32s3",
     .title = "ESP32-S3",
     .chip_id = 0x0009,
     .bootloader_offset = 0x0000,
     .secure_version_bits = 16,
     .mmu_page_size = 64 * KIB,
     .flash_32bit = true,
     .drom = {0x3C000000, 0x3E000000},
     .irom = {0x42000000, 0x44000000},
     .dram = {0x3FC88000, 0x3FD00000},
     .iram = {0x40370000, 0x403E0000},
     .rtc = {{0x600FE000, 0x60100000}, {0x50000000, 0x50002000}},
     .default_entry = 0x40374000},
    {.name = "esp32c3",
     .title = "ESP32-C3",
     .chip_id = 0x0005,
     .bootloader_offset = 0x0000,
     .secure_version_bits = 16,
     .mmu_page_size = 64 * KIB,
     .drom = {0x3C000000, 0x3C800000},
     .irom = {0x42000000, 0x42800000},
     .dram = {0x3FC80000, 0x3FCE0000},
     .iram = {0x4037C000, 0x403E0000},
     .rtc = {{0x50000000, 0x50002000}},
     .default_entry = 0x40380000},
    {.name = "esp32c2",
     .title = "ESP32-C2",
     .chip_id = 0x000C,
     .bootloader_offset = 0x0000,
     .secure_version_bits = 4,
     .lacks_rtc_memory = true,
     .mmu_page_configurable = true,
     .mmu_page_size = 64 * KIB,
     .drom = {0x3C000000, 0x3C400000},
     .irom = {0x42000000, 0x42400000},
     .default_entry = 0x40380000},
    {.name = "esp32c6",
     .title = "ESP32-C6",
     .chip_id = 0x000D,
     .bootloader_offset = 0x0000,
     .secure_version_bits = 16,
     .mmu_page_configurable = true,
     .mmu_page_size = 64 * KIB,
     .mapped_pages = 256,
     .drom = {0x42000000, 0x43000000},
     .irom = {0x42000000, 0x43000000},
     .default_entry = 0x40800000},
    {.name = "esp32h2",
     .title = "ESP32-H2",
     .chip_id = 0x0010,
     .bootloader_offset = 0x0000,
     .secure_version_bits = 16,
     .mmu_page_configurable = true,
     .mmu_page_size = 64 * KIB,
     .mapped_pages = 256,
     .drom = {0x42000000, 0x43000000},
     .irom = {0x42000000, 0x43000000},
     .default_entry = 0x40800000},
    {.name = "esp32h21",
     .title = "ESP32-H21",
     .chip_id = 0x0019,
     .bootloader_offset = 0x0000,
     .secure_version_bits = 16,
     .mmu_page_configurable = true,
     .mmu_page_size = 64 * KIB,
     .mapped_pages = 256,
     .drom = {0x42000000, 0x43000000},
     .irom = {0x42000000, 0x43000000},
     .default_entry = 0x40800000},
    {.name = "esp32p4",
     .title = "ESP32-P4",
     .chip_id = 0x0012,
     .bootloader_offset = 0x2000,
     .secure_version_bits = 16,
     .mmu_page_size = 64 * KIB,
     .flash_32bit = true,
     .drom = {0x40000000, 0x44000000},
     .irom = {0x48000000, 0x4C000000}, // external RAM, mapped as well
     .default_entry = 0x4FF00000},
    {.name = "esp32c5",
     .title = "ESP32-C5",
     .chip_id = 0x0017,
     .bootloader_offset = 0x2000,
     .secure_version_bits = 9,
     .mmu_page_size = 64 * KIB,
     .flash_32bit = true,
     .drom = {0x42000000, 0x44000000},
     .irom = {0x42000000, 0x44000000},
     .default_entry = 0x40800000},
    {.name = "esp32c61",
     .title = "ESP32-C61",
     .chip_id = 0x0014,
     .bootloader_offset = 0x0000,
     .secure_version_bits = 16,
     .mmu_page_configurable = true,
     .mmu_page_size = 64 * KIB,
     .flash_32bit = true,
     .drom = {0x42000000, 0x44000000},
     .irom = {0x42000000, 0x44000000},
     .default_entry = 0x40800000},
    {.name = "esp32h4",
     .title = "ESP32-H4",
     .chip_id = 0x001C,
     .bootloader_offset = 0x2000,
     .secure_version_bits = 16,
     .mmu_page_configurable = true,
     .mmu_page_size = 64 * KIB,
     .flash_32bit = true,
     .drom = {0x42000000, 0x44000000},
     .irom = {0x42000000, 0x44000000},
     .default_entry = 0x40800000},
    {.name = "esp32s31",
     .title = "ESP32-S31",
     .chip_id = 0x0020,
     .bootloader_offset = 0x2000,
     .secure_version_bits = 16,
     .mmu_page_configurable = true,
     .mmu_page_size = 64 * KIB,
     .flash_32bit = true,
     .drom = {0x40000000, 0x44000000},
     .irom = {0x50000000, 0x54000000}, // external RAM, mapped as well
     .default_entry = 0x40000000},
    {.name = NULL},
};

// "ESP32-C3" as "esp32c3". False: too long for any target.
static bool spell(const char *name, char out[NAME_LENGTH]) {
    size_t length = 0;
    for (; *name; name++) {
        if (*name == '-') {
            continue;
        }
        if (length + 1 == NAME_LENGTH) {
            return false;
        }
        out[length++] = (char)(*name >= 'A' && *name <= 'Z' ? *name - 'A' + 'a' : *name);
    }
    out[length] = '\0';
    return true;
}

const struct chip_target *chip_target_find(const char *name) {
    char wanted[NAME_LENGTH];
    if (!spell(name, wanted)) {
        return NULL;
    }
    for (const struct chip_target *target = chip_targets; target->name; target++) {
        if (strcmp(target->name, wanted) == 0) {
            return target;
        }
    }
    return NULL;
}

const struct chip_target *chip_target_by_id(uint16_t chip_id) {
    for (const struct chip_target *target = chip_targets; target->name; target++) {
        if (target->chip_id == chip_id) {
            return target;
        }
    }
    return NULL;
}
