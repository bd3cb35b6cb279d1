// Flash encryption, which the board does not model: it is off.
#ifndef ESP_FLASH_ENCRYPT_H
#define ESP_FLASH_ENCRYPT_H

#include <stdbool.h>

static inline bool esp_flash_encryption_enabled(void) {
    return false;
}

#endif
