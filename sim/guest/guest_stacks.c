// Stacks for a guest's tasks: a stock of them, each behind a page that nobody may touch. What was in use is filled anew at
// each start.
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>

#include "guest_internal.h"

#define STRIDE (GUEST_PAGE + GUEST_STACK_SIZE) // guard, stack

static uint8_t *stack_number(const struct guest *guest, uint32_t number) {
    return guest->stacks.memory + number * STRIDE + GUEST_PAGE;
}

static void make(struct guest *guest) {
    uint8_t *memory = mmap(NULL, GUEST_STACKS_MAX * STRIDE, PROT_READ | PROT_WRITE,
                           MAP_PRIVATE | MAP_ANONYMOUS | MAP_NORESERVE, -1, 0);
    if (memory == MAP_FAILED)
        abort(); // as memory_new does
    for (uint32_t i = 0; i < GUEST_STACKS_MAX; i++)
        if (mprotect(memory + i * STRIDE, GUEST_PAGE, PROT_NONE) != 0)
            abort();
    guest->stacks.memory = memory;
}

void *guest_stack_take(struct guest *guest, size_t *size) {
    struct guest_stacks *stacks = &guest->stacks;
    if (stacks->memory == NULL)
        make(guest);
    for (uint32_t i = 0; i < GUEST_STACKS_MAX; i++) {
        if ((stacks->taken >> i & 1) != 0)
            continue;
        memset(stack_number(guest, i), guest->fill, GUEST_STACK_SIZE);
        stacks->taken |= 1u << i;
        *size = GUEST_STACK_SIZE;
        return stack_number(guest, i);
    }
    return NULL;
}

uint32_t guest_stack_number(const struct guest *guest, const void *stack) {
    return (uint32_t)((size_t)((const uint8_t *)stack - guest->stacks.memory) / STRIDE);
}

void guest_stack_give_back(struct guest *guest, void *stack) {
    guest->stacks.taken &= ~(1u << guest_stack_number(guest, stack));
}

void guest_stacks_renew(struct guest *guest) {
    guest->stacks.taken = 0;
}

void guest_stacks_free(struct guest *guest) {
    if (guest->stacks.memory != NULL)
        (void)munmap(guest->stacks.memory, GUEST_STACKS_MAX * STRIDE);
}

static bool within_stock(const struct guest *guest, uint64_t address, size_t *within) {
    *within = (size_t)(address - (uintptr_t)guest->stacks.memory);
    return guest->stacks.memory != NULL && *within < GUEST_STACKS_MAX * STRIDE;
}

bool guest_stack_guards(const struct guest *guest, uint64_t address) {
    size_t within;
    return within_stock(guest, address, &within) && within % STRIDE < GUEST_PAGE;
}

bool guest_stacks_contain(const struct guest *guest, uint64_t address) {
    size_t within;
    return within_stock(guest, address, &within) && within % STRIDE >= GUEST_PAGE;
}
