// What a bootloader takes from the header of its own image (BL-10, CH-50, CH-51).
#ifndef OTA_BOOTLOADER_HEADER_H
#define OTA_BOOTLOADER_HEADER_H

#include <stdint.h>

#include "include/esp_app_format.h"

struct chip_target;
struct release_profile;

// The flash size that header byte 3 says, in bytes, as a bootloader of this release reads it. A code that it
// does not know means 2 MiB.
uint32_t bootloader_header_flash_size(const esp_image_header_t *header, const struct chip_target *target,
                                      const struct release_profile *profile);

// The bootloader's first steps: reads the header of its own image at `address`. Is this its chip? Then the
// flash has the size that the header says, whatever chip is there: firmware.flash_size. Else it resets the chip
// with port_halt(PORT_HALT_RESTART).
void bootloader_obey_header(uint32_t address);

#endif
