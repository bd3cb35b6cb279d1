// The processor's edges: what stops it, code that changes, frames with two views. What its instructions compute is compared
// with qemu (tests/cpu).
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdlib.h>

#include <cmocka.h>

#include "sim/base/buffer.h"
#include "sim/cpu/riscv.h"
#include "tests/unit/riscv_example.h"

#define CODE  0x40000000u // two pages
#define ALIAS 0x3FC00000u // the same bytes for data
#define PORT  0x60000000u // a device

struct example {
    struct memory memory;
    struct memory_frame frames[2];
    uint8_t bytes[2 * MEMORY_PAGE_SIZE];
    struct riscv cpu;
    uint32_t port;
};

static bool on_load(void *context, uint32_t address, unsigned size, uint32_t *value) {
    struct example *example = context;
    (void)size;
    *value = example->port;
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
    riscv_forget(&((struct example *)context)->cpu, frame, offset, size);
}

static struct example *example_new(void) {
    struct example *example = memory_zeroed(1, sizeof *example);
    memory_init(&example->memory, &(struct memory_device){example, on_load, on_store, on_code_changed});
    memory_map_device(&example->memory, PORT, PORT + MEMORY_PAGE_SIZE);
    for (uint32_t i = 0; i < 2; i++) {
        struct memory_frame *frame = &example->frames[i];
        frame->bytes = example->bytes + i * MEMORY_PAGE_SIZE;
        frame->writable = true;
        memory_map_frame(&example->memory, CODE + i * MEMORY_PAGE_SIZE, frame);
        memory_map_frame(&example->memory, ALIAS + i * MEMORY_PAGE_SIZE, frame);
    }
    riscv_reset(&example->cpu, &example->memory, CODE);
    return example;
}

static void example_free(struct example *example) {
    for (uint32_t i = 0; i < 2; i++)
        riscv_forget_all(&example->frames[i]);
    memory_free(&example->memory);
    free(example);
}

static void put_code(struct example *example, uint32_t address, const uint32_t *words, uint32_t length) {
    assert_true(memory_write(&example->memory, address, words, length, NULL));
    memory_own(&example->memory, address, length);
}

#define PUT(example, address, ...)                                                                           \
    put_code(example, address, (const uint32_t[]){__VA_ARGS__}, sizeof((const uint32_t[]){__VA_ARGS__}))

static void test_stops(void **state) {
    (void)state;
    struct example *example = example_new();
    PUT(example, CODE, addi(A0, ZERO, 5), ECALL, EBREAK, HANG, 0xFFFFFFFF);
    assert_int_equal(riscv_run(&example->cpu, 100), RISCV_ECALL);
    assert_int_equal(example->cpu.pc, CODE + 4); // in front of it
    assert_int_equal(example->cpu.instructions, 1);
    assert_int_equal(example->cpu.x[A0], 5);
    example->cpu.pc += 4;
    assert_int_equal(riscv_run(&example->cpu, 100), RISCV_EBREAK);
    example->cpu.pc += 4;
    assert_int_equal(riscv_run(&example->cpu, 100), RISCV_SELF_JUMP);
    example->cpu.pc += 4;
    assert_int_equal(riscv_run(&example->cpu, 100), RISCV_ILLEGAL);
    assert_int_equal(example->cpu.pc, CODE + 16);
    example->cpu.pc += 4; // no code was loaded there
    assert_int_equal(riscv_run(&example->cpu, 100), RISCV_ELSEWHERE);
    assert_int_equal(example->cpu.instructions, 1);
    example_free(example);
}

static void test_budget_ends_a_loop(void **state) {
    (void)state;
    struct example *example = example_new();
    PUT(example, CODE, addi(A0, A0, 1), bne(A0, ZERO, -4));
    assert_int_equal(riscv_run(&example->cpu, 1000), RISCV_BUDGET);
    assert_in_range(example->cpu.instructions, 1000, 1002);
    assert_int_equal(example->cpu.x[A0], example->cpu.instructions / 2);
    example_free(example);
}

