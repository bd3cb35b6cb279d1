#include "rom_boot.h"

#include <stdbool.h>
#include <string.h>

#include "bootloader.h"
#include "bootloader_header.h"
#include "firmware.h"
#include "include/esp_app_format.h"
#include "port.h"

#define CHECKSUM_START 0xEFu // IMG-15
#define CHECKSUM_ALIGN 16u
#define HASH_SIZE      32u

static const char tag[] = "rom";

static _Noreturn void hang(const char *why) {
    port_halt(PORT_HALT_HANG, why);
}

static void read_or_hang(uint32_t address, void *buffer, uint32_t length) {
    if (!port_flash_read(address, buffer, length)) {
        port_log(PORT_LOG_ERROR, tag, "flash read err, 1000");
        hang("ROM cannot read the bootloader");
    }
}

// The ESP32's ROM knows neither chip ids nor the appended hash (CH-41).
static bool checks_chip(const struct chip_target *target) {
    return target->chip_id != ESP_CHIP_ID_ESP32;
}

static void check_header(const esp_image_header_t *header, const struct chip_target *target) {
    if (header->magic != ESP_IMAGE_HEADER_MAGIC) {
        uint32_t first;
        memcpy(&first, header, sizeof first);
        port_log(PORT_LOG_ERROR, tag, "invalid header: 0x%08x", (unsigned)first);
        hang("ROM finds no bootloader");
    }
    if (header->segment_count > ESP_IMAGE_MAX_SEGMENTS ||
        (checks_chip(target) && (uint32_t)header->chip_id != target->chip_id)) {
        port_log(PORT_LOG_ERROR, tag, "invalid chip id or segment count, ets_main.c 333");
        hang("ROM refuses the bootloader: it is for another chip, or damaged");
    }
}

// Loads the segments as the real one does, which says each of them. Returns where they end.
static uint32_t load_segments(const esp_image_header_t *header, uint32_t address,
                              struct port_checksum *checksum) {
    uint32_t at = address + (uint32_t)sizeof *header;
    for (uint32_t i = 0; i < header->segment_count; i++) {
        esp_image_segment_header_t segment;
        read_or_hang(at, &segment, sizeof segment);
        at += (uint32_t)sizeof segment;
        port_log(PORT_LOG_INFO, tag, "load:0x%x,len:0x%x", (unsigned)segment.load_addr,
                 (unsigned)segment.data_len);
        if (segment.data_len > port_flash_size()) {
            hang("ROM loads a segment that is larger than any memory");
        }
        if (segment.data_len > 0 && !port_flash_checksum(at, segment.data_len, checksum)) {
            hang("ROM cannot read the bootloader");
        }
        at += segment.data_len;
    }
    return at;
}

static void check_checksum(uint32_t at, uint8_t calculated) {
    uint8_t stored;
    read_or_hang(at, &stored, sizeof stored);
    if (stored != calculated) {
        port_log(PORT_LOG_ERROR, tag, "Checksum failure. Calculated 0x%x stored 0x%x", calculated, stored);
        hang("ROM refuses the bootloader: its checksum is wrong");
    }
}

static void check_hash(uint32_t address, uint32_t length) {
    uint8_t stored[HASH_SIZE], calculated[HASH_SIZE];
    read_or_hang(address + length, stored, sizeof stored);
    if (!port_flash_sha256(address, length, calculated) || memcmp(stored, calculated, sizeof stored) != 0) {
        port_log(PORT_LOG_WARNING, tag, "SHA-256 comparison failed: Attempting to boot anyway...");
    }
}

void rom_boot(void) {
    const char *outer = port_call_begin("ROM");
    const struct chip_target *target = port_ram()->target;
    uint32_t address = target->bootloader_offset;
    esp_image_header_t header;
    struct port_checksum checksum = {.start = CHECKSUM_START};
    read_or_hang(address, &header, sizeof header);
    check_header(&header, target);
    uint32_t end = load_segments(&header, address, &checksum);
    uint32_t length = (end - address + 1 + CHECKSUM_ALIGN - 1) / CHECKSUM_ALIGN * CHECKSUM_ALIGN;
    check_checksum(address + length - 1, port_checksum_value(&checksum));
    if (header.hash_appended != 0 && checks_chip(target)) {
        check_hash(address, length);
    }
    port_log(PORT_LOG_INFO, tag, "entry 0x%x", (unsigned)header.entry_addr);
    port_call_end(outer);
    bootloader_obey_header(address);
    bootloader_boot();
}
