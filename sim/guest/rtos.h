// The tasks of a guest: coroutines on the simulated clock, in an order that is always the same.
//
// The ready task of the highest priority runs; among equals the one that has been ready longest. A task gives up the processor
// when it waits, when it makes one of higher priority ready, and between two operations of the flash chip, where time has
// passed: what was due by then is ready now, and an equal that waits gets its turn when a tick has passed (docs/guest-tasks.md).
// Code takes no simulated time.
//
// FreeRTOS's functions (freertos_*.c) and timers stand on what is here. Objects are blocks of the guest's heap; whoever waits,
// waits for the address of one.
#ifndef SIM_GUEST_RTOS_H
#define SIM_GUEST_RTOS_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "../hw/board.h"
#include "coroutine.h"

#define RTOS_TICK_HZ           100u // CONFIG_FREERTOS_HZ, its default
#define RTOS_TICK_US           (1000000u / RTOS_TICK_HZ)
#define RTOS_PRIORITIES        25u // configMAX_PRIORITIES of ESP-IDF
#define RTOS_MAIN_PRIORITY     1u  // of the task that runs app_main: ESP_TASK_MAIN_PRIO
#define RTOS_TASKS_MAX         24u
#define RTOS_NAME_SIZE         16u // configMAX_TASK_NAME_LEN, with its NUL
#define RTOS_NOTIFICATIONS     1u  // configTASK_NOTIFICATION_ARRAY_ENTRIES, its default
#define RTOS_LOCAL_POINTERS    2u
#define RTOS_SHUTDOWN_HANDLERS 8u

// An app that has done nothing to its flash for so long, and only waits for time to pass, is at rest.
#define RTOS_REST_AFTER_US 300000000u

#define RTOS_FOR_EVER UINT64_MAX // a time that never comes

// Where a guest's memory comes from. `context` is handed to each.
struct rtos_services {
    void *context;
    void *(*memory_take)(void *context, size_t size); // NULL: there is none left
    void (*memory_give_back)(void *context, void *block);
    void *(*stack_take)(void *context, size_t *size); // NULL: there is none left
    void (*stack_give_back)(void *context, void *stack);
    // What else belongs to a task, thread-local memory among it; may be NULL.
    void *(*local_new)(void *context, void *stack);
    void (*local_free)(void *context, void *local);
    void (*local_use)(void *context, void *local); // of the task that runs from now on
    void (*idles)(void *context);                  // all tasks wait; NULL: nobody wants to know
};

enum rtos_task_state {
    RTOS_NO_TASK,
    RTOS_READY,
    RTOS_WAITING,
    RTOS_SUSPENDED,
    RTOS_ENDED // its stack is free once nobody runs on it
};

struct rtos_task {
    struct coroutine coroutine;
    enum rtos_task_state state;
    char name[RTOS_NAME_SIZE];
    void (*entry)(void *argument);
    void *argument;
    uint32_t priority, base_priority; // with what it inherited, and its own
    uint32_t mutexes_held;
    uint64_t turn;         // since when it is ready or waits, among equals: the lower, the earlier
    uint64_t wake_us;      // of the board's clock, while it waits
    const void *waits_for; // NULL: for time alone
    bool woken;            // it waited and what it waited for came
    bool may_return;       // its entry may: app_main and functions that steps call
    void *stack, *local;
    struct board_calls calls; // of the firmware that it is in, while others run
    uint64_t id;
    struct {
        uint32_t value;
        bool pending;
    } notifications[RTOS_NOTIFICATIONS];
    uint32_t bits_wanted; // of an event group, while it waits for one
    bool bits_all, bits_clear;
    uint32_t bits_got;
    void *local_pointers[RTOS_LOCAL_POINTERS];
};

// Which of the orders that are possible is run. 0 is the scheduler's own.
struct rtos_schedule {
    uint32_t number;
    uint64_t points;   // so far, at which there was a choice
    uint64_t differed; // at which something else was chosen than by schedule 0
};

struct rtos_timer {
    struct rtos_timer *next;
    void (*callback)(void *argument);
    void *argument;
    void *owner; // pvTimerID
    char name[RTOS_NAME_SIZE];
    uint64_t period_us; // 0: once
    uint64_t due_us;    // RTOS_FOR_EVER: it is not running
    uint64_t turn;
    bool reloads;
    bool skips; // expiries that it is too late for
};

