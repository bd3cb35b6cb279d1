// The Xtensa processor's edges: what stops it, the window's way to the stack and back, loops, code that changes. What its
// instructions compute is compared with qemu (tests/cpu).
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdlib.h>

#include <cmocka.h>

#include "sim/base/buffer.h"
#include "sim/cpu/xtensa.h"
#include "sim/cpu/xtensa_decode.h"
#include "tests/cpu/xtensa_assembler.h"

#define CODE  0x40080000u // two pages
#define STACK 0x3FFE0000u // a page ends here
#define PORT  0x60000000u // a device

struct example {
    struct memory memory;
    struct memory_frame frames[3];
    uint8_t bytes[3 * MEMORY_PAGE_SIZE];
    struct xtensa cpu;
    struct xtensa_program program;
    uint32_t port;
};

static bool on_load(void *context, uint32_t address, unsigned size, uint32_t *value) {
    (void)size;
    *value = ((struct example *)context)->port;
    return address == PORT;
}

static bool on_store(void *context, uint32_t address, unsigned size, uint32_t value) {
    struct example *example = context;
    (void)size;
    example->port = value;
    example->cpu.stop_requested = value == 99;
    return address == PORT;
}

static void on_code_changed(void *context, struct memory_frame *frame, uint32_t offset, uint32_t size) {
    xtensa_forget(&((struct example *)context)->cpu, frame, offset, size);
}

static struct example *example_new(void) {
    static const uint32_t addresses[] = {CODE, CODE + MEMORY_PAGE_SIZE, STACK - MEMORY_PAGE_SIZE};
    struct example *example = memory_zeroed(1, sizeof *example);
    memory_init(&example->memory, &(struct memory_device){example, on_load, on_store, on_code_changed});
    memory_map_device(&example->memory, PORT, PORT + MEMORY_PAGE_SIZE);
    for (uint32_t i = 0; i < 3; i++) {
        example->frames[i].bytes = example->bytes + i * MEMORY_PAGE_SIZE;
        example->frames[i].writable = true;
        memory_map_frame(&example->memory, addresses[i], &example->frames[i]);
    }
    example->program = (struct xtensa_program){example->bytes, 0, 2 * MEMORY_PAGE_SIZE, CODE};
    xtensa_reset(&example->cpu, &example->memory, CODE, STACK - 64);
    return example;
}

static void example_free(struct example *example) {
    for (uint32_t i = 0; i < 3; i++)
        xtensa_forget_all(&example->frames[i]);
    memory_free(&example->memory);
    free(example);
}

static void assert_stops(struct example *example, enum xtensa_stop reason, uint32_t pc) {
    memory_own(&example->memory, CODE, example->program.length);
    assert_int_equal(xtensa_run(&example->cpu, 100000), reason);
    assert_int_equal(example->cpu.pc, pc);
}

// ---- what stops it ------------------------------------------------------------------------------

static void test_stops(void **state) {
    (void)state;
    struct example *example = example_new();
    struct xtensa_program *code = &example->program;
    xt(code, xt_movi(2, -5));
    xt(code, XT_SYSCALL);
    xt(code, XT_BREAK);
    xt(code, XT_JUMP(xt_here(code)));
    xt(code, 0x0A0B00);                              // floating point
    xt(code, xt_rrr(12, 2, 3, 2, 4));                // quou a3, a2, a4
    xt(code, XT_RETW);                               // there is no window to return to: a0 says CALL0
    assert_stops(example, XTENSA_SYSCALL, CODE + 3); // in front of it
    assert_int_equal(example->cpu.instructions, 1);
    assert_int_equal(example->cpu.a[2], (uint32_t)-5);
    static const enum xtensa_stop stops[] = {XTENSA_BREAK,  XTENSA_SELF_JUMP, XTENSA_ILLEGAL,
                                             XTENSA_DIVIDE, XTENSA_ILLEGAL,   XTENSA_ELSEWHERE};
    for (uint32_t i = 0; i < 6; i++) {
        example->cpu.pc += 3;
        assert_stops(example, stops[i], CODE + 6 + 3 * i);
    }
    assert_int_equal(example->cpu.instructions, 1);
    example->cpu.pc = 0x40000000; // nothing at all
    assert_stops(example, XTENSA_ELSEWHERE, 0x40000000);
    example_free(example);
}

