// FreeRTOS's tasks and notifications over rtos.h.
#include "include/freertos/task.h"

#include <string.h>

#include "rtos.h"

static struct rtos_task *task_or_current(TaskHandle_t task) {
    return task == NULL ? rtos_current() : task;
}

// ---- tasks --------------------------------------------------------------------------------------

BaseType_t xTaskCreate(TaskFunction_t function, const char *name, uint32_t stack_bytes, void *argument,
                       UBaseType_t priority, TaskHandle_t *out_task) {
    (void)stack_bytes;
    struct rtos_task *task = rtos_task_new(name, function, argument, priority);
    if (task == NULL)
        return errCOULD_NOT_ALLOCATE_REQUIRED_MEMORY;
    if (out_task != NULL)
        *out_task = task; // before it runs: it may use it
    rtos_reschedule();
    return pdPASS;
}

BaseType_t xTaskCreatePinnedToCore(TaskFunction_t function, const char *name, uint32_t stack_bytes,
                                   void *argument, UBaseType_t priority, TaskHandle_t *out_task,
                                   BaseType_t core) {
    (void)core;
    return xTaskCreate(function, name, stack_bytes, argument, priority, out_task);
}

TaskHandle_t xTaskCreateStatic(TaskFunction_t function, const char *name, uint32_t stack_bytes,
                               void *argument, UBaseType_t priority, StackType_t *stack, StaticTask_t *room) {
    (void)stack;
    (void)room;
    TaskHandle_t task = NULL;
    (void)xTaskCreate(function, name, stack_bytes, argument, priority, &task);
    return task;
}

TaskHandle_t xTaskCreateStaticPinnedToCore(TaskFunction_t function, const char *name, uint32_t stack_bytes,
                                           void *argument, UBaseType_t priority, StackType_t *stack,
                                           StaticTask_t *room, BaseType_t core) {
    (void)core;
    return xTaskCreateStatic(function, name, stack_bytes, argument, priority, stack, room);
}

void vTaskDelete(TaskHandle_t task) {
    rtos_task_delete(task);
}

void vTaskSuspend(TaskHandle_t task) {
    rtos_task_suspend(task);
}

void vTaskResume(TaskHandle_t task) {
    rtos_task_resume(task);
}

void vTaskPrioritySet(TaskHandle_t task, UBaseType_t priority) {
    rtos_task_set_priority(task, priority);
}

UBaseType_t uxTaskPriorityGet(TaskHandle_t task) {
    return task_or_current(task)->priority;
}

char *pcTaskGetName(TaskHandle_t task) {
    return task_or_current(task)->name;
}

eTaskState eTaskGetState(TaskHandle_t task) {
    if (task == NULL)
        return eInvalid;
    switch (task->state) {
    case RTOS_READY:
        return task == rtos_current() ? eRunning : eReady;
    case RTOS_WAITING:
        // As the real kernel: who waits for an object without end counts as suspended for none but itself.
        return eBlocked;
    case RTOS_SUSPENDED:
        return eSuspended;
    case RTOS_NO_TASK:
    case RTOS_ENDED:
        break;
    }
    return eDeleted;
}

UBaseType_t uxTaskGetStackHighWaterMark(TaskHandle_t task) {
    return (UBaseType_t)(task_or_current(task)->coroutine.size / 2);
}

TaskHandle_t xTaskGetCurrentTaskHandle(void) {
    return rtos_current();
}

static bool lives(const struct rtos_task *task) {
    return task->state != RTOS_NO_TASK && task->state != RTOS_ENDED;
}

TaskHandle_t xTaskGetHandle(const char *name) {
    struct rtos *rtos = rtos_running();
    for (uint32_t i = 0; i < RTOS_TASKS_MAX; i++)
        if (lives(&rtos->tasks[i]) && strcmp(rtos->tasks[i].name, name) == 0)
            return &rtos->tasks[i];
    return NULL;
}

UBaseType_t uxTaskGetNumberOfTasks(void) {
    const struct rtos *rtos = rtos_running();
    UBaseType_t count = 0;
    for (uint32_t i = 0; i < RTOS_TASKS_MAX; i++)
        count += lives(&rtos->tasks[i]) && &rtos->tasks[i] != rtos->software_timers.task &&
                 &rtos->tasks[i] != rtos->esp_timers.task;
    return count;
}

BaseType_t xTaskGetSchedulerState(void) {
    return rtos_running()->critical == 0 ? taskSCHEDULER_RUNNING : taskSCHEDULER_SUSPENDED;
}

BaseType_t xTaskGetCoreID(TaskHandle_t task) {
    (void)task;
    return 0;
}

void *pvTaskGetThreadLocalStoragePointer(TaskHandle_t task, BaseType_t index) {
    if (index < 0 || (uint32_t)index >= RTOS_LOCAL_POINTERS)
        return NULL;
    return task_or_current(task)->local_pointers[index];
}

