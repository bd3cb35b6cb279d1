#include "rtos.h"

#include <assert.h>
#include <stdio.h>
#include <string.h>

#include "../../ota/port.h"
#include "../hw/board.h"

static _Thread_local struct rtos *running;

struct rtos *rtos_running(void) {
    assert(running != NULL && "a function of the RTOS was called outside of an app");
    return running;
}

bool rtos_runs(void) {
    return running != NULL;
}

struct rtos_task *rtos_current(void) {
    struct rtos *rtos = rtos_running();
    assert(rtos->current != NULL);
    return rtos->current;
}

void rtos_require(bool condition, const char *why) {
    if (!condition)
        port_halt(PORT_HALT_PANIC, why);
}

void *rtos_memory_take(size_t size) {
    struct rtos *rtos = rtos_running();
    void *block = rtos->services.memory_take(rtos->services.context, size);
    if (block != NULL)
        memset(block, 0, size);
    return block;
}

void rtos_memory_give_back(void *block) {
    struct rtos *rtos = rtos_running();
    rtos->services.memory_give_back(rtos->services.context, block);
}

// ---- time ---------------------------------------------------------------------------------------

static uint64_t ticks_of(const struct rtos *rtos, uint64_t board_us) {
    return (board_us - rtos->start_us) / RTOS_TICK_US;
}

uint64_t rtos_now_us(void) {
    return port_time_us() - rtos_running()->start_us;
}

uint32_t rtos_now_ticks(void) {
    return (uint32_t)ticks_of(rtos_running(), port_time_us());
}

uint64_t rtos_time_of_tick(uint32_t ticks) {
    const struct rtos *rtos = rtos_running();
    if (ticks == UINT32_MAX)
        return RTOS_FOR_EVER;
    return rtos->start_us + (ticks_of(rtos, port_time_us()) + ticks) * RTOS_TICK_US;
}

// ---- who runs -----------------------------------------------------------------------------------

static void make_ready(struct rtos *rtos, struct rtos_task *task) {
    task->state = RTOS_READY;
    task->waits_for = NULL;
    task->wake_us = RTOS_FOR_EVER;
    task->turn = ++rtos->turns;
}

static bool before(const struct rtos_task *a, const struct rtos_task *b) {
    return a->priority != b->priority ? a->priority > b->priority : a->turn < b->turn;
}

// Makes ready whose time has come, in the order of their times.
static void expire(struct rtos *rtos) {
    uint64_t now = port_time_us();
    for (;;) {
        struct rtos_task *first = NULL;
        for (uint32_t i = 0; i < RTOS_TASKS_MAX; i++) {
            struct rtos_task *task = &rtos->tasks[i];
            if (task->state != RTOS_WAITING || task->wake_us > now)
                continue;
            if (first == NULL || task->wake_us < first->wake_us ||
                (task->wake_us == first->wake_us && task->turn < first->turn))
                first = task;
        }
        if (first == NULL)
            return;
        first->woken = false;
        make_ready(rtos, first);
    }
}

// The ready tasks in the order in which the scheduler would take them.
static uint32_t ready_tasks(struct rtos *rtos, struct rtos_task *ready[RTOS_TASKS_MAX]) {
    uint32_t count = 0;
    for (uint32_t i = 0; i < RTOS_TASKS_MAX; i++) {
        struct rtos_task *task = &rtos->tasks[i];
        if (task->state != RTOS_READY)
            continue;
        uint32_t place = count++;
        for (; place > 0 && before(task, ready[place - 1]); place--)
            ready[place] = ready[place - 1];
        ready[place] = task;
    }
    return count;
}

static struct rtos_task *choose(struct rtos *rtos) {
    struct rtos_task *ready[RTOS_TASKS_MAX];
    uint32_t count = ready_tasks(rtos, ready), index = 0;
    if (count == 0)
        return NULL;
    if (count > 1) {
        index = rtos_schedule_choice(rtos->schedule.number, rtos->schedule.points++, count);
        rtos->schedule.differed += index != 0;
    }
    return ready[index];
}

// The current task stays ready and lets the scheduler choose.
static void let_choose(struct rtos *rtos) {
    if (rtos->critical == 0)
        coroutine_suspend();
}

void rtos_reschedule(void) {
    struct rtos *rtos = rtos_running();
    if (rtos->current == NULL)
        return;
    struct rtos_task *ready[RTOS_TASKS_MAX];
    if (ready_tasks(rtos, ready) > 1 &&
        (ready[0]->priority > rtos->current->priority || rtos->schedule.number != 0))
        let_choose(rtos);
}

void rtos_yield(void) {
    struct rtos *rtos = rtos_running();
    rtos->current->turn = ++rtos->turns;
    expire(rtos);
    let_choose(rtos);
}

