#include "stack_switch.h"

#include <stdint.h>
#include <string.h>

#if defined __x86_64__ && !defined STACK_SWITCH_PORTABLE

// What the ABI of System V lets a function expect to find again: six registers and the two control words.
__asm__(".text\n"
        ".globl stack_switch\n"
        ".hidden stack_switch\n"
        ".type stack_switch, @function\n"
        "stack_switch:\n"
        "    .cfi_startproc\n"
        "    push %rbp\n    push %rbx\n    push %r12\n    push %r13\n    push %r14\n    push %r15\n"
        "    sub $8, %rsp\n"
        "    stmxcsr (%rsp)\n    fnstcw 4(%rsp)\n"
        "    mov %rsp, (%rdi)\n"
        "    mov %rsi, %rsp\n"
        "    ldmxcsr (%rsp)\n    fldcw 4(%rsp)\n"
        "    add $8, %rsp\n"
        "    pop %r15\n    pop %r14\n    pop %r13\n    pop %r12\n    pop %rbx\n    pop %rbp\n"
        "    ret\n"
        "    .cfi_endproc\n"
        ".size stack_switch, . - stack_switch\n"
        // Whoever walks the stack ends here.
        ".type stack_switch_start, @function\n"
        "stack_switch_start:\n"
        "    .cfi_startproc\n"
        "    .cfi_undefined rip\n"
        "    mov %r12, %rdi\n"
        "    call *%rbx\n"
        "    ud2\n"
        "    .cfi_endproc\n"
        ".size stack_switch_start, . - stack_switch_start\n");

struct first_frame { // as stack_switch leaves one
    uint32_t mxcsr;
    uint16_t x87_control, padding;
    uint64_t r15, r14, r13, r12, rbx, rbp;
    void (*start)(void);
    uint64_t no_caller[2]; // two, since a call finds the stack aligned to 16 bytes
};

#elif defined __aarch64__ && !defined STACK_SWITCH_PORTABLE

__asm__(".text\n"
        ".globl stack_switch\n"
        ".hidden stack_switch\n"
        ".type stack_switch, %function\n"
        "stack_switch:\n"
        "    .cfi_startproc\n"
        "    sub sp, sp, #160\n"
        "    stp x19, x20, [sp]\n    stp x21, x22, [sp, #16]\n    stp x23, x24, [sp, #32]\n"
        "    stp x25, x26, [sp, #48]\n    stp x27, x28, [sp, #64]\n    stp x29, x30, [sp, #80]\n"
        "    stp d8, d9, [sp, #96]\n    stp d10, d11, [sp, #112]\n"
        "    stp d12, d13, [sp, #128]\n    stp d14, d15, [sp, #144]\n"
        "    mov x9, sp\n"
        "    str x9, [x0]\n"
        "    mov sp, x1\n"
        "    ldp x19, x20, [sp]\n    ldp x21, x22, [sp, #16]\n    ldp x23, x24, [sp, #32]\n"
        "    ldp x25, x26, [sp, #48]\n    ldp x27, x28, [sp, #64]\n    ldp x29, x30, [sp, #80]\n"
        "    ldp d8, d9, [sp, #96]\n    ldp d10, d11, [sp, #112]\n"
        "    ldp d12, d13, [sp, #128]\n    ldp d14, d15, [sp, #144]\n"
        "    add sp, sp, #160\n"
        "    ret\n"
        "    .cfi_endproc\n"
        ".size stack_switch, . - stack_switch\n"
        // Whoever walks the stack ends here.
        ".type stack_switch_start, %function\n"
        "stack_switch_start:\n"
        "    .cfi_startproc\n"
        "    .cfi_undefined x30\n"
        "    mov x0, x20\n"
        "    blr x19\n"
        "    brk #1\n"
        "    .cfi_endproc\n"
        ".size stack_switch_start, . - stack_switch_start\n");

struct first_frame { // as stack_switch leaves one
    uint64_t x19, x20, x21_to_x29[9];
    void (*start)(void);
    uint64_t d8_to_d15[8];
};

#endif

#if (defined __x86_64__ || defined __aarch64__) && !defined STACK_SWITCH_PORTABLE

__attribute__((visibility("hidden"))) void stack_switch_start(void);

void *stack_switch_prepare(void *stack, size_t size, void (*start)(void *argument), void *argument) {
    uintptr_t top = ((uintptr_t)stack + size) & ~(uintptr_t)15;
    struct first_frame *frame = (struct first_frame *)(top - sizeof *frame);
    memset(frame, 0, sizeof *frame);
    frame->start = stack_switch_start;
#ifdef __x86_64__
    // A program begins with all exceptions of arithmetic masked, and rounds to nearest.
    frame->mxcsr = 0x1F80;
    frame->x87_control = 0x037F;
    frame->rbx = (uintptr_t)start;
    frame->r12 = (uintptr_t)argument;
#else
    frame->x19 = (uintptr_t)start;
    frame->x20 = (uintptr_t)argument;
#endif
    return frame;
}

#else

#include <ucontext.h>

// The context of a side stands at the end of its stack; that of the thread's own stack in the frame that waits.
void stack_switch(void **from, void *to) {
    ucontext_t here;
    *from = &here;
    if (swapcontext(&here, to) != 0)
        __builtin_trap();
}

static void start_in_halves(unsigned start_high, unsigned start_low, unsigned argument_high,
                            unsigned argument_low) {
    uintptr_t start = (uintptr_t)((uint64_t)start_high << 32 | start_low);
    ((void (*)(void *))start)((void *)(uintptr_t)((uint64_t)argument_high << 32 | argument_low));
    __builtin_trap();
}

void *stack_switch_prepare(void *stack, size_t size, void (*start)(void *argument), void *argument) {
    uintptr_t top = ((uintptr_t)stack + size) & ~(uintptr_t)15;
    ucontext_t *context = (ucontext_t *)((top - sizeof *context) & ~(uintptr_t)63);
    uint64_t entry = (uintptr_t)start, value = (uintptr_t)argument;
    getcontext(context);
    context->uc_stack.ss_sp = stack;
    context->uc_stack.ss_size = (size_t)((uintptr_t)context - (uintptr_t)stack);
    context->uc_link = NULL;
    makecontext(context, (void (*)(void))start_in_halves, 4, (unsigned)(entry >> 32), (unsigned)entry,
                (unsigned)(value >> 32), (unsigned)value);
    return context;
}

#endif
