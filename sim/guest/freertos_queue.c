// FreeRTOS's queues, and semaphores, which are queues of nothing, over rtos.h.
#include "include/freertos/queue.h"
#include "include/freertos/semphr.h"

#include <assert.h>
#include <string.h>

#include "rtos.h"

enum queue_kind { QUEUE, SEMAPHORE, MUTEX, RECURSIVE_MUTEX };

// Receivers wait for its address, senders for that of `count`.
struct QueueDefinition {
    enum queue_kind kind;
    bool is_static; // its memory is the guest's own
    uint32_t length, item_size;
    uint32_t count, first; // items that are in it, and where the oldest is
    uint8_t *items;
    struct rtos_task *holder; // of a mutex; NULL: nobody
    uint32_t depth;           // how often its holder took it
};

static_assert(sizeof(StaticQueue_t) >= sizeof(struct QueueDefinition), "room for a queue");

static const void *senders_of(const struct QueueDefinition *queue) {
    return &queue->count;
}

// ---- life ---------------------------------------------------------------------------------------

static QueueHandle_t make(enum queue_kind kind, uint32_t length, uint32_t item_size, uint32_t count,
                          struct QueueDefinition *room, uint8_t *storage) {
    rtos_require(length > 0, "a queue of length 0");
    uint64_t bytes = (uint64_t)length * item_size;
    if (bytes > UINT32_MAX)
        return NULL;
    struct QueueDefinition *queue = room;
    if (queue == NULL) { // items behind it
        queue = rtos_memory_take(sizeof *queue + (size_t)bytes);
        if (queue == NULL)
            return NULL;
        storage = (uint8_t *)(queue + 1);
    }
    *queue = (struct QueueDefinition){.kind = kind,
                                      .is_static = room != NULL,
                                      .length = length,
                                      .item_size = item_size,
                                      .count = count,
                                      .items = storage};
    return queue;
}

QueueHandle_t xQueueCreate(UBaseType_t length, UBaseType_t item_size) {
    return make(QUEUE, length, item_size, 0, NULL, NULL);
}

QueueHandle_t xQueueCreateStatic(UBaseType_t length, UBaseType_t item_size, uint8_t *storage,
                                 StaticQueue_t *room) {
    return make(QUEUE, length, item_size, 0, (struct QueueDefinition *)room, storage);
}

void vQueueDelete(QueueHandle_t queue) {
    rtos_require(rtos_first_waiting(queue) == NULL && rtos_first_waiting(senders_of(queue)) == NULL,
                 "a queue or semaphore is deleted that a task waits for");
    if (!queue->is_static)
        rtos_memory_give_back(queue);
}

// ---- items --------------------------------------------------------------------------------------

static uint8_t *place(const struct QueueDefinition *queue, uint32_t index) {
    return queue->items + (size_t)((queue->first + index) % queue->length) * queue->item_size;
}

static void put(struct QueueDefinition *queue, const void *item, bool in_front) {
    if (in_front)
        queue->first = (queue->first + queue->length - 1) % queue->length;
    if (queue->item_size != 0)
        memcpy(place(queue, in_front ? 0 : queue->count), item, queue->item_size);
    queue->count++;
}

static void look(const struct QueueDefinition *queue, void *item) {
    if (queue->item_size != 0)
        memcpy(item, place(queue, 0), queue->item_size);
}

// Who is woken tries again: another task of higher priority may have been faster. At the end of the time it looks once more.
static BaseType_t send(QueueHandle_t queue, const void *item, TickType_t ticks, bool in_front) {
    rtos_require(queue != NULL, "a queue or semaphore that is NULL");
    uint64_t until = rtos_time_of_tick(ticks);
    for (bool in_time = ticks != 0;; in_time = rtos_wait(senders_of(queue), until)) {
        if (queue->count < queue->length) {
            put(queue, item, in_front);
            (void)rtos_wake_one(queue);
            rtos_reschedule();
            return pdTRUE;
        }
        if (!in_time)
            return errQUEUE_FULL;
    }
}

static BaseType_t receive(QueueHandle_t queue, void *item, TickType_t ticks, bool keep) {
    rtos_require(queue != NULL, "a queue or semaphore that is NULL");
    uint64_t until = rtos_time_of_tick(ticks);
    for (bool in_time = ticks != 0;; in_time = rtos_wait(queue, until)) {
        if (queue->count > 0) {
            look(queue, item);
            if (keep) {
                (void)rtos_wake_one(queue); // there is still something for the next one
            } else {
                queue->first = (queue->first + 1) % queue->length;
                queue->count--;
                (void)rtos_wake_one(senders_of(queue));
            }
            rtos_reschedule();
            return pdTRUE;
        }
        if (!in_time)
            return errQUEUE_EMPTY;
    }
}

