#include "bootloader_header.h"

#include "app_image.h"
#include "firmware.h"
#include "port.h"

#define MIB                (1u << 20)
#define UNKNOWN_SIZE       (2 * MIB) // CH-50
#define CODES_OF_ALL_CHIPS 5u        // up to 16 MiB
#define CODES              8u        // up to 128 MiB

// Does the release know codes above 16 MiB on this chip? (CH-50)
static bool knows_large_sizes(const struct chip_target *target, const struct release_profile *profile) {
    uint32_t version = profile->version, line = release_version_line(version);
    bool in_v5_4 = line == release_version_line(RELEASE(5, 4, 4)) && version >= RELEASE(5, 4, 4);
    if (in_v5_4 || version >= RELEASE(5, 5, 2))
        return true;
    switch (target->chip_id) {
    case ESP_CHIP_ID_ESP32S2:
    case ESP_CHIP_ID_ESP32S3:
        return version >= RELEASE(4, 4, 8);
    case ESP_CHIP_ID_ESP32P4:
        return version >= RELEASE(5, 3, 0);
    case ESP_CHIP_ID_ESP32C5:
        return version >= RELEASE(5, 5, 0);
    default:
        return false;
    }
}

uint32_t bootloader_header_flash_size(const esp_image_header_t *header, const struct chip_target *target,
                                      const struct release_profile *profile) {
    uint32_t code = header->spi_size;
    uint32_t known = knows_large_sizes(target, profile) ? CODES : CODES_OF_ALL_CHIPS;
    return code < known ? MIB << code : UNKNOWN_SIZE;
}

void bootloader_obey_header(uint32_t address) {
    struct firmware *ram = port_ram();
    esp_image_header_t header;
    if (!port_flash_read(address, &header, sizeof header))
        port_halt(PORT_HALT_RESTART, "the bootloader cannot read its own header");
    if (app_image_check_chip(&header, true, ram->bootloader_build) != ESP_OK)
        port_halt(PORT_HALT_RESTART, "the bootloader is not for this chip");
    ram->flash_size = bootloader_header_flash_size(&header, ram->target, ram->bootloader_build->profile);
}
