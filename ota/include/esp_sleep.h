// Deep sleep, as far as updates care: the chip goes through the bootloader when it wakes (BL-60).
#ifndef ESP_SLEEP_H
#define ESP_SLEEP_H

#include <stdint.h>

#include "esp_err.h"

#ifdef __cplusplus
extern "C" {
#endif

typedef enum {
    ESP_SLEEP_WAKEUP_UNDEFINED, // the last reset was no wake from deep sleep
    ESP_SLEEP_WAKEUP_ALL,
    ESP_SLEEP_WAKEUP_EXT0,
    ESP_SLEEP_WAKEUP_EXT1,
    ESP_SLEEP_WAKEUP_TIMER,
    ESP_SLEEP_WAKEUP_TOUCHPAD,
    ESP_SLEEP_WAKEUP_ULP,
    ESP_SLEEP_WAKEUP_GPIO,
    ESP_SLEEP_WAKEUP_UART
} esp_sleep_source_t;
typedef esp_sleep_source_t esp_sleep_wakeup_cause_t;

// Of deep sleep the timer is the only wake-up there is.
esp_sleep_wakeup_cause_t esp_sleep_get_wakeup_cause(void);

// Accepts the time; when the board wakes, the scenario says.
esp_err_t esp_sleep_enable_timer_wakeup(uint64_t time_in_us);
esp_err_t esp_sleep_disable_wakeup_source(esp_sleep_source_t source);

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
