// Secure Boot, whose signatures the board does not model: it is off.
#ifndef ESP_SECURE_BOOT_H
#define ESP_SECURE_BOOT_H

#include <stdbool.h>

static inline bool esp_secure_boot_enabled(void) {
    return false;
}

#endif
