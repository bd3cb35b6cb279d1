// FreeRTOS's semaphores and mutexes. Mutexes lend their holder the priority of who waits for them.
#ifndef FREERTOS_SEMPHR_H
#define FREERTOS_SEMPHR_H

#include "queue.h"
#include "task.h"

#ifdef __cplusplus
extern "C" {
#endif

typedef QueueHandle_t SemaphoreHandle_t;

// NULL: there is no memory. A binary semaphore is made empty, a mutex free.
SemaphoreHandle_t xSemaphoreCreateBinary(void);
SemaphoreHandle_t xSemaphoreCreateCounting(UBaseType_t maximum, UBaseType_t initial);
SemaphoreHandle_t xSemaphoreCreateMutex(void);
SemaphoreHandle_t xSemaphoreCreateRecursiveMutex(void);
SemaphoreHandle_t xSemaphoreCreateBinaryStatic(StaticSemaphore_t *semaphore);
SemaphoreHandle_t xSemaphoreCreateCountingStatic(UBaseType_t maximum, UBaseType_t initial,
                                                 StaticSemaphore_t *semaphore);
SemaphoreHandle_t xSemaphoreCreateMutexStatic(StaticSemaphore_t *semaphore);
SemaphoreHandle_t xSemaphoreCreateRecursiveMutexStatic(StaticSemaphore_t *semaphore);
void vSemaphoreDelete(SemaphoreHandle_t semaphore);

// pdTRUE: taken; pdFALSE: not within that time. A mutex is given by who holds it: another's give is a panic.
BaseType_t xSemaphoreTake(SemaphoreHandle_t semaphore, TickType_t ticks);
BaseType_t xSemaphoreGive(SemaphoreHandle_t semaphore); // pdFALSE: it is full
BaseType_t xSemaphoreTakeRecursive(SemaphoreHandle_t mutex, TickType_t ticks);
BaseType_t xSemaphoreGiveRecursive(SemaphoreHandle_t mutex); // pdFALSE: not the caller's
BaseType_t xSemaphoreTakeFromISR(SemaphoreHandle_t semaphore, BaseType_t *woken);
BaseType_t xSemaphoreGiveFromISR(SemaphoreHandle_t semaphore, BaseType_t *woken);
UBaseType_t uxSemaphoreGetCount(SemaphoreHandle_t semaphore);
TaskHandle_t xSemaphoreGetMutexHolder(SemaphoreHandle_t mutex); // NULL: nobody holds it

#ifdef __cplusplus
}
#endif

#endif