BaseType_t xQueueSend(QueueHandle_t queue, const void *item, TickType_t ticks) {
    return send(queue, item, ticks, false);
}

BaseType_t xQueueSendToBack(QueueHandle_t queue, const void *item, TickType_t ticks) {
    return send(queue, item, ticks, false);
}

BaseType_t xQueueSendToFront(QueueHandle_t queue, const void *item, TickType_t ticks) {
    return send(queue, item, ticks, true);
}

BaseType_t xQueueOverwrite(QueueHandle_t queue, const void *item) {
    rtos_require(queue != NULL && queue->length == 1, "xQueueOverwrite on a queue that is longer than 1");
    queue->count = 0;
    return send(queue, item, 0, false);
}

static void nobody_was_interrupted(BaseType_t *woken) {
    if (woken != NULL)
        *woken = pdFALSE;
}

BaseType_t xQueueSendFromISR(QueueHandle_t queue, const void *item, BaseType_t *woken) {
    nobody_was_interrupted(woken);
    return send(queue, item, 0, false);
}

BaseType_t xQueueSendToBackFromISR(QueueHandle_t queue, const void *item, BaseType_t *woken) {
    return xQueueSendFromISR(queue, item, woken);
}

BaseType_t xQueueSendToFrontFromISR(QueueHandle_t queue, const void *item, BaseType_t *woken) {
    nobody_was_interrupted(woken);
    return send(queue, item, 0, true);
}

BaseType_t xQueueOverwriteFromISR(QueueHandle_t queue, const void *item, BaseType_t *woken) {
    nobody_was_interrupted(woken);
    return xQueueOverwrite(queue, item);
}

BaseType_t xQueueReceive(QueueHandle_t queue, void *out_item, TickType_t ticks) {
    return receive(queue, out_item, ticks, false);
}

BaseType_t xQueuePeek(QueueHandle_t queue, void *out_item, TickType_t ticks) {
    return receive(queue, out_item, ticks, true);
}

BaseType_t xQueueReceiveFromISR(QueueHandle_t queue, void *out_item, BaseType_t *woken) {
    nobody_was_interrupted(woken);
    return receive(queue, out_item, 0, false);
}

BaseType_t xQueueReset(QueueHandle_t queue) {
    queue->count = queue->first = 0;
    (void)rtos_wake_one(senders_of(queue));
    rtos_reschedule();
    return pdPASS;
}

UBaseType_t uxQueueMessagesWaiting(QueueHandle_t queue) {
    return queue->count;
}

UBaseType_t uxQueueMessagesWaitingFromISR(QueueHandle_t queue) {
    return queue->count;
}

UBaseType_t uxQueueSpacesAvailable(QueueHandle_t queue) {
    return queue->length - queue->count;
}

// ---- semaphores ---------------------------------------------------------------------------------

SemaphoreHandle_t xSemaphoreCreateBinary(void) {
    return make(SEMAPHORE, 1, 0, 0, NULL, NULL);
}

SemaphoreHandle_t xSemaphoreCreateCounting(UBaseType_t maximum, UBaseType_t initial) {
    return initial > maximum ? NULL : make(SEMAPHORE, maximum, 0, initial, NULL, NULL);
}

SemaphoreHandle_t xSemaphoreCreateMutex(void) {
    return make(MUTEX, 1, 0, 1, NULL, NULL);
}

SemaphoreHandle_t xSemaphoreCreateRecursiveMutex(void) {
    return make(RECURSIVE_MUTEX, 1, 0, 1, NULL, NULL);
}

SemaphoreHandle_t xSemaphoreCreateBinaryStatic(StaticSemaphore_t *room) {
    return make(SEMAPHORE, 1, 0, 0, (struct QueueDefinition *)room, NULL);
}

SemaphoreHandle_t xSemaphoreCreateCountingStatic(UBaseType_t maximum, UBaseType_t initial,
                                                 StaticSemaphore_t *room) {
    return initial > maximum ? NULL
                             : make(SEMAPHORE, maximum, 0, initial, (struct QueueDefinition *)room, NULL);
}

