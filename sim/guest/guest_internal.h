// A guest's inside, shared by the files that implement it. Nobody else includes this.
#ifndef SIM_GUEST_GUEST_INTERNAL_H
#define SIM_GUEST_GUEST_INTERNAL_H

#include "guest.h"
#include "guest_symbols.h"
#include "imports.h"
#include "rtos.h"

#define GUEST_PAGE 4096u

// ---- its file, loaded (guest_memory.c) ----------------------------------------------------------

struct guest_part { // of what it can write to: as it was loaded
    uint8_t *start;
    size_t size;
    uint8_t *contents; // of its first `filled` bytes; the rest is zeros
    size_t filled;
};

struct guest_memory {
    uint8_t *base; // where address 0 of the file is
    size_t span;
    uint8_t *tls; // of the first task
    struct guest_part parts[GUEST_SEGMENTS_MAX + 2];
    size_t part_count;
};

// ---- what it is linked with (guest_linkage.c) ---------------------------------------------------

// Each function that a guest calls is reached by a stub, which notes from where.
struct guest_linkage {
    uint8_t *memory; // stubs, then what they use, then objects
    size_t size;
    struct guest_calls {
        struct guest_call_place last;
        uint64_t stack_limit; // below it, nothing is called
    } * calls;
    struct guest_part objects;
};

// ---- memory for its tasks -----------------------------------------------------------------------

struct guest_heap {
    uint8_t *memory;
    size_t highest; // bytes that were in use at some time since the start
    size_t used, most_used;
    struct guest_block *first;
};

struct guest_stacks {
    uint8_t *memory; // each behind a guard page; NULL: none was needed yet
    uint32_t taken;  // bits
};

// ---- what ended it by itself --------------------------------------------------------------------

struct guest_fault {  // the processor's exception, as the signal tells it
    int signal, code; // 0: there was none
    uint64_t address; // that could not be reached
    uint64_t registers[GUEST_REGISTERS];
};

#define GUEST_PANIC_STACK_SIZE (256u << 10) // reading debugging information takes that
#define GUEST_STACK_RESERVE    (48u << 10)  // of a task's stack, for what it calls

struct guest {
    const struct guest_file *file;
    const struct guest_host *host;
    uint8_t fill;
    struct guest_memory memory;
    struct guest_linkage linkage;
    struct guest_heap heap;
    struct guest_stacks stacks;
    struct guest_c_library c_library;
    struct guest_task first_task;              // what runs when no other does
    struct guest_task *task;                   // that runs
    struct guest_task tasks[GUEST_STACKS_MAX]; // by their stacks
    struct rtos rtos;
    bool ended_by_itself; // by a panic, or the watchdog
    bool hung;            // by the watchdog
    uint64_t blocks;      // of its code that ran
    uint64_t computed_ns; // since it slept last
    struct guest_fault fault;
    uint8_t *panic_stack; // on which the panic handler works
    char why[200];        // of its end
};

void guest_memory_load(struct guest *guest);
void guest_memory_free(struct guest *guest);
void guest_memory_renew(struct guest *guest, bool powered);
uint8_t *guest_tls(struct guest *guest); // of the task that runs
void guest_part_note(struct guest_part *part, void *start, size_t size, size_t filled);
void guest_part_renew(const struct guest_part *part);

// Where a stub goes whose stack has no room.
_Noreturn void guest_stack_overflows(void);

void guest_linkage_make(struct guest *guest);
void guest_linkage_free(struct guest *guest);
// Where a guest's undefined symbol is.
uint64_t guest_linkage_address(const struct guest *guest, uint32_t symbol);

void guest_heap_make(struct guest *guest);
void guest_heap_unmake(struct guest *guest);
void guest_heap_renew(struct guest *guest);

void guest_stacks_free(struct guest *guest);
void guest_stacks_renew(struct guest *guest);
bool guest_stack_guards(const struct guest *guest, uint64_t address); // it is in a guard page

uint32_t guest_stack_number(const struct guest *guest, const void *stack);
bool guest_stacks_contain(const struct guest *guest, uint64_t address);

// Where a guest goes on after an exception, and after it has run for too long without counting.
_Noreturn void guest_faulted(void);
_Noreturn void guest_endless(void);

// The thread's signals are told to `guest` from now on; NULL: to nobody.
void guest_faults_watch(struct guest *guest);

// A block of its code ran (-fsanitize-coverage=trace-pc).
void guest_counts_block(void);

bool guest_contains(const struct guest *guest, uint64_t address); // within its file

#endif