static void test_access_faults_stop_in_front(void **state) {
    (void)state;
    struct example *example = example_new();
    PUT(example, CODE, LI(A1, 0x12345670), lw(A0, A1, 4), sw(A0, A1, 8));
    assert_int_equal(riscv_run(&example->cpu, 100), RISCV_ACCESS_FAULT);
    assert_int_equal(example->cpu.pc, CODE + 8);
    assert_int_equal(example->cpu.fault_address, 0x12345674);
    assert_false(example->cpu.fault_is_store);
    example->cpu.pc += 4;
    assert_int_equal(riscv_run(&example->cpu, 100), RISCV_ACCESS_FAULT);
    assert_true(example->cpu.fault_is_store);
    example_free(example);
}

// An instruction whose halves lie in two pages, and one behind a page's last.
static void test_runs_across_pages(void **state) {
    (void)state;
    struct example *example = example_new();
    uint32_t wide = addi(A0, ZERO, 7);
    uint16_t halves[] = {(uint16_t)wide, (uint16_t)(wide >> 16)};
    assert_true(memory_write(&example->memory, CODE + MEMORY_PAGE_SIZE - 2, halves, 4, NULL));
    memory_own(&example->memory, CODE + MEMORY_PAGE_SIZE - 2, 4);
    PUT(example, CODE + MEMORY_PAGE_SIZE + 2, ECALL);
    example->cpu.pc = CODE + MEMORY_PAGE_SIZE - 2;
    assert_int_equal(riscv_run(&example->cpu, 100), RISCV_ECALL);
    assert_int_equal(example->cpu.x[A0], 7);
    example_free(example);
}

// A store into code, at its other address: what was decoded is dropped, and the code is no longer the program's own.
static void test_changed_code_is_not_its_own(void **state) {
    (void)state;
    struct example *example = example_new();
    PUT(example, CODE, addi(A0, ZERO, 1), ECALL);
    assert_int_equal(riscv_run(&example->cpu, 100), RISCV_ECALL);
    assert_true(memory_store(&example->memory, ALIAS, 4, addi(A0, ZERO, 2)));
    example->cpu.pc = CODE;
    assert_int_equal(riscv_run(&example->cpu, 100), RISCV_ELSEWHERE);
    memory_own(&example->memory, CODE, 4);
    assert_int_equal(riscv_run(&example->cpu, 100), RISCV_ECALL);
    assert_int_equal(example->cpu.x[A0], 2);
    example_free(example);
}

static void test_program_that_overwrites_itself(void **state) {
    (void)state;
    struct example *example = example_new();
    PUT(example, CODE, LI(A1, ALIAS + 16), sw(ZERO, A1, 0), addi(A0, ZERO, 3), addi(A0, ZERO, 4));
    assert_int_equal(riscv_run(&example->cpu, 100), RISCV_ELSEWHERE);
    assert_int_equal(example->cpu.pc, CODE + 16);
    assert_int_equal(example->cpu.x[A0], 3);
    example_free(example);
}

static void test_devices_answer_and_may_stop_it(void **state) {
    (void)state;
    struct example *example = example_new();
    PUT(example, CODE, lui(A1, PORT), addi(A0, ZERO, 98), sw(A0, A1, 0), lw(A2, A1, 0), addi(A0, A0, 1),
        sw(A0, A1, 0), addi(A2, ZERO, 0));
    assert_int_equal(riscv_run(&example->cpu, 100), RISCV_REQUEST);
    assert_int_equal(example->cpu.x[A2], 98);
    assert_int_equal(example->cpu.pc, CODE + 24); // behind the store
    assert_int_equal(example->cpu.instructions, 6);
    example_free(example);
}

