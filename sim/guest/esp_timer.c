// esp_timer over rtos.h.
#include "include/esp_timer.h"

#include <stdio.h>

#include "../../ota/port.h"
#include "rtos.h"

#define TIMER_TASK_PRIORITY 22u // ESP_TASK_TIMER_PRIO

struct esp_timer {
    struct rtos_timer timer;
};

static struct rtos_timers *service(void) {
    return &rtos_running()->esp_timers;
}

int64_t esp_timer_get_time(void) {
    return (int64_t)rtos_now_us();
}

esp_err_t esp_timer_create(const esp_timer_create_args_t *args, esp_timer_handle_t *out_handle) {
    if (args == NULL || args->callback == NULL || out_handle == NULL ||
        (unsigned)args->dispatch_method >= ESP_TIMER_MAX)
        return ESP_ERR_INVALID_ARG;
    if (!rtos_timers_begin(service(), "esp_timer", TIMER_TASK_PRIORITY))
        return ESP_ERR_NO_MEM;
    struct esp_timer *timer = rtos_memory_take(sizeof *timer);
    if (timer == NULL)
        return ESP_ERR_NO_MEM;
    (void)snprintf(timer->timer.name, sizeof timer->timer.name, "%s", args->name == NULL ? "" : args->name);
    timer->timer.callback = args->callback;
    timer->timer.argument = args->arg;
    timer->timer.due_us = RTOS_FOR_EVER;
    timer->timer.skips = args->skip_unhandled_events;
    timer->timer.next = service()->first;
    service()->first = &timer->timer;
    *out_handle = timer;
    return ESP_OK;
}

bool esp_timer_is_active(esp_timer_handle_t timer) {
    return timer != NULL && timer->timer.due_us != RTOS_FOR_EVER;
}

static esp_err_t start(esp_timer_handle_t timer, uint64_t us, bool reloads) {
    if (timer == NULL)
        return ESP_ERR_INVALID_ARG;
    if (esp_timer_is_active(timer))
        return ESP_ERR_INVALID_STATE;
    timer->timer.period_us = us;
    timer->timer.reloads = reloads && us != 0;
    rtos_timer_arm(service(), &timer->timer, port_time_us() + us);
    return ESP_OK;
}

esp_err_t esp_timer_start_once(esp_timer_handle_t timer, uint64_t timeout_us) {
    return start(timer, timeout_us, false);
}

esp_err_t esp_timer_start_periodic(esp_timer_handle_t timer, uint64_t period_us) {
    return start(timer, period_us, true);
}

esp_err_t esp_timer_restart(esp_timer_handle_t timer, uint64_t timeout_us) {
    if (timer == NULL)
        return ESP_ERR_INVALID_ARG;
    if (!esp_timer_is_active(timer))
        return ESP_ERR_INVALID_STATE;
    timer->timer.due_us = RTOS_FOR_EVER;
    return start(timer, timeout_us, timer->timer.reloads);
}

esp_err_t esp_timer_stop(esp_timer_handle_t timer) {
    if (timer == NULL)
        return ESP_ERR_INVALID_ARG;
    if (!esp_timer_is_active(timer))
        return ESP_ERR_INVALID_STATE;
    timer->timer.due_us = RTOS_FOR_EVER;
    return ESP_OK;
}

esp_err_t esp_timer_delete(esp_timer_handle_t timer) {
    if (timer == NULL)
        return ESP_ERR_INVALID_ARG;
    if (esp_timer_is_active(timer))
        return ESP_ERR_INVALID_STATE;
    rtos_timer_remove(service(), &timer->timer);
    rtos_memory_give_back(timer);
    return ESP_OK;
}

esp_err_t esp_timer_get_period(esp_timer_handle_t timer, uint64_t *out_period) {
    if (timer == NULL || out_period == NULL)
        return ESP_ERR_INVALID_ARG;
    *out_period = timer->timer.reloads ? timer->timer.period_us : 0;
    return ESP_OK;
}

esp_err_t esp_timer_get_expiry_time(esp_timer_handle_t timer, uint64_t *out_time) {
    if (timer == NULL || out_time == NULL)
        return ESP_ERR_INVALID_ARG;
    if (!esp_timer_is_active(timer) || timer->timer.reloads)
        return ESP_ERR_NOT_SUPPORTED;
    *out_time = timer->timer.due_us - rtos_running()->start_us;
    return ESP_OK;
}
