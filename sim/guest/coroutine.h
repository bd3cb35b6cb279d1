// Programs that take turns on one thread, each on a stack of its own: how the tasks of a guest run.
//
// A coroutine runs when it is resumed, until it suspends itself, leaves, or its entry returns; then whoever resumed it goes
// on. A switch is a dozen instructions on x86-64 and AArch64 (getcontext's family elsewhere), without a system call.
// AddressSanitizer and Valgrind are told of the stacks.
#ifndef SIM_GUEST_COROUTINE_H
#define SIM_GUEST_COROUTINE_H

#include <stdbool.h>
#include <stddef.h>

#define COROUTINE_STACK_MIN 4096u // bytes; what firmware on it needs comes on top

struct coroutine {
    void *stack; // borrowed
    size_t size;
    void (*entry)(void *argument);
    void *argument;
    bool ended;
    bool abandoned;          // it leaves as soon as it is resumed
    struct coroutine *outer; // that resumed it; NULL: the thread's own stack
    void *self, *resumer;    // where each of the two goes on, while the other runs
    void *self_fake;         // AddressSanitizer's, of each
    void *resumer_fake;
    const void *outer_stack; // what AddressSanitizer knows of the resumer's stack
    size_t outer_size;
    unsigned valgrind_stack;
};

// Makes `coroutine` ready to run entry(argument) on the `size` bytes of `stack`, which are borrowed until it has ended.
// Guard pages are the caller's business.
void coroutine_prepare(struct coroutine *coroutine, void *stack, size_t size, void (*entry)(void *argument),
                       void *argument);

// Runs it until it suspends itself (true) or has ended (false). Not one that runs, or has ended.
bool coroutine_resume(struct coroutine *coroutine);

// The one that runs on this thread; NULL: none does.
struct coroutine *coroutine_running(void);

// Goes back to whoever resumed the running coroutine, until it is resumed again.
void coroutine_suspend(void);

// As if the entry of the running coroutine returned.
_Noreturn void coroutine_leave(void);

// Ends a suspended coroutine: nothing of it runs any more, and its stack is free.
void coroutine_abandon(struct coroutine *coroutine);

#endif