struct rtos_timers { // one service: a task that runs the callbacks of timers that are due
    struct rtos_timer *first;
    struct rtos_task *task; // NULL: no timer was made yet
};

struct rtos {
    struct rtos_services services;
    struct rtos_task tasks[RTOS_TASKS_MAX];
    struct rtos_task *current;
    struct rtos_schedule schedule;
    uint64_t turns;
    uint64_t start_us;       // of the board's clock
    uint64_t last_change_us; // when its flash was last changed
    uint64_t current_tick;   // in which the current task got its turn
    uint32_t critical;       // nesting; nobody else runs meanwhile
    bool stops;              // what the board does with its program is due on its own stack
    bool at_rest;
    bool waits_for_time; // at rest with tasks that only wait for time
    struct rtos_timers software_timers, esp_timers;
    uint64_t random;                                         // esp_random's; 0: nothing was asked for yet
    void (*shutdown_handlers[RTOS_SHUTDOWN_HANDLERS])(void); // NULL: free
};

// Begins anew: the start of an app. What an earlier one left is to be ended before.
void rtos_start(struct rtos *rtos, const struct rtos_services *services, uint32_t schedule);

// Within a board's program, on its own stack: runs entry(argument) as a task of app_main's priority, and all others, until the
// app is at rest. Returns true when entry has returned or its task is gone, false when it still waits.
bool rtos_run(struct rtos *rtos, const char *name, void (*entry)(void *argument), void *argument);

// Ends all tasks, in no program: their stacks are free.
void rtos_end(struct rtos *rtos);

// The one that runs on this thread. Asking without one is a programming error and aborts the process.
struct rtos *rtos_running(void);
bool rtos_runs(void);

// ---- for what tasks call ------------------------------------------------------------------------

struct rtos_task *rtos_current(void);

// NULL: there is no memory, or there are too many. It is ready: rtos_reschedule lets it run.
struct rtos_task *rtos_task_new(const char *name, void (*entry)(void *argument), void *argument,
                                uint32_t priority);
void rtos_task_delete(struct rtos_task *task); // NULL or the current one: never returns
void rtos_task_suspend(struct rtos_task *task);
void rtos_task_resume(struct rtos_task *task);
void rtos_task_set_priority(struct rtos_task *task, uint32_t priority);

uint64_t rtos_now_us(void);    // since the app's start
uint32_t rtos_now_ticks(void); // the same
uint64_t
rtos_time_of_tick(uint32_t ticks); // so many from now: when that tick begins. UINT32_MAX: RTOS_FOR_EVER

// The current task waits until somebody wakes it or the time (rtos_time_of_tick) has come. True: it was woken.
bool rtos_wait(const void *object, uint64_t until_us);

// Wakes who waits for an object: the one of the highest priority, among equals who waits longest. NULL: nobody did.
// Whoever wakes somebody calls rtos_reschedule when his object is in order again.
struct rtos_task *rtos_wake_one(const void *object);
struct rtos_task *rtos_first_waiting(const void *object);
void rtos_wake(struct rtos_task *task);

// Lets a ready task of higher priority run.
void rtos_reschedule(void);
// Lets equals that are ready run first.
void rtos_yield(void);

// As if all tasks waited: what watches that they do is content.
void rtos_idle(void);

// Nobody else runs in between, whatever is due.
void rtos_critical_begin(void);
void rtos_critical_end(void);

void *rtos_memory_take(size_t size); // all zeros; NULL: there is none left
void rtos_memory_give_back(void *block);

// A wrong use that the real kernel asserts: a panic on the board.
void rtos_require(bool condition, const char *why);

// ---- timers -------------------------------------------------------------------------------------

// Callbacks run in a task of the given priority, in the order in which they are due. False: there is no memory for it.
bool rtos_timers_begin(struct rtos_timers *timers, const char *name, uint32_t priority);
void rtos_timer_arm(struct rtos_timers *timers, struct rtos_timer *timer, uint64_t due_us);
void rtos_timer_remove(struct rtos_timers *timers, struct rtos_timer *timer);

// ---- schedules ----------------------------------------------------------------------------------

// Which of `count` ready tasks runs at the choice of that ordinal; 0 is the scheduler's own. Even schedules differ from it at
// one point, odd ones here and there.
uint32_t rtos_schedule_choice(uint32_t number, uint64_t ordinal, uint32_t count);

#endif