static void test_traps_and_cycles(void **state) {
    (void)state;
    struct example *example = example_new();
    PUT(example, CODE, CSRR(A0, 0x7E2), CSRR(A1, 0x342), ECALL);
    example->cpu.cycles_added = 1000;
    example->cpu.csr[0x305] = CODE | 1;
    example->cpu.pc = CODE + 8;
    riscv_trap(&example->cpu, 5, 0x1234);
    assert_int_equal(example->cpu.pc, CODE);
    assert_int_equal(riscv_run(&example->cpu, 100), RISCV_ECALL);
    assert_int_equal(example->cpu.x[A0], 1001);
    assert_int_equal(example->cpu.x[A1], 5);
    assert_int_equal(example->cpu.csr[0x341], CODE + 8);
    assert_int_equal(example->cpu.csr[0x343], 0x1234);
    example_free(example);
}

static void test_clean_frames_get_dirty(void **state) {
    (void)state;
    struct example *example = example_new();
    assert_true(memory_store(&example->memory, ALIAS, 4, 1));
    memory_clean(&example->memory, &example->frames[0]);
    PUT(example, CODE + MEMORY_PAGE_SIZE, LI(A1, ALIAS + 8), sw(A1, A1, 0), sw(A1, A1, 4), ECALL);
    assert_false(example->frames[0].dirty);
    example->cpu.pc = CODE + MEMORY_PAGE_SIZE;
    assert_int_equal(riscv_run(&example->cpu, 100), RISCV_ECALL);
    assert_true(example->frames[0].dirty);
    uint32_t value = 0;
    assert_true(memory_load(&example->memory, CODE + 12, 4, &value));
    assert_int_equal(value, ALIAS + 8);
    example_free(example);
}

// ---- long loops done at once: whatever the loop, nothing may come out differently ---------------

#define TABLE (ALIAS + MEMORY_PAGE_SIZE) // data, in the second page

static uint32_t add(uint32_t rd, uint32_t rs1, uint32_t rs2) {
    return rs2 << 20 | rs1 << 15 | rd << 7 | 0x33;
}
static uint32_t exclusive_or(uint32_t rd, uint32_t rs1, uint32_t rs2) {
    return add(rd, rs1, rs2) | 4u << 12;
}
static uint32_t bltu(uint32_t rs1, uint32_t rs2, int32_t distance) {
    return (bne(rs1, rs2, distance) & ~(7u << 12)) | 6u << 12;
}
static uint32_t andi(uint32_t rd, uint32_t rs1, int32_t imm) {
    return immediate(0x13, 7, rd, rs1, imm);
}

static void run_both_ways(const uint32_t *code, uint32_t length, bool expect_fewer_steps) {
    struct example *both[2];
    for (int i = 0; i < 2; i++) {
        both[i] = example_new();
        riscv_know_loops(&both[i]->cpu, i == 1);
        for (uint32_t at = 0; at < MEMORY_PAGE_SIZE; at += 4)
            assert_true(memory_store(&both[i]->memory, TABLE + at, 4, at * 2654435761u + 7));
        put_code(both[i], CODE, code, length);
        assert_int_equal(riscv_run(&both[i]->cpu, 1000000), RISCV_ECALL);
    }
    assert_memory_equal(both[0]->cpu.x, both[1]->cpu.x, 32 * sizeof both[0]->cpu.x[0]);
    assert_memory_equal(both[0]->bytes, both[1]->bytes, sizeof both[0]->bytes);
    assert_int_equal(both[0]->cpu.pc, both[1]->cpu.pc);
    assert_int_equal(both[0]->cpu.instructions, both[1]->cpu.instructions);
    if (expect_fewer_steps)
        assert_true(riscv_rounds_done(&both[1]->cpu) > 100);
    for (int i = 0; i < 2; i++) {
        riscv_free(&both[i]->cpu);
        example_free(both[i]);
    }
}

#define RUN_BOTH_WAYS(expect, ...)                                                                           \
    run_both_ways((const uint32_t[]){__VA_ARGS__}, sizeof((const uint32_t[]){__VA_ARGS__}), expect)