void vTaskSetThreadLocalStoragePointer(TaskHandle_t task, BaseType_t index, void *value) {
    if (index >= 0 && (uint32_t)index < RTOS_LOCAL_POINTERS)
        task_or_current(task)->local_pointers[index] = value;
}

// ---- time ---------------------------------------------------------------------------------------

void vTaskDelay(TickType_t ticks) {
    if (ticks == 0)
        rtos_yield();
    else
        (void)rtos_wait(NULL, rtos_time_of_tick(ticks));
}

BaseType_t xTaskDelayUntil(TickType_t *previous_wake, TickType_t period) {
    TickType_t now = rtos_now_ticks(), wake = *previous_wake + period;
    *previous_wake = wake;
    if ((int32_t)(wake - now) <= 0)
        return pdFALSE;
    (void)rtos_wait(NULL, rtos_time_of_tick(wake - now));
    return pdTRUE;
}

void vTaskDelayUntil(TickType_t *previous_wake, TickType_t period) {
    (void)xTaskDelayUntil(previous_wake, period);
}

TickType_t xTaskGetTickCount(void) {
    return rtos_now_ticks();
}

TickType_t xTaskGetTickCountFromISR(void) {
    return rtos_now_ticks();
}

void vTaskSuspendAll(void) {
    rtos_critical_begin();
}

BaseType_t xTaskResumeAll(void) {
    rtos_critical_end();
    return pdFALSE;
}

void vPortEnterCritical(void) {
    rtos_critical_begin();
}

void vPortExitCritical(void) {
    rtos_critical_end();
}

void vPortYield(void) {
    rtos_yield();
}

BaseType_t xPortGetCoreID(void) {
    return 0;
}

BaseType_t xPortInIsrContext(void) {
    return pdFALSE;
}

// ---- notifications ------------------------------------------------------------------------------

BaseType_t xTaskNotifyAndQuery(TaskHandle_t task, uint32_t value, eNotifyAction action, uint32_t *before) {
    rtos_require(task != NULL, "a notification for no task");
    uint32_t *current = &task->notifications[0].value;
    bool pending = task->notifications[0].pending;
    if (before != NULL)
        *before = *current;
    if (action == eSetValueWithoutOverwrite && pending)
        return pdFAIL;
    if (action == eSetBits)
        *current |= value;
    else if (action == eIncrement)
        ++*current;
    else if (action != eNoAction)
        *current = value;
    task->notifications[0].pending = true;
    if (task->state == RTOS_WAITING && task->waits_for == task->notifications) {
        rtos_wake(task);
        rtos_reschedule();
    }
    return pdPASS;
}

BaseType_t xTaskNotify(TaskHandle_t task, uint32_t value, eNotifyAction action) {
    return xTaskNotifyAndQuery(task, value, action, NULL);
}

BaseType_t xTaskNotifyFromISR(TaskHandle_t task, uint32_t value, eNotifyAction action, BaseType_t *woken) {
    if (woken != NULL)
        *woken = pdFALSE;
    return xTaskNotify(task, value, action);
}

BaseType_t xTaskNotifyGive(TaskHandle_t task) {
    return xTaskNotify(task, 0, eIncrement);
}

void vTaskNotifyGiveFromISR(TaskHandle_t task, BaseType_t *woken) {
    (void)xTaskNotifyFromISR(task, 0, eIncrement, woken);
}

uint32_t ulTaskNotifyTake(BaseType_t clear, TickType_t ticks) {
    struct rtos_task *task = rtos_current();
    if (task->notifications[0].value == 0 && ticks != 0)
        (void)rtos_wait(task->notifications, rtos_time_of_tick(ticks));
    uint32_t value = task->notifications[0].value;
    if (value != 0)
        task->notifications[0].value = clear ? 0 : value - 1;
    task->notifications[0].pending = false;
    return value;
}

BaseType_t xTaskNotifyWait(uint32_t clear_on_entry, uint32_t clear_on_exit, uint32_t *out_value,
                           TickType_t ticks) {
    struct rtos_task *task = rtos_current();
    if (!task->notifications[0].pending) {
        task->notifications[0].value &= ~clear_on_entry;
        if (ticks != 0)
            (void)rtos_wait(task->notifications, rtos_time_of_tick(ticks));
    }
    if (out_value != NULL)
        *out_value = task->notifications[0].value;
    if (!task->notifications[0].pending)
        return pdFALSE;
    task->notifications[0].pending = false;
    task->notifications[0].value &= ~clear_on_exit;
    return pdTRUE;
}

BaseType_t xTaskNotifyStateClear(TaskHandle_t task) {
    struct rtos_task *which = task_or_current(task);
    bool pending = which->notifications[0].pending;
    which->notifications[0].pending = false;
    return pending ? pdTRUE : pdFALSE;
}

uint32_t ulTaskNotifyValueClear(TaskHandle_t task, uint32_t bits) {
    struct rtos_task *which = task_or_current(task);
    uint32_t before = which->notifications[0].value;
    which->notifications[0].value &= ~bits;
    return before;
}
