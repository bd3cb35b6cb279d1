// The few instructions under coroutines: leaving one stack for another.
#ifndef SIM_GUEST_STACK_SWITCH_H
#define SIM_GUEST_STACK_SWITCH_H

#include <stddef.h>

// Notes in *from where the caller goes on, and goes on at `to`: what an earlier switch noted, or stack_switch_prepare made.
void stack_switch(void **from, void *to);

// Where a switch begins to run start(argument), which never returns, on the `size` bytes of `stack`.
void *stack_switch_prepare(void *stack, size_t size, void (*start)(void *argument), void *argument);

#endif
