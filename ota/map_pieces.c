#include "map_pieces.h"

#include "app_image.h"
#include "firmware.h"
#include "load_address.h"
#include "port.h"

#define PIECE_MAX     0x80000000u
#define ESP32_ENTRIES 64u // of the data window's table, of which the bootloader uses 50

static bool inside(struct address_range range, uint32_t address) {
    return address >= range.start && address < range.end;
}

static uint32_t pages_of(const esp_image_segment_header_t *segment, uint32_t page) {
    uint64_t end = (uint64_t)segment->load_addr % page + segment->data_len;
    return (uint32_t)((end + page - 1) / page);
}

// Where data and code are seen through one table (all but ESP32 and S2) both take entries of it.
static bool one_table(const struct chip_target *target) {
    return target->chip_id != ESP_CHIP_ID_ESP32 && target->chip_id != ESP_CHIP_ID_ESP32S2;
}

// Pages of the data window that the running app leaves free; at least one.
static uint32_t free_pages_of_app(const struct firmware *ram, uint32_t page) {
    const struct release_profile *profile = ram->app_build->profile;
    struct address_range data = load_address_drom(ram->target, profile, page);
    struct address_range code = load_address_irom(ram->target, page);
    bool is_esp32 = ram->target->chip_id == ESP_CHIP_ID_ESP32;
    uint32_t entries = is_esp32 ? ESP32_ENTRIES : ram->target->bootloader_map_pages;
    uint32_t all = (data.end - data.start) / page, taken = 0;
    all = all < entries ? all : entries;
    struct app_image own;
    if (app_image_metadata(ram->running_address, ram->running_size, &own) == ESP_OK) {
        for (uint32_t i = 0; i < own.header.segment_count; i++) {
            const esp_image_segment_header_t *segment = &own.segments[i];
            bool takes = inside(data, segment->load_addr) ||
                         (one_table(ram->target) && inside(code, segment->load_addr));
            taken += takes ? pages_of(segment, page) : 0;
        }
    }
    return taken < all ? all - taken : 1;
}

uint32_t map_piece_size(bool in_bootloader, uint32_t data, uint32_t page) {
    const struct firmware *ram = port_ram();
    uint64_t pages = in_bootloader ? ram->target->bootloader_map_pages : free_pages_of_app(ram, page);
    if (data % page != 0 && pages > 1)
        pages--;
    return pages * page < PIECE_MAX ? (uint32_t)(pages * page) : PIECE_MAX;
}
