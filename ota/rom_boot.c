#include "rom_boot.h"

#include <stdbool.h>
#include <string.h>

#include "bootloader.h"
#include "bootloader_header.h"
#include "firmware.h"
#include "include/esp_app_format.h"
#include "port.h"
#include "recovery_bootloader.h"

#define CHECKSUM_START 0xEFu // IMG-15
#define CHECKSUM_ALIGN 16u
#define HASH_SIZE      32u

static const char tag[] = "rom";

// Each step answers NULL, or in words why ROM does not go on.

static const char *read_flash(uint32_t address, void *buffer, uint32_t length) {
    if (port_flash_read(address, buffer, length))
        return NULL;
    port_log(PORT_LOG_ERROR, tag, "flash read err, 1000");
    return "ROM cannot read the bootloader";
}

// The ESP32's ROM knows neither chip ids nor the appended hash (CH-41).
static bool checks_chip(const struct chip_target *target) {
    return target->chip_id != ESP_CHIP_ID_ESP32;
}

static const char *check_header(const esp_image_header_t *header, const struct chip_target *target) {
    if (header->magic != ESP_IMAGE_HEADER_MAGIC) {
        uint32_t first;
        memcpy(&first, header, sizeof first);
        port_log(PORT_LOG_ERROR, tag, "invalid header: 0x%08x", (unsigned)first);
        return "ROM finds no bootloader";
    }
    if (header->segment_count > ESP_IMAGE_MAX_SEGMENTS ||
        (checks_chip(target) && (uint32_t)header->chip_id != target->chip_id)) {
        port_log(PORT_LOG_ERROR, tag, "invalid chip id or segment count, ets_main.c 333");
        return "ROM refuses the bootloader: it is for another chip, or damaged";
    }
    return NULL;
}

// Loads the segments as the real one does, which says each of them. `*end`: where they end.
static const char *load_segments(const esp_image_header_t *header, uint32_t address,
                                 struct port_checksum *checksum, uint32_t *end) {
    uint32_t at = address + (uint32_t)sizeof *header;
    for (uint32_t i = 0; i < header->segment_count; i++) {
        esp_image_segment_header_t segment;
        const char *why = read_flash(at, &segment, sizeof segment);
        if (why != NULL)
            return why;
        at += (uint32_t)sizeof segment;
        port_log(PORT_LOG_INFO, tag, "load:0x%x,len:0x%x", (unsigned)segment.load_addr,
                 (unsigned)segment.data_len);
        if (segment.data_len > port_flash_size())
            return "ROM loads a segment that is larger than any memory";
        if (segment.data_len > 0 && !port_flash_checksum(at, segment.data_len, checksum))
            return "ROM cannot read the bootloader";
        at += segment.data_len;
    }
    *end = at;
    return NULL;
}

static const char *check_checksum(uint32_t at, uint8_t calculated) {
    uint8_t stored = 0;
    const char *why = read_flash(at, &stored, sizeof stored);
    if (why != NULL || stored == calculated)
        return why;
    port_log(PORT_LOG_ERROR, tag, "Checksum failure. Calculated 0x%x stored 0x%x", calculated, stored);
    return "ROM refuses the bootloader: its checksum is wrong";
}

// What was found in flash.
struct found {
    uint32_t address, length; // up to the checksum
    uint32_t entry;
    bool doubtful; // its SHA-256 is wrong
};

// A wrong one is no reason to refuse it, and the ESP32's ROM does not even look (CH-41).
static const char *check_hash(const struct chip_target *target, struct found *found) {
    uint8_t stored[HASH_SIZE], calculated[HASH_SIZE];
    const char *why = read_flash(found->address + found->length, stored, sizeof stored);
    found->doubtful = why == NULL && (!port_flash_sha256(found->address, found->length, calculated) ||
                                      memcmp(stored, calculated, sizeof stored) != 0);
    if (found->doubtful && checks_chip(target))
        port_log(PORT_LOG_WARNING, tag, "SHA-256 comparison failed: Attempting to boot anyway...");
    return why;
}

static const char *load(const struct chip_target *target, uint32_t address, struct found *found) {
    esp_image_header_t header;
    struct port_checksum checksum = {.start = CHECKSUM_START};
    uint32_t end = 0;
    const char *why = read_flash(address, &header, sizeof header);
    why = why == NULL ? check_header(&header, target) : why;
    why = why == NULL ? load_segments(&header, address, &checksum, &end) : why;
    if (why != NULL)
        return why;
    uint32_t length = (end - address + 1 + CHECKSUM_ALIGN - 1) / CHECKSUM_ALIGN * CHECKSUM_ALIGN;
    *found = (struct found){.address = address, .length = length, .entry = header.entry_addr};
    why = check_checksum(address + length - 1, port_checksum_value(&checksum));
    if (why == NULL && header.hash_appended != 0)
        why = check_hash(target, found);
    if (why == NULL)
        port_log(PORT_LOG_INFO, tag, "entry 0x%x", (unsigned)header.entry_addr);
    return why;
}

// The bootloader that starts: the primary one, else the recovery one where there is one (CH-44).
static void load_one(const struct chip_target *target, struct found *found) {
    uint32_t recovery;
    const char *why = load(target, target->bootloader_offset, found);
    if (why == NULL)
        return;
    if (!recovery_bootloader_address(&recovery))
        port_halt(PORT_HALT_HANG, why);
    port_log(PORT_LOG_WARNING, tag, "PRIMARY - FAIL");
    port_log(PORT_LOG_INFO, tag, "Loading RECOVERY Bootloader...");
    why = load(target, recovery, found);
    if (why != NULL)
        port_halt(PORT_HALT_HANG, why);
}

// ---- and starts it ------------------------------------------------------------------------------

static const struct known_bootloader *find_known(const struct firmware *ram, const struct found *found) {
    uint8_t code[HASH_SIZE];
    uint32_t header = (uint32_t)sizeof(esp_image_header_t);
    if (ram->bootloader_count == 0 || found->length < header ||
        !port_flash_sha256(found->address + header, found->length - header, code))
        return NULL;
    for (uint32_t i = 0; i < ram->bootloader_count; i++) {
        const struct known_bootloader *known = &ram->bootloaders[i];
        if (known->entry == found->entry && known->length == found->length &&
            memcmp(known->code, code, sizeof code) == 0)
            return known;
    }
    return NULL;
}

// ROM's checksum is over the segments' data alone, and two bits of one lane cancel out in it. Where code goes and begins
// may be damaged, and the code itself: what is neither what its SHA-256 was made of nor known does not run.
static void become(struct firmware *ram, const struct found *found) {
    const struct known_bootloader *known = find_known(ram, found);
    if (known != NULL)
        ram->bootloader_build = &known->build;
    else if (found->doubtful)
        port_halt(PORT_HALT_HANG,
                  "ROM starts a bootloader that is damaged where its checksum cannot tell: it crashes");
}

uint32_t rom_load_bootloader(void) {
    const char *outer = port_call_begin("ROM");
    struct firmware *ram = port_ram();
    struct found found = {0};
    load_one(ram->target, &found);
    become(ram, &found);
    port_call_end(outer);
    return found.address;
}

void rom_boot(void) {
    const struct firmware *ram = port_ram();
    uint32_t address = rom_load_bootloader();
    bool own = ram->bootloader_build->profile->own_header_where_rom_started; // RL-33
    bootloader_obey_header(own ? address : ram->target->bootloader_offset);
    bootloader_boot();
}
