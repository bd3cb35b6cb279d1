// Microseconds since the app started, and callbacks at given times, in a task of high priority.
#ifndef ESP_TIMER_H
#define ESP_TIMER_H

#include <stdbool.h>
#include <stdint.h>

#include "esp_err.h"

#ifdef __cplusplus
extern "C" {
#endif

typedef struct esp_timer *esp_timer_handle_t;
typedef void (*esp_timer_cb_t)(void *arg);

typedef enum {
    ESP_TIMER_TASK,
    ESP_TIMER_ISR, // as ESP_TIMER_TASK: there are no interrupts
    ESP_TIMER_MAX
} esp_timer_dispatch_t;

typedef struct {
    esp_timer_cb_t callback;
    void *arg;
    esp_timer_dispatch_t dispatch_method;
    const char *name;
    bool skip_unhandled_events; // of a periodic timer that is late by more than its period
} esp_timer_create_args_t;

// Microseconds since the app started. Code takes no time; flash, delays and waits do.
int64_t esp_timer_get_time(void);

// ESP_ERR_INVALID_ARG: NULL, or no callback; ESP_ERR_NO_MEM.
esp_err_t esp_timer_create(const esp_timer_create_args_t *args, esp_timer_handle_t *out_handle);
// ESP_ERR_INVALID_STATE: it is running already; below, that it is not, or when deleted that it is.
esp_err_t esp_timer_start_once(esp_timer_handle_t timer, uint64_t timeout_us);
esp_err_t esp_timer_start_periodic(esp_timer_handle_t timer, uint64_t period_us);
esp_err_t esp_timer_restart(esp_timer_handle_t timer, uint64_t timeout_us);
esp_err_t esp_timer_stop(esp_timer_handle_t timer);
esp_err_t esp_timer_delete(esp_timer_handle_t timer);
bool esp_timer_is_active(esp_timer_handle_t timer);
esp_err_t esp_timer_get_period(esp_timer_handle_t timer, uint64_t *out_period);
esp_err_t esp_timer_get_expiry_time(esp_timer_handle_t timer, uint64_t *out_time);

#ifdef __cplusplus
}
#endif

#endif
