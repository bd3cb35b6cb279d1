// FreeRTOS's event groups over rtos.h.
#include "include/freertos/event_groups.h"

#include <assert.h>

#include "rtos.h"

#define BITS 0x00FFFFFFu // the upper byte is the kernel's own

struct EventGroupDef_t {
    EventBits_t bits;
    bool is_static;
};

static_assert(sizeof(StaticEventGroup_t) >= sizeof(struct EventGroupDef_t), "room for an event group");

EventGroupHandle_t xEventGroupCreate(void) {
    return rtos_memory_take(sizeof(struct EventGroupDef_t));
}

EventGroupHandle_t xEventGroupCreateStatic(StaticEventGroup_t *room) {
    struct EventGroupDef_t *group = (struct EventGroupDef_t *)room;
    *group = (struct EventGroupDef_t){.is_static = true};
    return group;
}

void vEventGroupDelete(EventGroupHandle_t group) {
    for (struct rtos_task *task; (task = rtos_wake_one(group)) != NULL;)
        task->bits_got = 0;
    if (!group->is_static)
        rtos_memory_give_back(group);
    rtos_reschedule();
}

static bool satisfied(EventBits_t have, EventBits_t wanted, bool all) {
    return all ? (have & wanted) == wanted : (have & wanted) != 0;
}

EventBits_t xEventGroupWaitBits(EventGroupHandle_t group, EventBits_t bits, BaseType_t clear, BaseType_t all,
                                TickType_t ticks) {
    rtos_require(group != NULL && bits != 0 && (bits & ~BITS) == 0,
                 "xEventGroupWaitBits: no group, or no bits of one");
    EventBits_t have = group->bits;
    bool good = satisfied(have, bits, all != 0);
    if (!good && ticks != 0) {
        struct rtos_task *task = rtos_current();
        task->bits_wanted = bits;
        task->bits_all = all != 0;
        task->bits_clear = clear != 0;
        if (rtos_wait(group, rtos_time_of_tick(ticks)))
            return task->bits_got; // whoever set them has cleared them
        have = group->bits;
        good = satisfied(have, bits, all != 0);
    }
    if (good && clear)
        group->bits &= ~bits;
    return have;
}

// All who wait see the same bits; what they clear is cleared when all have seen them.
EventBits_t xEventGroupSetBits(EventGroupHandle_t group, EventBits_t bits) {
    rtos_require(group != NULL && (bits & ~BITS) == 0, "xEventGroupSetBits: no group, or no bits of one");
    struct rtos *rtos = rtos_running();
    EventBits_t cleared = 0;
    group->bits |= bits;
    for (uint32_t i = 0; i < RTOS_TASKS_MAX; i++) {
        struct rtos_task *task = &rtos->tasks[i];
        if (task->state == RTOS_WAITING && task->waits_for == group)
            task->bits_got = satisfied(group->bits, task->bits_wanted, task->bits_all) ? 1 : 0;
    }
    for (uint32_t i = 0; i < RTOS_TASKS_MAX; i++) {
        struct rtos_task *task = &rtos->tasks[i];
        if (task->state != RTOS_WAITING || task->waits_for != group || task->bits_got == 0)
            continue;
        task->bits_got = group->bits;
        cleared |= task->bits_clear ? task->bits_wanted : 0;
        rtos_wake(task);
    }
    group->bits &= ~cleared;
    EventBits_t left = group->bits;
    rtos_reschedule();
    return left;
}

EventBits_t xEventGroupClearBits(EventGroupHandle_t group, EventBits_t bits) {
    EventBits_t before = group->bits;
    group->bits &= ~bits;
    return before;
}

EventBits_t xEventGroupGetBits(EventGroupHandle_t group) {
    return group->bits;
}

EventBits_t xEventGroupGetBitsFromISR(EventGroupHandle_t group) {
    return group->bits;
}

EventBits_t xEventGroupSync(EventGroupHandle_t group, EventBits_t set, EventBits_t wait, TickType_t ticks) {
    if (satisfied(group->bits | set, wait, true)) {
        EventBits_t all = group->bits | set;
        (void)xEventGroupSetBits(group, set);
        group->bits &= ~wait;
        return all;
    }
    rtos_critical_begin(); // it waits before others see what it set
    group->bits |= set;
    rtos_running()->critical--;
    return xEventGroupWaitBits(group, wait, pdTRUE, pdTRUE, ticks);
}

BaseType_t xEventGroupSetBitsFromISR(EventGroupHandle_t group, EventBits_t bits, BaseType_t *woken) {
    if (woken != NULL)
        *woken = pdFALSE;
    (void)xEventGroupSetBits(group, bits);
    return pdPASS;
}
