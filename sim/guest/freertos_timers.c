// FreeRTOS's software timers over rtos.h.
#include "include/freertos/timers.h"

#include <stdio.h>

#include "rtos.h"

#define TIMER_TASK_PRIORITY 1u // CONFIG_FREERTOS_TIMER_TASK_PRIORITY, its default

struct tmrTimerControl {
    struct rtos_timer timer; // first: the two are the same address
    TimerCallbackFunction_t callback;
};

static void expired(void *argument) {
    struct tmrTimerControl *timer = argument;
    timer->callback(timer);
}

static struct rtos_timers *service(void) {
    return &rtos_running()->software_timers;
}

TimerHandle_t xTimerCreate(const char *name, TickType_t period, BaseType_t reload, void *id,
                           TimerCallbackFunction_t callback) {
    if (period == 0 || callback == NULL || !rtos_timers_begin(service(), "Tmr Svc", TIMER_TASK_PRIORITY))
        return NULL;
    struct tmrTimerControl *timer = rtos_memory_take(sizeof *timer);
    if (timer == NULL)
        return NULL;
    (void)snprintf(timer->timer.name, sizeof timer->timer.name, "%s", name == NULL ? "" : name);
    timer->callback = callback;
    timer->timer.callback = expired;
    timer->timer.argument = timer;
    timer->timer.owner = id;
    timer->timer.period_us = (uint64_t)period * RTOS_TICK_US;
    timer->timer.reloads = reload != 0;
    timer->timer.due_us = RTOS_FOR_EVER;
    timer->timer.next = service()->first;
    service()->first = &timer->timer;
    return timer;
}

BaseType_t xTimerStart(TimerHandle_t timer, TickType_t ticks) {
    (void)ticks;
    rtos_timer_arm(service(), &timer->timer,
                   rtos_time_of_tick((uint32_t)(timer->timer.period_us / RTOS_TICK_US)));
    return pdPASS;
}

BaseType_t xTimerStop(TimerHandle_t timer, TickType_t ticks) {
    (void)ticks;
    timer->timer.due_us = RTOS_FOR_EVER;
    return pdPASS;
}

BaseType_t xTimerReset(TimerHandle_t timer, TickType_t ticks) {
    return xTimerStart(timer, ticks);
}

BaseType_t xTimerChangePeriod(TimerHandle_t timer, TickType_t period, TickType_t ticks) {
    rtos_require(period > 0, "a timer of period 0");
    timer->timer.period_us = (uint64_t)period * RTOS_TICK_US;
    return xTimerStart(timer, ticks);
}

BaseType_t xTimerDelete(TimerHandle_t timer, TickType_t ticks) {
    (void)ticks;
    rtos_timer_remove(service(), &timer->timer);
    rtos_memory_give_back(timer);
    return pdPASS;
}

BaseType_t xTimerIsTimerActive(TimerHandle_t timer) {
    return timer->timer.due_us != RTOS_FOR_EVER ? pdTRUE : pdFALSE;
}

void *pvTimerGetTimerID(TimerHandle_t timer) {
    return timer->timer.owner;
}

void vTimerSetTimerID(TimerHandle_t timer, void *id) {
    timer->timer.owner = id;
}

const char *pcTimerGetName(TimerHandle_t timer) {
    return timer->timer.name;
}

TickType_t xTimerGetPeriod(TimerHandle_t timer) {
    return (TickType_t)(timer->timer.period_us / RTOS_TICK_US);
}

TickType_t xTimerGetExpiryTime(TimerHandle_t timer) {
    return (TickType_t)((timer->timer.due_us - rtos_running()->start_us) / RTOS_TICK_US);
}