static void test_budget_and_access_faults(void **state) {
    (void)state;
    struct example *example = example_new();
    struct xtensa_program *code = &example->program;
    xt(code, xt_addi(2, 2, 1));
    xt(code, xt_bnez(2, xt_here(code), CODE));
    memory_own(&example->memory, CODE, code->length);
    assert_int_equal(xtensa_run(&example->cpu, 1000), XTENSA_BUDGET);
    assert_int_equal(example->cpu.instructions, 1000);
    assert_int_equal(example->cpu.a[2], 500);
    example->cpu.pc = xt_here(code);
    example->cpu.a[3] = 0x12345670;
    xt(code, xt_l32i(2, 3, 4));
    assert_stops(example, XTENSA_ACCESS_FAULT, CODE + 6);
    assert_int_equal(example->cpu.fault_address, 0x12345674);
    assert_false(example->cpu.fault_is_store);
    example->cpu.pc = xt_here(code);
    xt(code, xt_s32i(2, 3, 8));
    assert_stops(example, XTENSA_ACCESS_FAULT, CODE + 9);
    assert_true(example->cpu.fault_is_store);
    example_free(example);
}

static void test_devices_may_stop_it(void **state) {
    (void)state;
    struct example *example = example_new();
    struct xtensa_program *code = &example->program;
    xt(code, xt_movi(2, 99));
    xt(code, xt_s32i(2, 3, 0));
    xt(code, xt_l32i(4, 3, 0));
    xt(code, XT_BREAK);
    example->cpu.a[3] = PORT;
    assert_stops(example, XTENSA_REQUEST, CODE + 6); // the store is done
    assert_stops(example, XTENSA_BREAK, CODE + 9);
    assert_int_equal(example->cpu.a[4], 99);
    example_free(example);
}

// What qemu's processors lack (tests/cpu has the others).
static void test_high_half_of_products(void **state) {
    (void)state;
    struct example *example = example_new();
    struct xtensa_program *code = &example->program;
    xt(code, xt_rrr(10, 2, 4, 2, 3)); // MULUH
    xt(code, xt_rrr(11, 2, 5, 2, 3)); // MULSH
    xt(code, XT_BREAK);
    example->cpu.a[2] = 0xFFFFFFFE;
    example->cpu.a[3] = 0x80000003;
    assert_stops(example, XTENSA_BREAK, CODE + 6);
    assert_int_equal(example->cpu.a[4], 0x80000001);
    assert_int_equal(example->cpu.a[5], 0);
    example_free(example);
}

// ---- the window ---------------------------------------------------------------------------------

// sum(n) = n == 0 ? 0 : n + sum(n - 1), by CALL4, CALL8 or CALL12, deeper than the ring; a7 has to live through the call.
static uint32_t sum_by(uint32_t number, uint32_t n) {
    struct example *example = example_new();
    struct xtensa_program *code = &example->program;
    uint32_t argument = 4 * number + 2, sum;
    xt(code, xt_movi(8 + 2, (int32_t)n)); // of the frame that calls by CALL8
    xt(code, xt_call(2, xt_here(code), CODE + 12));
    xt(code, XT_BREAK);
    xt_align(code);
    sum = xt_here(code);
    xt(code, xt_entry(1, 48));
    xt(code, xt_beqz(2, xt_here(code), sum + 18));
    xt(code, xt_mov(3, 2));
    xt(code, xt_addi(argument, 2, -1));
    xt(code, xt_call(number, xt_here(code), sum));
    xt(code, xt_add(2, 3, argument));
    xt(code, XT_RETW);
    example->cpu.a[7] = 77;
    assert_stops(example, XTENSA_BREAK, CODE + 6);
    assert_int_equal(example->cpu.a[7], 77);
    assert_int_equal(example->cpu.a[1], STACK - 64);
    assert_int_equal(example->cpu.special[XTENSA_WINDOWSTART], 1u << example->cpu.special[XTENSA_WINDOWBASE]);
    uint32_t result = example->cpu.a[10];
    example_free(example);
    return result;
}

