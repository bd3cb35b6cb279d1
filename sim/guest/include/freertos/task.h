// FreeRTOS's tasks and their notifications.
#ifndef FREERTOS_TASK_H
#define FREERTOS_TASK_H

#include <stdbool.h>

#include "FreeRTOS.h"

#ifdef __cplusplus
extern "C" {
#endif

typedef struct rtos_task *TaskHandle_t;
typedef void (*TaskFunction_t)(void *argument);

#define tskNO_AFFINITY ((BaseType_t)0x7FFFFFFF)

typedef enum { eRunning, eReady, eBlocked, eSuspended, eDeleted, eInvalid } eTaskState;
typedef enum {
    eNoAction,
    eSetBits,
    eIncrement,
    eSetValueWithOverwrite,
    eSetValueWithoutOverwrite
} eNotifyAction;

#define taskSCHEDULER_SUSPENDED   ((BaseType_t)0)
#define taskSCHEDULER_NOT_STARTED ((BaseType_t)1)
#define taskSCHEDULER_RUNNING     ((BaseType_t)2)

// ---- tasks --------------------------------------------------------------------------------------

// stack_bytes is not looked at: all stacks are of one size (docs/guest-tasks.md). A task function must not return: a task deletes
// itself. errCOULD_NOT_ALLOCATE_REQUIRED_MEMORY: no memory, or too many tasks.
BaseType_t xTaskCreate(TaskFunction_t function, const char *name, uint32_t stack_bytes, void *argument,
                       UBaseType_t priority, TaskHandle_t *out_task);
BaseType_t xTaskCreatePinnedToCore(TaskFunction_t function, const char *name, uint32_t stack_bytes,
                                   void *argument, UBaseType_t priority, TaskHandle_t *out_task,
                                   BaseType_t core);
TaskHandle_t xTaskCreateStatic(TaskFunction_t function, const char *name, uint32_t stack_bytes,
                               void *argument, UBaseType_t priority, StackType_t *stack, StaticTask_t *task);
TaskHandle_t xTaskCreateStaticPinnedToCore(TaskFunction_t function, const char *name, uint32_t stack_bytes,
                                           void *argument, UBaseType_t priority, StackType_t *stack,
                                           StaticTask_t *task, BaseType_t core);

// NULL stands for the calling task in all of these.
void vTaskDelete(TaskHandle_t task);
void vTaskSuspend(TaskHandle_t task);
void vTaskResume(TaskHandle_t task);
void vTaskPrioritySet(TaskHandle_t task, UBaseType_t priority);
UBaseType_t uxTaskPriorityGet(TaskHandle_t task);
char *pcTaskGetName(TaskHandle_t task);
#define pcTaskGetTaskName pcTaskGetName
eTaskState eTaskGetState(TaskHandle_t task);
// Always half of the stack: what a function needs on this computer says nothing of the chip.
UBaseType_t uxTaskGetStackHighWaterMark(TaskHandle_t task);
TaskHandle_t xTaskGetCurrentTaskHandle(void);
TaskHandle_t xTaskGetHandle(const char *name); // NULL: there is none
UBaseType_t uxTaskGetNumberOfTasks(void);      // idle and timer tasks of the system not included
BaseType_t xTaskGetSchedulerState(void);
BaseType_t xTaskGetCoreID(TaskHandle_t task);
void *pvTaskGetThreadLocalStoragePointer(TaskHandle_t task, BaseType_t index);
void vTaskSetThreadLocalStoragePointer(TaskHandle_t task, BaseType_t index, void *value);

// ---- time ---------------------------------------------------------------------------------------

void vTaskDelay(TickType_t ticks); // until so many ticks have begun; 0: yields
void vTaskDelayUntil(TickType_t *previous_wake, TickType_t period);
BaseType_t xTaskDelayUntil(TickType_t *previous_wake, TickType_t period); // pdFALSE: that was already over
TickType_t xTaskGetTickCount(void);                                       // since the app started
TickType_t xTaskGetTickCountFromISR(void);
#define taskYIELD() vPortYield()

void vTaskSuspendAll(void); // nobody else runs until
BaseType_t xTaskResumeAll(void);

// ---- notifications ------------------------------------------------------------------------------

BaseType_t xTaskNotify(TaskHandle_t task, uint32_t value, eNotifyAction action);
BaseType_t xTaskNotifyAndQuery(TaskHandle_t task, uint32_t value, eNotifyAction action, uint32_t *before);
BaseType_t xTaskNotifyFromISR(TaskHandle_t task, uint32_t value, eNotifyAction action, BaseType_t *woken);
BaseType_t xTaskNotifyGive(TaskHandle_t task);
void vTaskNotifyGiveFromISR(TaskHandle_t task, BaseType_t *woken);
uint32_t ulTaskNotifyTake(BaseType_t clear, TickType_t ticks);
BaseType_t xTaskNotifyWait(uint32_t clear_on_entry, uint32_t clear_on_exit, uint32_t *out_value,
                           TickType_t ticks);
BaseType_t xTaskNotifyStateClear(TaskHandle_t task);
uint32_t ulTaskNotifyValueClear(TaskHandle_t task, uint32_t bits);

#ifdef __cplusplus
}
#endif

#endif
