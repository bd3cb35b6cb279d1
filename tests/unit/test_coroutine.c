// Coroutines: turns, registers, ends of every kind, nesting, and what leaves through a jump.
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "sim/guest/coroutine.h"
#include "tests/unit/board_example.h"

#define STACK 65536u

static char said[64];

static void say(char letter) {
    size_t length = strlen(said);
    said[length] = letter;
    said[length + 1] = '\0';
}

static void speaker(void *argument) {
    const char *letters = argument;
    for (; *letters != '\0'; letters++) {
        say(*letters);
        coroutine_suspend();
    }
}

static void *stack_new(void) {
    void *stack = aligned_alloc(4096, STACK);
    assert_non_null(stack);
    return stack;
}

static void test_take_turns(void **state) {
    (void)state;
    struct coroutine one, other;
    void *stacks[2] = {stack_new(), stack_new()};
    said[0] = '\0';
    coroutine_prepare(&one, stacks[0], STACK, speaker, "abc");
    coroutine_prepare(&other, stacks[1], STACK, speaker, "xy");
    assert_null(coroutine_running());
    bool one_goes_on = true, other_goes_on = true;
    while (one_goes_on || other_goes_on) {
        if (one_goes_on)
            one_goes_on = coroutine_resume(&one);
        say('-');
        if (other_goes_on)
            other_goes_on = coroutine_resume(&other);
    }
    assert_string_equal(said, "a-xb-yc--");
    assert_true(one.ended && other.ended);
    free(stacks[0]);
    free(stacks[1]);
}

// Registers that a call preserves are another's after a switch, and come back; so do floating-point values.
static void computer(void *argument) {
    double *sum = argument;
    uint64_t a = 3, b = 5, c = 7, d = 11, e = 13, f = 17;
    double x = 0.5;
    for (unsigned i = 0; i < 10; i++) {
        a += b, b += c, c += d, d += e, e += f, f += a, x += 0.25;
        coroutine_suspend();
    }
    *sum = (double)(a ^ b ^ c ^ d ^ e ^ f) + x;
}

static void test_registers_are_kept(void **state) {
    (void)state;
    struct coroutine coroutines[2];
    void *stacks[2] = {stack_new(), stack_new()};
    double sums[2] = {0}, alone = 0;
    for (unsigned i = 0; i < 2; i++)
        coroutine_prepare(&coroutines[i], stacks[i], STACK, computer, &sums[i]);
    while (coroutine_resume(&coroutines[0]))
        assert_true(coroutine_resume(&coroutines[1]));
    assert_false(coroutine_resume(&coroutines[1]));
    coroutine_prepare(&coroutines[0], stacks[0], STACK, computer, &alone); // a stack serves again
    while (coroutine_resume(&coroutines[0])) {
    }
    assert_true(alone > 0 && sums[0] == alone && sums[1] == alone);
    free(stacks[0]);
    free(stacks[1]);
}

// ---- ends ---------------------------------------------------------------------------------------

static void deep(unsigned depth) {
    volatile char bytes[256];
    memset((void *)bytes, (int)depth, sizeof bytes);
    if (depth > 0)
        deep(depth - 1);
    else if (bytes[0] == 0)
        coroutine_leave();
    bytes[0] = 0;
}

static void leaver(void *argument) {
    (void)argument;
    deep(50);
    say('!');
}

static void test_leaves_from_the_depth(void **state) {
    (void)state;
    struct coroutine coroutine;
    void *stack = stack_new();
    said[0] = '\0';
    for (unsigned i = 0; i < 1000; i++) { // poisoned remains would be met by the next one
        coroutine_prepare(&coroutine, stack, STACK, leaver, NULL);
        assert_false(coroutine_resume(&coroutine));
    }
    assert_string_equal(said, "");
    free(stack);
}

static void test_abandoned(void **state) {
    (void)state;
    struct coroutine coroutine;
    void *stack = stack_new();
    said[0] = '\0';
    coroutine_prepare(&coroutine, stack, STACK, speaker, "abc");
    coroutine_abandon(&coroutine); // before it began
    assert_true(coroutine.ended);
    coroutine_prepare(&coroutine, stack, STACK, speaker, "abc");
    assert_true(coroutine_resume(&coroutine));
    coroutine_abandon(&coroutine);
    assert_true(coroutine.ended);
    coroutine_abandon(&coroutine); // once is enough
    assert_string_equal(said, "a");
    assert_null(coroutine_running());
    free(stack);
}

struct nest {
    struct coroutine outer, inner;
};

static void inner_one(void *argument) {
    struct nest *nest = argument;
    assert_ptr_equal(coroutine_running(), &nest->inner);
    say('i');
    coroutine_suspend();
    say('j');
}

static void outer_one(void *argument) {
    struct nest *nest = argument;
    say('o');
    assert_true(coroutine_resume(&nest->inner));
    assert_ptr_equal(coroutine_running(), &nest->outer);
    coroutine_suspend();
    assert_false(coroutine_resume(&nest->inner));
    say('p');
}

static void test_nested(void **state) {
    (void)state;
    struct nest nest;
    void *stacks[2] = {stack_new(), stack_new()};
    said[0] = '\0';
    coroutine_prepare(&nest.outer, stacks[0], STACK, outer_one, &nest);
    coroutine_prepare(&nest.inner, stacks[1], STACK, inner_one, &nest);
    assert_true(coroutine_resume(&nest.outer));
    assert_string_equal(said, "oi");
    assert_false(coroutine_resume(&nest.outer));
    assert_string_equal(said, "oijp");
    free(stacks[0]);
    free(stacks[1]);
}

// ---- a program on the board that has stacks of its own ------------------------------------------

struct program {
    struct coroutine coroutine;
    void *stack;
    bool stops;
};

static void leave_stack(void *context) {
    struct program *program = context;
    if (coroutine_running() == NULL)
        return;
    program->stops = true;
    coroutine_leave();
}

static void writes_for_ever(void *argument) {
    (void)argument;
    for (;;) {
        const uint8_t byte = 0;
        (void)port_flash_write(0, &byte, 1);
        coroutine_suspend();
    }
}

static void run_program(void *context) {
    struct program *program = context;
    board_program_leaves_by(leave_stack, program);
    coroutine_prepare(&program->coroutine, program->stack, STACK, writes_for_ever, NULL);
    while (coroutine_resume(&program->coroutine)) {
    }
    if (program->stops)
        board_escape();
}

static void halts(void *context) {
    board_program_leaves_by(leave_stack, context);
    port_halt(PORT_HALT_PANIC, "on the caller's own stack");
}

static void test_a_cut_ends_a_coroutine(void **state) {
    (void)state;
    struct board_config config = example_config("v6.0");
    struct board *board = board_new(&config);
    struct program program = {.stack = stack_new()};
    for (unsigned i = 0; i < 100; i++) {
        board_cut_at_operation(board, board_operations(board) + i, &(struct tear){.kind = TEAR_CLEAN});
        program.stops = false;
        assert_int_equal(board_run(board, run_program, &program, NULL), BOARD_POWER_LOST);
        assert_true(program.coroutine.ended && program.stops);
        assert_null(coroutine_running());
    }
    program.stops = false;
    assert_int_equal(board_run(board, halts, &program, NULL), BOARD_PANICKED);
    assert_false(program.stops);
    board_free(board);
    free(program.stack);
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_take_turns),
        cmocka_unit_test(test_registers_are_kept),
        cmocka_unit_test(test_leaves_from_the_depth),
        cmocka_unit_test(test_abandoned),
        cmocka_unit_test(test_nested),
        cmocka_unit_test(test_a_cut_ends_a_coroutine),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