SemaphoreHandle_t xSemaphoreCreateMutexStatic(StaticSemaphore_t *room) {
    return make(MUTEX, 1, 0, 1, (struct QueueDefinition *)room, NULL);
}

SemaphoreHandle_t xSemaphoreCreateRecursiveMutexStatic(StaticSemaphore_t *room) {
    return make(RECURSIVE_MUTEX, 1, 0, 1, (struct QueueDefinition *)room, NULL);
}

void vSemaphoreDelete(SemaphoreHandle_t semaphore) {
    vQueueDelete(semaphore);
}

// ---- mutexes ------------------------------------------------------------------------------------

static bool is_mutex(const struct QueueDefinition *queue) {
    return queue->kind == MUTEX || queue->kind == RECURSIVE_MUTEX;
}

// The time of a waiter was over: what it lent is no longer needed, unless its holder holds another mutex, too.
static void take_back(struct QueueDefinition *mutex) {
    struct rtos_task *holder = mutex->holder, *waiter = rtos_first_waiting(mutex);
    if (holder == NULL || holder->mutexes_held != 1)
        return;
    holder->priority = holder->base_priority;
    if (waiter != NULL && waiter->priority > holder->priority)
        holder->priority = waiter->priority;
}

static BaseType_t take_mutex(struct QueueDefinition *mutex, TickType_t ticks) {
    struct rtos_task *task = rtos_current();
    uint64_t until = rtos_time_of_tick(ticks);
    bool in_time = ticks != 0;
    while (mutex->count == 0) {
        if (!in_time)
            return pdFALSE;
        if (mutex->holder->priority < task->priority)
            mutex->holder->priority = task->priority;
        in_time = rtos_wait(mutex, until);
        if (!in_time)
            take_back(mutex);
    }
    mutex->count = 0;
    mutex->holder = task;
    mutex->depth = 1;
    task->mutexes_held++;
    return pdTRUE;
}

static BaseType_t give_mutex(struct QueueDefinition *mutex) {
    struct rtos_task *task = rtos_current();
    if (mutex->count != 0)
        return pdFALSE;
    rtos_require(mutex->holder == task, "a mutex is given by a task that does not hold it");
    mutex->count = 1;
    mutex->holder = NULL;
    if (--task->mutexes_held == 0)
        task->priority = task->base_priority;
    (void)rtos_wake_one(mutex);
    rtos_reschedule();
    return pdTRUE;
}

BaseType_t xSemaphoreTake(SemaphoreHandle_t semaphore, TickType_t ticks) {
    rtos_require(semaphore != NULL, "a queue or semaphore that is NULL");
    return is_mutex(semaphore) ? take_mutex(semaphore, ticks)
                               : receive(semaphore, &(uint8_t){0}, ticks, false);
}

BaseType_t xSemaphoreGive(SemaphoreHandle_t semaphore) {
    rtos_require(semaphore != NULL, "a queue or semaphore that is NULL");
    return is_mutex(semaphore) ? give_mutex(semaphore) : send(semaphore, &(uint8_t){0}, 0, false);
}

BaseType_t xSemaphoreTakeRecursive(SemaphoreHandle_t mutex, TickType_t ticks) {
    rtos_require(mutex != NULL && mutex->kind == RECURSIVE_MUTEX, "no recursive mutex");
    if (mutex->holder != rtos_current())
        return take_mutex(mutex, ticks);
    mutex->depth++;
    return pdTRUE;
}

BaseType_t xSemaphoreGiveRecursive(SemaphoreHandle_t mutex) {
    rtos_require(mutex != NULL && mutex->kind == RECURSIVE_MUTEX, "no recursive mutex");
    if (mutex->holder != rtos_current())
        return pdFALSE;
    return --mutex->depth > 0 ? pdTRUE : give_mutex(mutex);
}

BaseType_t xSemaphoreTakeFromISR(SemaphoreHandle_t semaphore, BaseType_t *woken) {
    nobody_was_interrupted(woken);
    return receive(semaphore, &(uint8_t){0}, 0, false);
}

BaseType_t xSemaphoreGiveFromISR(SemaphoreHandle_t semaphore, BaseType_t *woken) {
    nobody_was_interrupted(woken);
    return send(semaphore, &(uint8_t){0}, 0, false);
}

UBaseType_t uxSemaphoreGetCount(SemaphoreHandle_t semaphore) {
    return semaphore->count;
}

TaskHandle_t xSemaphoreGetMutexHolder(SemaphoreHandle_t mutex) {
    return mutex->holder;
}