void rtos_critical_begin(void) {
    rtos_running()->critical++;
}

void rtos_critical_end(void) {
    struct rtos *rtos = rtos_running();
    rtos_require(rtos->critical > 0, "a critical section is left that was not entered");
    if (--rtos->critical == 0)
        rtos_reschedule();
}

void rtos_idle(void) {
    const struct rtos_services *services = &rtos_running()->services;
    if (services->idles != NULL)
        services->idles(services->context);
}

// NVS and the list of partitions have locks of their own in ESP-IDF: whoever is at work there is not interrupted.
static bool locks(const char *call) {
    return call != NULL && strncmp(call, "nvs_", 4) == 0;
}

// The flash chip has done an operation, and time has passed.
static void after_operation(void *context) {
    struct rtos *rtos = context;
    rtos->last_change_us = port_time_us();
    if (rtos->current == NULL || rtos->critical != 0 || coroutine_running() != &rtos->current->coroutine)
        return;
    expire(rtos);
    if (locks(board_program_call()))
        return;
    uint64_t tick = ticks_of(rtos, port_time_us());
    if (tick != rtos->current_tick) { // a time slice is over
        rtos->current_tick = tick;
        rtos->current->turn = ++rtos->turns;
    }
    struct rtos_task *ready[RTOS_TASKS_MAX];
    if (ready_tasks(rtos, ready) > 1 && (ready[0] != rtos->current || rtos->schedule.number != 0))
        let_choose(rtos);
}

// ---- waiting and waking -------------------------------------------------------------------------

bool rtos_wait(const void *object, uint64_t until_us) {
    struct rtos *rtos = rtos_running();
    struct rtos_task *task = rtos_current();
    rtos_require(rtos->critical == 0, "a task waits in a critical section");
    if (until_us <= port_time_us())
        return false;
    task->state = RTOS_WAITING;
    task->waits_for = object;
    task->wake_us = until_us;
    task->turn = ++rtos->turns;
    task->woken = false;
    coroutine_suspend();
    return task->woken;
}

void rtos_wake(struct rtos_task *task) {
    task->woken = true;
    make_ready(rtos_running(), task);
}

struct rtos_task *rtos_first_waiting(const void *object) {
    struct rtos *rtos = rtos_running();
    struct rtos_task *first = NULL;
    for (uint32_t i = 0; i < RTOS_TASKS_MAX; i++) {
        struct rtos_task *task = &rtos->tasks[i];
        if (task->state == RTOS_WAITING && task->waits_for == object &&
            (first == NULL || before(task, first)))
            first = task;
    }
    return first;
}

struct rtos_task *rtos_wake_one(const void *object) {
    struct rtos_task *task = rtos_first_waiting(object);
    if (task != NULL)
        rtos_wake(task);
    return task;
}

// ---- tasks --------------------------------------------------------------------------------------

static void task_begins(void *argument) {
    struct rtos_task *task = argument;
    task->entry(task->argument);
    rtos_require(task->may_return, "a task returned from its function (FreeRTOS's tasks delete themselves)");
    task->state = RTOS_ENDED;
}

static struct rtos_task *task_make(struct rtos *rtos, const char *name, void (*entry)(void *argument),
                                   void *argument, uint32_t priority) {
    struct rtos_task *task = rtos->tasks;
    while (task < rtos->tasks + RTOS_TASKS_MAX && task->state != RTOS_NO_TASK)
        task++;
    if (task == rtos->tasks + RTOS_TASKS_MAX)
        return NULL;
    size_t size;
    void *stack = rtos->services.stack_take(rtos->services.context, &size);
    if (stack == NULL)
        return NULL;
    memset(task, 0, sizeof *task);
    if (rtos->services.local_new != NULL)
        task->local = rtos->services.local_new(rtos->services.context, stack);
    (void)snprintf(task->name, sizeof task->name, "%s", name == NULL ? "" : name);
    task->entry = entry;
    task->argument = argument;
    task->priority = task->base_priority = priority < RTOS_PRIORITIES ? priority : RTOS_PRIORITIES - 1;
    task->stack = stack;
    task->id = ++rtos->turns;
    coroutine_prepare(&task->coroutine, stack, size, task_begins, task);
    make_ready(rtos, task);
    return task;
}

// Not of the task that runs.
static void task_free(struct rtos *rtos, struct rtos_task *task) {
    coroutine_abandon(&task->coroutine);
    rtos->services.stack_give_back(rtos->services.context, task->stack);
    if (task->local != NULL && rtos->services.local_free != NULL)
        rtos->services.local_free(rtos->services.context, task->local);
    task->state = RTOS_NO_TASK;
}

struct rtos_task *rtos_task_new(const char *name, void (*entry)(void *argument), void *argument,
                                uint32_t priority) {
    return task_make(rtos_running(), name, entry, argument, priority);
}

