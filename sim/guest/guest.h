// A guest on a board: an instance of a guest's file with memory, heap and stacks of its own.
//
// All that it can write to is made anew at each start: data, bss, thread-local memory, heap, stacks; what is not
// initialised is filled with one value, so that reading it is the same each time. Only .rtc_noinit keeps its contents, over all
// resets but a loss of power. A program of a board (board_run) runs it; whatever ends that program ends the guest at that very
// instruction, and nothing of it is undone or finished.
#ifndef SIM_GUEST_GUEST_H
#define SIM_GUEST_GUEST_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "../../ota/include/esp_partition.h"
#include "guest_file.h"

#define GUEST_HEAP_SIZE  (512u << 10) // bytes; chips have some 300 KiB, pointers here are twice as long
#define GUEST_STACK_SIZE (128u << 10) // of each task, what ota-sim's own code needs on it included
#define GUEST_STACKS_MAX 24u

struct guest;

// What the outside is to a guest that runs: its scenario. All may be NULL.
struct guest_host {
    void *context;
    // An image's bytes; NULL: there is none of that name.
    const struct buffer *(*image)(void *context, const char *name);
    void (*event)(void *context, const char *text); // ota_sim_event
    // What ESP-IDF's functions promise, around their calls: see enum event_kind of the explorer's promises.
    void (*selecting)(void *context, const esp_partition_t *partition);
    void (*selected)(void *context, const esp_partition_t *partition, bool good);
    void (*confirming)(void *context);
    void (*confirmed)(void *context);
    void (*rejecting)(void *context);
    void (*begun)(void *context, const esp_partition_t *partition, uint32_t open_before, bool good);
};

// An instance, which loads `file` (borrowed); never NULL: the file was read and is complete. `fill` is what memory that nobody
// initialised holds.
struct guest *guest_new(const struct guest_file *file, uint8_t fill);
void guest_free(struct guest *guest);
const struct guest_file *guest_file_of(const struct guest *guest);

// Makes all of its memory new. `powered`: the power was off, so that .rtc_noinit is lost, too.
void guest_reset(struct guest *guest, bool powered);

// ---- on a board: within board_run ---------------------------------------------------------------

// Runs what stands before app_main, and app_main, until the app is at rest.
void guest_start_app(struct guest *guest, const struct guest_host *host);

// Runs bootloader_main; returns when it has started an app (port_ram()->running_address), or by itself.
void guest_start_bootloader(struct guest *guest, const struct guest_host *host);

// Calls a function of an app that is at rest, and lets its tasks run until they are at rest again. False: it has not
// returned, and never will.
bool guest_call(struct guest *guest, const struct guest_host *host, const struct guest_call *call,
                const intptr_t arguments[OTA_SIM_ARGUMENTS_MAX], esp_err_t *result);

// How the guest's last program ended, when it was not BOARD_RETURNED and neither a call nor a power cut did it: by a panic, or
// by the watchdog.
bool guest_crashed(const struct guest *guest);
bool guest_hung(const struct guest *guest);

// ---- for what guests call (imports_*.c) ---------------------------------------------------------

// The guest that runs on this thread. Calling it without one is a programming error and aborts the process.
struct guest *guest_running(void);
const struct guest_host *guest_host(const struct guest *guest); // never NULL

// A stack for a task, guarded against overflow and filled; from a stock that each start makes new. NULL: there is none left.
void *guest_stack_take(struct guest *guest, size_t *size);
void guest_stack_give_back(struct guest *guest, void *stack);

// A task, as far as the guest's memory goes.
struct guest_call_place {
    uint64_t pc, sp, frame; // of the guest: return address, where that stands, frame pointer
};
struct guest_task {                // zeros, but for its stack, when it is made
    void *stack;                   // guest_stack_take's
    void *tls;                     // its thread-local memory, from the heap; NULL: it has not used any yet
    struct guest_call_place place; // where it called something last, while another one runs
};
// `task` runs from now on; NULL: none. What it is depends on is kept of the one that ran.
void guest_task_runs(struct guest *guest, struct guest_task *task);

// Time that the processor needs for something; all waiting and sleeping goes another way. Too much of it while the idle task
// does not run meets the watchdog.
void guest_computes(uint64_t ns);

// What the C library keeps from call to call; all zeros at each start.
struct guest_c_library {
    int error_number; // errno
    uint32_t random;
    char *token;    // strtok's
    char line[256]; // of the console, up to its end
    uint32_t line_length, lines;
    void (*at_exit[8])(void);
};
struct guest_c_library *guest_c_library(void); // of the guest that runs

// ---- the heap -----------------------------------------------------------------------------------

void *guest_heap_take(size_t size, size_t align); // NULL: there is no memory
void guest_heap_give_back(void *block);           // NULL is allowed; what is no block of the heap is a panic
void *guest_heap_resize(void *block, size_t size);
size_t guest_heap_size_of(const void *block);
size_t guest_heap_free(void), guest_heap_largest(void), guest_heap_lowest(void);

// ---- the end ------------------------------------------------------------------------------------

// The panic handler: tells `what` and where on the console, and resets the chip.
__attribute__((format(printf, 1, 2))) _Noreturn void guest_panic(const char *format, ...);

// Ends the guest's program as if its main function had returned.
_Noreturn void guest_returns(void);

// Where the guest last called something from: an address within its file. 0: nowhere yet.
uint64_t guest_call_site(const struct guest *guest);

#endif
