#include "guest.h"

#include <assert.h>
#include <stdlib.h>
#include <string.h>

#include "../../ota/port.h"
#include "../hw/board.h"
#include "guest_internal.h"

static _Thread_local struct guest *running;

struct guest *guest_running(void) {
    assert(running != NULL && rtos_runs() && "what guests call was called without one");
    return running;
}

const struct guest_host *guest_host(const struct guest *guest) {
    static const struct guest_host nobody;
    return guest->host == NULL ? &nobody : guest->host;
}

const struct guest_file *guest_file_of(const struct guest *guest) {
    return guest->file;
}

struct guest_c_library *guest_c_library(void) {
    return &guest_running()->c_library;
}

uint64_t guest_call_site(const struct guest *guest) {
    uint64_t pc = guest->linkage.calls->last.pc;
    return guest_contains(guest, pc) ? pc - 1 - (uintptr_t)guest->memory.base : 0;
}

bool guest_crashed(const struct guest *guest) {
    return guest->ended_by_itself;
}

bool guest_hung(const struct guest *guest) {
    return guest->hung;
}

static void start_tasks(struct guest *guest);

// ---- life ---------------------------------------------------------------------------------------

struct guest *guest_new(const struct guest_file *file, uint8_t fill) {
    struct guest *guest = memory_zeroed(1, sizeof *guest);
    guest->file = file;
    guest->fill = fill;
    guest->panic_stack = memory_new(GUEST_PANIC_STACK_SIZE);
    guest_memory_load(guest);
    guest_heap_make(guest);
    guest_reset(guest, true);
    return guest;
}

void guest_free(struct guest *guest) {
    guest_stacks_free(guest);
    guest_heap_unmake(guest);
    guest_memory_free(guest);
    free(guest->panic_stack);
    free(guest);
}

void guest_reset(struct guest *guest, bool powered) {
    rtos_end(&guest->rtos);
    guest_memory_renew(guest, powered);
    guest_heap_renew(guest);
    guest_stacks_renew(guest);
    guest->c_library = (struct guest_c_library){0};
    guest->first_task = (struct guest_task){0};
    guest->task = &guest->first_task;
    guest->linkage.calls->last = (struct guest_call_place){0};
    guest->fault = (struct guest_fault){0};
    guest->computed_ns = 0;
    guest->blocks = 0;
    guest->ended_by_itself = guest->hung = false;
    start_tasks(guest);
}

// ---- tasks --------------------------------------------------------------------------------------

void guest_task_runs(struct guest *guest, struct guest_task *task) {
    struct guest_calls *calls = guest->linkage.calls;
    guest->task->place = calls->last;
    guest->task = task == NULL ? &guest->first_task : task;
    calls->last = guest->task->place;
    calls->stack_limit = guest->task->stack == NULL ? 0 : (uintptr_t)guest->task->stack + GUEST_STACK_RESERVE;
}

// ---- time ---------------------------------------------------------------------------------------

#define WATCHDOG_NS      5000000000u // CONFIG_ESP_TASK_WDT_TIMEOUT_S, default 5
#define BLOCK_NS         50u         // a block of code: some eight cycles at 160 MHz
#define BLOCKS_AT_A_TIME 1024u

_Noreturn static void bite(struct guest *guest) {
    guest->hung = guest->ended_by_itself = true;
    port_log(PORT_LOG_ERROR, "task_wdt", "Task watchdog got triggered");
    port_halt(PORT_HALT_HANG, "the app goes on and on: its watchdog bites");
}

void guest_computes(uint64_t ns) {
    struct guest *guest = guest_running();
    board_program_pass_time(ns);
    guest->computed_ns += ns;
    if (guest->computed_ns > WATCHDOG_NS)
        bite(guest);
}

void guest_counts_block(void) {
    struct guest *guest = running;
    if (++guest->blocks % BLOCKS_AT_A_TIME == 0)
        guest_computes(BLOCKS_AT_A_TIME * BLOCK_NS);
}

// ---- its tasks ----------------------------------------------------------------------------------

static void *task_memory(void *context, size_t size) {
    (void)context;
    return guest_heap_take(size, 1);
}

static void free_task_memory(void *context, void *block) {
    (void)context;
    guest_heap_give_back(block);
}

