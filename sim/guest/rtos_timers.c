// Timers of both kinds: FreeRTOS's software timers and esp_timer's.
#include "rtos.h"

#include "../../ota/port.h"

static struct rtos_timer *first_due(const struct rtos_timers *timers) {
    struct rtos_timer *first = NULL;
    for (struct rtos_timer *timer = timers->first; timer != NULL; timer = timer->next)
        if (first == NULL || timer->due_us < first->due_us ||
            (timer->due_us == first->due_us && timer->turn < first->turn))
            first = timer;
    return first;
}

// The task of a service. A timer that reloads is due again a period after it was due, not after its callback ran.
static void serve(void *argument) {
    struct rtos_timers *timers = argument;
    for (;;) {
        struct rtos_timer *timer = first_due(timers);
        uint64_t due = timer == NULL ? RTOS_FOR_EVER : timer->due_us;
        if (due > port_time_us()) {
            (void)rtos_wait(timers, due);
            continue;
        }
        uint64_t missed = timer->skips && timer->reloads ? (port_time_us() - due) / timer->period_us : 0;
        timer->due_us = timer->reloads ? due + (1 + missed) * timer->period_us : RTOS_FOR_EVER;
        timer->turn = ++rtos_running()->turns;
        timer->callback(timer->argument);
    }
}

bool rtos_timers_begin(struct rtos_timers *timers, const char *name, uint32_t priority) {
    if (timers->task == NULL)
        timers->task = rtos_task_new(name, serve, timers, priority);
    return timers->task != NULL;
}

void rtos_timer_arm(struct rtos_timers *timers, struct rtos_timer *timer, uint64_t due_us) {
    timer->due_us = due_us;
    timer->turn = ++rtos_running()->turns;
    if (timers->task->state == RTOS_WAITING && timers->task->waits_for == timers) {
        rtos_wake(timers->task); // to see what is first now
        rtos_reschedule();
    }
}

void rtos_timer_remove(struct rtos_timers *timers, struct rtos_timer *timer) {
    for (struct rtos_timer **place = &timers->first; *place != NULL; place = &(*place)->next)
        if (*place == timer) {
            *place = timer->next;
            return;
        }
    rtos_require(false, "a timer is deleted that is gone");
}
