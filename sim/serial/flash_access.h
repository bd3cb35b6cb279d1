// How the loader gets at the flash chip. The board stands behind it in a served device (board_flash.h); tests
// put plain cells there.
#ifndef SIM_SERIAL_FLASH_ACCESS_H
#define SIM_SERIAL_FLASH_ACCESS_H

#include <stdint.h>

enum flash_access_result {
    FLASH_ACCESS_DONE,
    FLASH_ACCESS_FAILED,    // the chip reported an error
    FLASH_ACCESS_POWER_LOST // nothing runs any more: the caller must not touch the flash nor answer until the
                            // next power-on
};

// Ranges lie inside the chip, and callers see to that; lengths are not 0.
struct flash_access {
    void *context;
    uint32_t size; // bytes, a multiple of 64 KiB
    enum flash_access_result (*read)(void *context, uint32_t address, void *bytes, uint32_t length);
    enum flash_access_result (*program)(void *context, uint32_t address, const void *bytes, uint32_t length);
    enum flash_access_result (*erase)(void *context, uint32_t address, uint32_t length); // multiples of 4096
};

#endif