static void test_calls_deeper_than_the_ring(void **state) {
    (void)state;
    for (uint32_t number = 1; number <= 3; number++)
        for (uint32_t n = 0; n <= 40; n++)
            assert_int_equal(sum_by(number, n), n * (n + 1) / 2);
}

// A frame goes to the stack as the ABI has it: a0 to a3 below its callee's stack pointer.
static void test_frames_lie_where_the_abi_says(void **state) {
    (void)state;
    struct example *example = example_new();
    struct xtensa_program *code = &example->program;
    uint32_t recurse = CODE + 4;
    xt(code, xt_call(1, CODE, recurse));
    xt_align(code);
    xt(code, xt_entry(1, 32));
    xt(code, xt_addi(2, 2, 1));
    xt(code, xt_mov(6, 2));
    xt(code, xt_branch(14, 2, 11, xt_here(code), xt_here(code) + 6)); // bbsi a2, 11: not before 2048
    xt(code, xt_call(1, xt_here(code), recurse));
    memory_own(&example->memory, CODE, code->length);
    example->cpu.a[6] = 100;
    (void)xtensa_run(&example->cpu, 1 + 5 * 20);
    uint32_t word;
    for (uint32_t frame = 1; frame < 4; frame++) { // the outermost ones have been saved by now
        uint32_t callee_sp = STACK - 64 - 32 * (frame + 1);
        assert_true(memory_load(&example->memory, callee_sp - 12, 4, &word));
        assert_int_equal(word, callee_sp + 32); // its a1
        assert_true(memory_load(&example->memory, callee_sp - 8, 4, &word));
        assert_int_equal(word, 100 + frame); // its a2
    }
    example_free(example);
}

static void test_window_that_cannot_be_saved(void **state) {
    (void)state;
    struct example *example = example_new();
    struct xtensa_program *code = &example->program;
    xt(code, xt_call(3, CODE, CODE + 4));
    xt_align(code);
    xt(code, xt_entry(1, 16));
    xt(code, xt_movi(1, 16)); // a stack pointer into nothing
    xt(code, xt_call(3, xt_here(code), CODE + 4));
    memory_own(&example->memory, CODE, code->length);
    assert_int_equal(xtensa_run(&example->cpu, 1000), XTENSA_ACCESS_FAULT);
    assert_int_equal(example->cpu.pc, CODE + 4);
    assert_true(example->cpu.fault_is_store);
    example_free(example);
}

static void test_exceptions_and_special_registers(void **state) {
    (void)state;
    struct example *example = example_new();
    struct xtensa_program *code = &example->program;
    xt(code, xt_rsr(XTENSA_CCOUNT, 2));
    xt(code, xt_rsr(XTENSA_CCOUNT, 3));
    xt(code, xt_movi(4, 100));
    xt(code, xt_wsr(XTENSA_CCOUNT, 4));
    xt(code, xt_rsr(XTENSA_CCOUNT, 5));
    xt(code, xt_rsr(XTENSA_PRID, 6));
    xt(code, XT_BREAK);
    assert_stops(example, XTENSA_BREAK, CODE + 18);
    assert_int_equal(example->cpu.a[3] - example->cpu.a[2], 1);
    assert_int_equal(example->cpu.a[5], 101);
    assert_int_equal(example->cpu.a[6], 0xCDCD);
    example->cpu.special[XTENSA_VECBASE] = CODE;
    xtensa_trap(&example->cpu, XTENSA_CAUSE_ACCESS, 0x1234);
    assert_int_equal(example->cpu.pc, CODE + 0x340);
    assert_int_equal(example->cpu.special[XTENSA_EPC1], CODE + 18);
    assert_int_equal(example->cpu.special[XTENSA_EXCVADDR], 0x1234);
    assert_int_equal(example->cpu.special[XTENSA_EXCCAUSE], 3);
    xtensa_trap(&example->cpu, XTENSA_CAUSE_ACCESS, 0);
    assert_int_equal(example->cpu.pc, CODE + 0x3C0); // within the first one
    assert_int_equal(example->cpu.special[XTENSA_DEPC], CODE + 0x340);
    example_free(example);
}