static void test_loops_come_out_the_same(void **state) {
    (void)state;
    // A checksum kept in memory: *A1 ^= A0[i], 700 words.
    RUN_BOTH_WAYS(true, LI(A0, TABLE), LI(A1, TABLE + 4000), LI(A2, TABLE + 2800), lw(T0, A0, 0),
                  lw(T1, A1, 0), exclusive_or(T1, T1, T0), sw(T1, A1, 0), addi(A0, A0, 4), bltu(A0, A2, -20),
                  ECALL);
    // A copy with a mask that differs for odd and even words.
    RUN_BOTH_WAYS(true, LI(A0, TABLE), LI(A1, TABLE + 2048), LI(A2, TABLE + 1600), addi(A3, ZERO, 55),
                  lw(T0, A0, 0), andi(T1, A0, 4), bne(T1, ZERO, 8), exclusive_or(T0, T0, A3), sw(T0, A1, 0),
                  addi(A0, A0, 4), addi(A1, A1, 4), bltu(A0, A2, -28), ECALL);
    // The same with a stop at every 64th word.
    RUN_BOTH_WAYS(true, LI(A0, TABLE), LI(A1, TABLE + 4000), LI(A2, TABLE + 3200), andi(T1, A0, 255),
                  bne(T1, ZERO, 8), addi(A5, A5, 1), lw(T0, A0, 0), lw(T1, A1, 0), exclusive_or(T1, T1, T0),
                  sw(T1, A1, 0), addi(A0, A0, 4), bltu(A0, A2, -32), ECALL);
    // Filled with a constant.
    RUN_BOTH_WAYS(true, LI(A0, TABLE), LI(A2, TABLE + 3200), sw(A2, A0, 0), addi(A0, A0, 4), bltu(A0, A2, -8),
                  ECALL);
}

// Loops that look alike and are none of those: each word depends on the one before.
static void test_loops_that_have_to_be_walked(void **state) {
    (void)state;
    // Overlapping copy: the word just written is read next.
    RUN_BOTH_WAYS(false, LI(A0, TABLE), LI(A2, TABLE + 3200), lw(T0, A0, 0), sw(T0, A0, 4), addi(A0, A0, 4),
                  bltu(A0, A2, -12), ECALL);
    // A running sum in a register, stored each time.
    RUN_BOTH_WAYS(false, LI(A0, TABLE), LI(A2, TABLE + 3200), lw(T0, A0, 0), exclusive_or(A3, A3, T0),
                  sw(A3, A0, 0), addi(A0, A0, 4), bltu(A0, A2, -16), ECALL);
    // The accumulator lies among the words.
    RUN_BOTH_WAYS(false, LI(A0, TABLE), LI(A1, TABLE + 1600), LI(A2, TABLE + 3200), lw(T0, A0, 0),
                  lw(T1, A1, 0), exclusive_or(T1, T1, T0), sw(T1, A1, 0), addi(A0, A0, 4), bltu(A0, A2, -20),
                  ECALL);
    // It ends by what it reads.
    RUN_BOTH_WAYS(false, LI(A0, TABLE), LI(A2, TABLE + 2000), sw(ZERO, A2, 0), lw(T0, A0, 0), addi(A0, A0, 4),
                  bne(T0, ZERO, -8), ECALL);
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_stops),
        cmocka_unit_test(test_budget_ends_a_loop),
        cmocka_unit_test(test_access_faults_stop_in_front),
        cmocka_unit_test(test_runs_across_pages),
        cmocka_unit_test(test_changed_code_is_not_its_own),
        cmocka_unit_test(test_program_that_overwrites_itself),
        cmocka_unit_test(test_devices_answer_and_may_stop_it),
        cmocka_unit_test(test_traps_and_cycles),
        cmocka_unit_test(test_clean_frames_get_dirty),
        cmocka_unit_test(test_loops_come_out_the_same),
        cmocka_unit_test(test_loops_that_have_to_be_walked),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