static void *take_stack(void *context, size_t *size) {
    return guest_stack_take(context, size);
}

static void give_back_stack(void *context, void *stack) {
    guest_stack_give_back(context, stack);
}

static void *new_task(void *context, void *stack) {
    struct guest *guest = context;
    struct guest_task *task = &guest->tasks[guest_stack_number(guest, stack)];
    *task = (struct guest_task){.stack = stack};
    return task;
}

// Tasks that are ended between two starts have no memory any more.
static void free_task(void *context, void *local) {
    struct guest_task *task = local;
    (void)context;
    if (rtos_runs() && task->tls != NULL)
        guest_heap_give_back(task->tls);
}

static void task_runs(void *context, void *local) {
    guest_task_runs(context, local);
}

static void sleeps(void *context) {
    struct guest *guest = context;
    guest->computed_ns = 0;
}

static void start_tasks(struct guest *guest) {
    const struct rtos_services services = {.context = guest,
                                           .memory_take = task_memory,
                                           .memory_give_back = free_task_memory,
                                           .stack_take = take_stack,
                                           .stack_give_back = give_back_stack,
                                           .local_new = new_task,
                                           .local_free = free_task,
                                           .local_use = task_runs,
                                           .idles = sleeps};
    rtos_start(&guest->rtos, &services, 0);
}

// ---- running ------------------------------------------------------------------------------------

struct errand { // what a task is made for
    struct guest *guest;
    void (*run)(struct errand *errand);
    const struct guest_call *call;
    const intptr_t *arguments;
    esp_err_t result;
};

static void run_errand(void *context) {
    struct errand *errand = context;
    errand->run(errand);
}

_Noreturn void guest_returns(void) {
    rtos_task_delete(NULL);
    __builtin_unreachable();
}

static struct journal_origin origin_of(void *context) {
    const struct guest *guest = context;
    return (struct journal_origin){guest->file, guest_call_site(guest)};
}

// True: it came to its end. What ends the program besides, RTOS and board see to.
static bool run(struct guest *guest, const struct guest_host *host, struct errand *errand) {
    running = guest;
    guest->host = host;
    errand->guest = guest;
    guest_faults_watch(guest);
    board_program_tells_origin(origin_of, guest);
    bool ended = rtos_run(&guest->rtos, "main", run_errand, errand);
    guest_task_runs(guest, NULL);
    guest_faults_watch(NULL);
    return ended;
}

static void (*function_at(const struct guest *guest, uint64_t address))(void) {
    return (void (*)(void))(uintptr_t)(guest->memory.base + address);
}

// What a device does before it calls main.
static void construct(const struct guest *guest) {
    const struct guest_range *table = &guest->file->constructors;
    for (uint64_t at = 0; at + sizeof(void *) <= table->size; at += sizeof(void *)) {
        void (*constructor)(void);
        memcpy(&constructor, guest->memory.base + table->start + at, sizeof constructor);
        if (constructor != NULL)
            constructor();
    }
}

static void run_app(struct errand *errand) {
    construct(errand->guest);
    function_at(errand->guest, errand->guest->file->app_main)();
}

void guest_start_app(struct guest *guest, const struct guest_host *host) {
    (void)run(guest, host, &(struct errand){.run = run_app});
}

static void run_bootloader(struct errand *errand) {
    construct(errand->guest);
    function_at(errand->guest, errand->guest->file->bootloader_main)();
}

void guest_start_bootloader(struct guest *guest, const struct guest_host *host) {
    (void)run(guest, host, &(struct errand){.run = run_bootloader});
}

static void run_call(struct errand *errand) {
    typedef esp_err_t function(intptr_t, intptr_t, intptr_t, intptr_t, intptr_t, intptr_t);
    const intptr_t *a = errand->arguments;
    function *called = (function *)function_at(errand->guest, errand->call->address);
    errand->result = called(a[0], a[1], a[2], a[3], a[4], a[5]);
}

bool guest_call(struct guest *guest, const struct guest_host *host, const struct guest_call *call,
                const intptr_t arguments[OTA_SIM_ARGUMENTS_MAX], esp_err_t *result) {
    struct errand errand = {.run = run_call, .call = call, .arguments = arguments};
    bool ended = run(guest, host, &errand);
    *result = errand.result;
    return ended;
}
