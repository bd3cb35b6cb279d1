// What the bootloader left for the application in retained RTC memory (BL-62).
#ifndef BOOTLOADER_COMMON_H
#define BOOTLOADER_COMMON_H

#include <stdbool.h>
#include <stdint.h>

#ifdef __cplusplus
extern "C" {
#endif

// Did the bootloader do a factory reset? Asking clears the flag.
bool bootloader_common_get_rtc_retain_mem_factory_reset_state(void);

// Boots since the retained memory was last lost, at most 65535; 0 when its contents are not valid.
uint16_t bootloader_common_get_rtc_retain_mem_reboot_counter(void);

#ifdef __cplusplus
}
#endif

#endif
