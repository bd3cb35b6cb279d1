// Deep sleep, as far as updates care: the chip goes through the bootloader when it wakes (BL-60).
#ifndef ESP_SLEEP_H
#define ESP_SLEEP_H

#include <stdint.h>

#include "esp_err.h"

#ifdef __cplusplus
extern "C" {
#endif

// Sleeps until a wake-up resets the chip; when that is, the board decides.
#ifdef __cplusplus
[[noreturn]]
#else
_Noreturn
#endif
void esp_deep_sleep_start(void);

// The same; the time in microseconds is told to the console.
#ifdef __cplusplus
[[noreturn]]
#else
_Noreturn
#endif
void esp_deep_sleep(uint64_t time_in_us);

#ifdef __cplusplus
}
#endif

#endif
