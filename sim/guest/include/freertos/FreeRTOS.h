// FreeRTOS as ESP-IDF brings it: its types, constants and macros. What its functions do on ota-sim's board, and where that
// differs from a chip, docs/guest-tasks.md says.
#ifndef FREERTOS_FREERTOS_H
#define FREERTOS_FREERTOS_H

#include <assert.h>
#include <stddef.h>
#include <stdint.h>

#include "esp_bit_defs.h"

#ifdef __cplusplus
extern "C" {
#endif

typedef int BaseType_t;
typedef unsigned int UBaseType_t;
typedef uint32_t TickType_t;
typedef uint8_t StackType_t; // stacks are measured in bytes

#define pdFALSE                               ((BaseType_t)0)
#define pdTRUE                                ((BaseType_t)1)
#define pdFAIL                                pdFALSE
#define pdPASS                                pdTRUE
#define errQUEUE_EMPTY                        ((BaseType_t)0)
#define errQUEUE_FULL                         ((BaseType_t)0)
#define errQUEUE_BLOCKED                      (-4)
#define errQUEUE_YIELD                        (-5)
#define errCOULD_NOT_ALLOCATE_REQUIRED_MEMORY (-1)

// CONFIG_FREERTOS_HZ and what follows from it.
#ifndef CONFIG_FREERTOS_HZ
#define CONFIG_FREERTOS_HZ 100
#endif
#define configTICK_RATE_HZ   CONFIG_FREERTOS_HZ
#define portMAX_DELAY        ((TickType_t)0xFFFFFFFFu) // wait for ever
#define portTICK_PERIOD_MS   ((TickType_t)(1000 / configTICK_RATE_HZ))
#define portTICK_RATE_MS     portTICK_PERIOD_MS
#define pdMS_TO_TICKS(ms)    ((TickType_t)((uint64_t)(ms)*configTICK_RATE_HZ / 1000u))
#define pdTICKS_TO_MS(ticks) ((TickType_t)((uint64_t)(ticks)*1000u / configTICK_RATE_HZ))

#define configMAX_PRIORITIES     25
#define configMINIMAL_STACK_SIZE 768
#define configMAX_TASK_NAME_LEN  16
#define configASSERT(condition)  assert(condition)
#define tskIDLE_PRIORITY         ((UBaseType_t)0)
#define portNUM_PROCESSORS       1
#define portPRIVILEGE_BIT        ((UBaseType_t)0)

// One processor: whoever holds the lock is not interrupted.
typedef struct {
    uint32_t owner, count;
} portMUX_TYPE;
#define portMUX_INITIALIZER_UNLOCKED                                                                         \
    { 0, 0 }
#define portMUX_INITIALIZE(mux)      (*(mux) = (portMUX_TYPE)portMUX_INITIALIZER_UNLOCKED)
#define portENTER_CRITICAL(mux)      vPortEnterCritical()
#define portEXIT_CRITICAL(mux)       vPortExitCritical()
#define portENTER_CRITICAL_ISR(mux)  vPortEnterCritical()
#define portEXIT_CRITICAL_ISR(mux)   vPortExitCritical()
#define portENTER_CRITICAL_SAFE(mux) vPortEnterCritical()
#define portEXIT_CRITICAL_SAFE(mux)  vPortExitCritical()
#define taskENTER_CRITICAL(mux)      vPortEnterCritical()
#define taskEXIT_CRITICAL(mux)       vPortExitCritical()
#define portDISABLE_INTERRUPTS()     vPortEnterCritical()
#define portENABLE_INTERRUPTS()      vPortExitCritical()

void vPortEnterCritical(void);
void vPortExitCritical(void);
BaseType_t xPortGetCoreID(void);    // 0
BaseType_t xPortInIsrContext(void); // pdFALSE: there are no interrupts
size_t xPortGetFreeHeapSize(void);  // bytes
size_t xPortGetMinimumEverFreeHeapSize(void);
void *pvPortMalloc(size_t size);
void vPortFree(void *block);

#define portYIELD()             vPortYield()
#define portYIELD_FROM_ISR(...) vPortYield()
void vPortYield(void);

// Room for what ...CreateStatic makes; nothing in it is for anybody to look at.
typedef struct {
    void *room_[32];
} StaticQueue_t;
typedef StaticQueue_t StaticSemaphore_t;
typedef struct {
    void *room_[8];
} StaticEventGroup_t;
typedef struct {
    void *room_[32];
} StaticTimer_t;
typedef struct {
    void *room_[8];
} StaticTask_t;

#ifdef __cplusplus
}
#endif

#endif