void rtos_task_delete(struct rtos_task *task) {
    struct rtos *rtos = rtos_running();
    if (task == NULL || task == rtos->current) {
        rtos->current->state = RTOS_ENDED;
        rtos->critical = 0;
        coroutine_leave();
    }
    rtos_require(task->state != RTOS_NO_TASK, "a task is deleted that is gone");
    task_free(rtos, task);
}

void rtos_task_suspend(struct rtos_task *task) {
    struct rtos *rtos = rtos_running();
    if (task == NULL)
        task = rtos->current;
    task->state = RTOS_SUSPENDED;
    task->waits_for = NULL;
    task->woken = false;
    if (task == rtos->current)
        coroutine_suspend();
}

void rtos_task_resume(struct rtos_task *task) {
    if (task->state != RTOS_SUSPENDED)
        return;
    make_ready(rtos_running(), task);
    rtos_reschedule();
}

void rtos_task_set_priority(struct rtos_task *task, uint32_t priority) {
    struct rtos *rtos = rtos_running();
    if (task == NULL)
        task = rtos->current;
    if (priority >= RTOS_PRIORITIES)
        priority = RTOS_PRIORITIES - 1;
    if (task->priority == task->base_priority || priority > task->priority)
        task->priority = priority; // else what it inherited is more
    task->base_priority = priority;
    rtos_reschedule();
}

// ---- the scheduler ------------------------------------------------------------------------------

// A program on a task's stack is to end.
static void leave_stack(void *context) {
    struct rtos *rtos = context;
    if (coroutine_running() == NULL) {
        running = NULL;
        return;
    }
    rtos->stops = true;
    coroutine_leave();
}

static void give_turn(struct rtos *rtos, struct rtos_task *task) {
    uint64_t tick = ticks_of(rtos, port_time_us());
    rtos->current = task;
    rtos->current_tick = tick;
    if (rtos->services.local_use != NULL)
        rtos->services.local_use(rtos->services.context, task->local);
    board_program_exchange_calls(&task->calls);
    (void)coroutine_resume(&task->coroutine);
    board_program_exchange_calls(&task->calls);
    rtos->current = NULL;
    if (rtos->stops) {
        running = NULL;
        board_escape();
    }
    if (task->state == RTOS_ENDED)
        task_free(rtos, task);
}

// When the next thing happens by itself; RTOS_FOR_EVER: never.
static uint64_t next_wake(const struct rtos *rtos) {
    uint64_t next = RTOS_FOR_EVER;
    for (uint32_t i = 0; i < RTOS_TASKS_MAX; i++)
        if (rtos->tasks[i].state == RTOS_WAITING && rtos->tasks[i].wake_us < next)
            next = rtos->tasks[i].wake_us;
    return next;
}

static void run_until_rest(struct rtos *rtos) {
    for (;;) {
        expire(rtos);
        struct rtos_task *task = choose(rtos);
        if (task != NULL) {
            give_turn(rtos, task);
            continue;
        }
        rtos_idle();
        uint64_t now = port_time_us(), next = next_wake(rtos);
        rtos->waits_for_time = next != RTOS_FOR_EVER;
        if (!rtos->waits_for_time || next - rtos->last_change_us > RTOS_REST_AFTER_US)
            return;
        board_program_pass_time((next - now) * 1000);
    }
}

void rtos_start(struct rtos *rtos, const struct rtos_services *services, uint32_t schedule) {
    memset(rtos, 0, sizeof *rtos);
    rtos->services = *services;
    rtos->schedule.number = schedule;
    rtos->start_us = RTOS_FOR_EVER;
}

bool rtos_run(struct rtos *rtos, const char *name, void (*entry)(void *argument), void *argument) {
    if (rtos->start_us == RTOS_FOR_EVER)
        rtos->start_us = port_time_us();
    rtos->last_change_us = port_time_us();
    rtos->at_rest = false;
    running = rtos;
    board_program_leaves_by(leave_stack, rtos);
    board_program_between_operations(after_operation, rtos);
    struct rtos_task *task = task_make(rtos, name, entry, argument, RTOS_MAIN_PRIORITY);
    rtos_require(task != NULL, "there is no memory for another task");
    task->may_return = true;
    uint64_t id = task->id;
    run_until_rest(rtos);
    running = NULL;
    rtos->at_rest = true;
    return task->state == RTOS_NO_TASK || task->id != id;
}

void rtos_end(struct rtos *rtos) {
    for (uint32_t i = 0; i < RTOS_TASKS_MAX; i++)
        if (rtos->tasks[i].state != RTOS_NO_TASK)
            task_free(rtos, &rtos->tasks[i]);
    rtos->current = NULL;
}
