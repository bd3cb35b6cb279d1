#include "coroutine.h"

#include "stack_switch.h"

#include <assert.h>

#if defined __SANITIZE_ADDRESS__
#define ADDRESS_SANITIZER 1
#elif defined __has_feature
#if __has_feature(address_sanitizer)
#define ADDRESS_SANITIZER 1
#endif
#endif

#ifdef ADDRESS_SANITIZER
#include <sanitizer/asan_interface.h>
#include <sanitizer/common_interface_defs.h>
#endif

#if __has_include(<valgrind/valgrind.h>)
#include <valgrind/valgrind.h>
#endif

static _Thread_local struct coroutine *running;

// ---- those who watch stacks ---------------------------------------------------------------------

// `fake`: where what belongs to the stack that is left is kept; NULL: nobody comes back to it.
static void tell_switch_begins(void **fake, const void *stack, size_t size) {
#ifdef ADDRESS_SANITIZER
    __sanitizer_start_switch_fiber(fake, stack, size);
#else
    (void)fake;
    (void)stack;
    (void)size;
#endif
}

static void tell_switch_ended(void *fake, const void **left_stack, size_t *left_size) {
#ifdef ADDRESS_SANITIZER
    __sanitizer_finish_switch_fiber(fake, left_stack, left_size);
#else
    (void)fake;
    (void)left_stack;
    (void)left_size;
#endif
}

static void tell_stack(struct coroutine *coroutine) {
#ifdef ADDRESS_SANITIZER
    ASAN_UNPOISON_MEMORY_REGION(coroutine->stack, coroutine->size); // of who had it before
#endif
#ifdef VALGRIND_STACK_REGISTER
    coroutine->valgrind_stack =
        (unsigned)VALGRIND_STACK_REGISTER(coroutine->stack, (char *)coroutine->stack + coroutine->size);
#else
    coroutine->valgrind_stack = 0;
#endif
}

static void tell_stack_is_free(const struct coroutine *coroutine) {
    (void)coroutine;
#ifdef VALGRIND_STACK_DEREGISTER
    VALGRIND_STACK_DEREGISTER(coroutine->valgrind_stack);
#endif
}

// ---- coroutines ---------------------------------------------------------------------------------

_Noreturn static void leave(struct coroutine *coroutine) {
    coroutine->ended = true;
    tell_switch_begins(NULL, coroutine->outer_stack, coroutine->outer_size);
    stack_switch(&coroutine->self, coroutine->resumer);
    __builtin_unreachable();
}

_Noreturn static void start(void *argument) {
    struct coroutine *coroutine = argument;
    tell_switch_ended(NULL, &coroutine->outer_stack, &coroutine->outer_size);
    if (!coroutine->abandoned)
        coroutine->entry(coroutine->argument);
    leave(coroutine);
}

void coroutine_prepare(struct coroutine *coroutine, void *stack, size_t size, void (*entry)(void *argument),
                       void *argument) {
    assert(size >= COROUTINE_STACK_MIN);
    *coroutine = (struct coroutine){.stack = stack, .size = size, .entry = entry, .argument = argument};
    tell_stack(coroutine);
    coroutine->self = stack_switch_prepare(stack, size, start, coroutine);
}

bool coroutine_resume(struct coroutine *coroutine) {
    assert(!coroutine->ended && running != coroutine);
    coroutine->outer = running;
    running = coroutine;
    tell_switch_begins(&coroutine->resumer_fake, coroutine->stack, coroutine->size);
    stack_switch(&coroutine->resumer, coroutine->self);
    tell_switch_ended(coroutine->resumer_fake, NULL, NULL);
    running = coroutine->outer;
    if (coroutine->ended)
        tell_stack_is_free(coroutine);
    return !coroutine->ended;
}

struct coroutine *coroutine_running(void) {
    return running;
}

void coroutine_suspend(void) {
    struct coroutine *coroutine = running;
    assert(coroutine != NULL);
    tell_switch_begins(&coroutine->self_fake, coroutine->outer_stack, coroutine->outer_size);
    stack_switch(&coroutine->self, coroutine->resumer);
    tell_switch_ended(coroutine->self_fake, &coroutine->outer_stack, &coroutine->outer_size);
    if (coroutine->abandoned)
        leave(coroutine);
}

_Noreturn void coroutine_leave(void) {
    assert(running != NULL);
    leave(running);
}

// Nothing of it runs any more, whatever its stack holds by now; but where AddressSanitizer watches, only the coroutine's own
// last steps can give back what that keeps of its stack.
void coroutine_abandon(struct coroutine *coroutine) {
    if (coroutine->ended)
        return;
#ifdef ADDRESS_SANITIZER
    coroutine->abandoned = true;
    (void)coroutine_resume(coroutine);
#else
    coroutine->ended = true;
    tell_stack_is_free(coroutine);
#endif
}
