// The memo by itself: a run is found again when all that it has read is the same, and only then.
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>

#include "board_example.h"
#include "sim/explore/memo.h"

#define READ_AT   0x9000u
#define UNREAD_AT 0x20000u

struct bench {
    struct board *board;
    struct questions *questions;
    struct memo *memo;
    struct nv_state state;
};

static void read_everything(void *context) {
    uint8_t bytes[16], kept;
    (void)context;
    (void)port_flash_read(READ_AT, bytes, sizeof bytes);
    (void)port_efuse_read(PORT_EFUSE_SECURE_VERSION);
    port_retained_read(0, &kept, 1);
    (void)port_reset_reason();
}

static struct bench bench_with_a_run(void) {
    struct board_config config = example_config("v6.0");
    struct bench bench = {.board = board_new(&config)};
    bench.questions = questions_new(board_new(&config), NULL);
    bench.memo = memo_new(bench.questions);
    board_save(bench.board, &bench.state);
    board_load(bench.board, &bench.state);
    memo_begin(bench.memo, bench.board, &(struct memo_input){.state = &bench.state});
    assert_int_equal(board_run(bench.board, read_everything, NULL, NULL), BOARD_RETURNED);
    struct memo_run run = {.recovery = {.boots = 7}};
    assert_int_equal(memo_finish(bench.memo, bench.board, &run, true)->recovery.boots, 7);
    return bench;
}

static void put_away(struct bench *bench) {
    nv_state_free(&bench->state);
    memo_free(bench->memo);
    questions_free(bench->questions);
    board_free(bench->board);
}

static bool found(struct bench *bench, uint32_t app_address) {
    const struct memo_run *run =
        memo_find(bench->memo, &(struct memo_input){.state = &bench->state, .app_address = app_address});
    assert_true(run == NULL || run->recovery.boots == 7);
    return run != NULL;
}

static void the_same_state_is_found(void **state) {
    (void)state;
    struct bench bench = bench_with_a_run();
    assert_true(found(&bench, 0));
    flash_set(&bench.state.flash, UNREAD_AT, "x", 1); // nobody has read that
    bench.state.efuse[PORT_EFUSE_REVOKED_DIGESTS] ^= 1;
    assert_true(found(&bench, 0));
    put_away(&bench);
}

static void each_thing_that_was_read_counts(void **state) {
    (void)state;
    struct bench bench = bench_with_a_run();
    flash_set(&bench.state.flash, READ_AT + 15, "x", 1);
    assert_false(found(&bench, 0));
    flash_set(&bench.state.flash, READ_AT + 15, "\xFF", 1);
    assert_true(found(&bench, 0));
    bench.state.efuse[PORT_EFUSE_SECURE_VERSION] ^= 1;
    assert_false(found(&bench, 0));
    bench.state.efuse[PORT_EFUSE_SECURE_VERSION] ^= 1;
    bench.state.retained[31] ^= 1;
    assert_false(found(&bench, 0));
    bench.state.retained[31] ^= 1;
    bench.state.reset_reason = PORT_RESET_PANIC;
    assert_false(found(&bench, 0));
    bench.state.reset_reason = PORT_RESET_POWER_ON;
    assert_false(found(&bench, 0x10000)); // where the app lies
    assert_true(found(&bench, 0));
    put_away(&bench);
}

static void cells_that_may_read_otherwise_are_never_found(void **state) {
    (void)state;
    struct bench bench = bench_with_a_run();
    unstable_add_erased(&bench.state.unstable, READ_AT, NOR_SECTOR_SIZE, 1, 4);
    assert_false(found(&bench, 0));
    put_away(&bench);
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(the_same_state_is_found),
        cmocka_unit_test(each_thing_that_was_read_counts),
        cmocka_unit_test(cells_that_may_read_otherwise_are_never_found),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