// ---- loops and pages ----------------------------------------------------------------------------

// A loop of an instruction that ends exactly at a page's end, inside it, and behind it.
static void test_loops_at_the_ends_of_pages(void **state) {
    (void)state;
    for (uint32_t shift = 0; shift < 8; shift++) {
        struct example *example = example_new();
        struct xtensa_program *code = &example->program;
        uint32_t first = CODE + MEMORY_PAGE_SIZE - 9 + shift;
        code->length = first - CODE;
        xt(code, xt_loop(8, 2, first, first + 9));
        xt(code, xt_addi(3, 3, 2));
        xt(code, xt_addi(4, 4, 1));
        xt(code, XT_BREAK);
        example->cpu.pc = first;
        example->cpu.a[2] = 10;
        assert_stops(example, XTENSA_BREAK, first + 9);
        assert_int_equal(example->cpu.a[3], 20);
        assert_int_equal(example->cpu.a[4], 10);
        assert_int_equal(example->cpu.instructions, 21);
        example_free(example);
    }
}

// A branch to the end of a loop leaves it.
static void test_branch_out_of_a_loop(void **state) {
    (void)state;
    struct example *example = example_new();
    struct xtensa_program *code = &example->program;
    xt(code, xt_loop(8, 2, CODE, CODE + 12));
    xt(code, xt_addi(3, 3, 1));
    xt(code, xt_branch(1, 3, 4, xt_here(code), CODE + 12)); // beq a3, a4
    xt(code, XT_NOP);
    xt(code, XT_BREAK);
    example->cpu.a[2] = 10;
    example->cpu.a[4] = 4;
    assert_stops(example, XTENSA_BREAK, CODE + 12);
    assert_int_equal(example->cpu.a[3], 4);
    assert_int_equal(example->cpu.special[XTENSA_LCOUNT], 6);
    example_free(example);
}

// Code that was overwritten is no longer the program's, also where it begins in the page before.
static void test_code_that_changes(void **state) {
    (void)state;
    struct example *example = example_new();
    struct xtensa_program *code = &example->program;
    uint32_t first = CODE + MEMORY_PAGE_SIZE - 4;
    code->length = first - CODE;
    xt(code, xt_narrow(12, 7, 2, 0)); // movi.n a2, 7
    xt(code, xt_addi(2, 2, 1));       // its last byte lies in the next page
    xt(code, xt_j(xt_here(code), first));
    example->cpu.pc = first;
    memory_own(&example->memory, CODE, code->length);
    assert_int_equal(xtensa_run(&example->cpu, 6), XTENSA_BUDGET);
    assert_int_equal(example->cpu.a[2], 8);
    assert_true(memory_store(&example->memory, CODE + MEMORY_PAGE_SIZE, 1, 5));
    assert_int_equal(xtensa_run(&example->cpu, 100), XTENSA_ELSEWHERE);
    assert_int_equal(example->cpu.pc, first + 2);
    example_free(example);
}

static void test_names(void **state) {
    (void)state;
    assert_string_equal(xtensa_name(xtensa_decode(0, XT_RETW).code), "RETW");
    assert_string_equal(xtensa_name(xtensa_decode(0, XT_ILL).code), "ILLEGAL");
    assert_int_equal(xtensa_decode(0, XT_ILL).length, 3);
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_stops),
        cmocka_unit_test(test_budget_and_access_faults),
        cmocka_unit_test(test_devices_may_stop_it),
        cmocka_unit_test(test_high_half_of_products),
        cmocka_unit_test(test_calls_deeper_than_the_ring),
        cmocka_unit_test(test_frames_lie_where_the_abi_says),
        cmocka_unit_test(test_window_that_cannot_be_saved),
        cmocka_unit_test(test_exceptions_and_special_registers),
        cmocka_unit_test(test_loops_at_the_ends_of_pages),
        cmocka_unit_test(test_branch_out_of_a_loop),
        cmocka_unit_test(test_code_that_changes),
        cmocka_unit_test(test_names),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
