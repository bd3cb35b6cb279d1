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

// ---- answers ------------------------------------------------------------------------------------

#define REGION 0x40000u
#define BURNED 4u

enum { NUMBER, MORE, ENDS, YES, UNREAD }; // bytes of the region

static void look(const struct port_subject *subject, struct port_answer *answer, void *more) {
    uint8_t bytes[UNREAD];
    (void)port_flash_read(subject->start, bytes, sizeof bytes);
    if (bytes[ENDS] == 0xAA)
        port_halt(PORT_HALT_PANIC, "that byte ends the program");
    *answer = (struct port_answer){
        .yes = bytes[YES] > 0x7F, .number = bytes[NUMBER] + 256 * port_efuse_read(PORT_EFUSE_SECURE_VERSION)};
    *(uint8_t *)more = bytes[MORE];
}

static const struct port_question question = {"what stands there?", 1, look};
static const struct port_subject region = {REGION, NOR_SECTOR_SIZE, 0};

static void ask(void *context) {
    struct port_answer answer;
    uint8_t more;
    if (context != NULL)
        (void)port_efuse_burn(PORT_EFUSE_SECURE_VERSION, BURNED);
    port_ask(&question, &region, &answer, &more);
}

static struct bench bench_with_a_question(bool burns) {
    struct board_config config = example_config("v6.0");
    struct bench bench = {.board = board_new(&config)};
    bench.questions = questions_new(board_new(&config), NULL);
    bench.memo = memo_new(bench.questions);
    board_save(bench.board, &bench.state);
    board_load(bench.board, &bench.state);
    memo_begin(bench.memo, bench.board, &(struct memo_input){.state = &bench.state});
    assert_int_equal(board_run(bench.board, ask, burns ? &burns : NULL, NULL), BOARD_RETURNED);
    struct memo_run run = {.recovery = {.boots = 7}};
    (void)memo_finish(bench.memo, bench.board, &run, true);
    return bench;
}

static void each_part_of_an_answer_counts(void **state) {
    (void)state;
    struct bench bench = bench_with_a_question(false);
    const struct {
        uint32_t at;
        uint8_t byte;
        bool same;
    } table[] = {{UNREAD, 1, true},  {YES, 0x90, true}, {YES, 1, false},
                 {NUMBER, 1, false}, {MORE, 1, false},  {ENDS, 0xAA, false}};
    assert_true(found(&bench, 0));
    for (size_t i = 0; i < sizeof table / sizeof table[0]; i++) {
        flash_set(&bench.state.flash, REGION + table[i].at, &table[i].byte, 1);
        if (found(&bench, 0) != table[i].same)
            fail_msg("byte %u: 0x%x", table[i].at, table[i].byte);
        flash_set(&bench.state.flash, REGION + table[i].at, "\xFF", 1);
    }
    bench.state.efuse[PORT_EFUSE_SECURE_VERSION] ^= 1; // the question reads it
    assert_false(found(&bench, 0));
    put_away(&bench);
}

static void an_end_is_no_answer(void **state) {
    (void)state;
    struct bench bench = bench_with_a_question(false);
    struct board_answer answer;
    const uint32_t none[PORT_EFUSE_FIELDS] = {0};
    uint32_t number = questions_number(bench.questions, &question, &region, none);
    flash_set(&bench.state.flash, REGION, "\0\0\xAA\0", 4); // what an answer of nothing would be
    assert_true(questions_ask_once(bench.questions, number, &bench.state, none, &answer));
    assert_int_equal(answer.end, BOARD_PANICKED);
    assert_int_equal(questions_ask(bench.questions, number, &bench.state, NULL)->answer.end, BOARD_PANICKED);
    put_away(&bench);
}

static void what_the_program_burned_belongs_to_its_question(void **state) {
    (void)state;
    struct bench bench = bench_with_a_question(true);
    const uint32_t none[PORT_EFUSE_FIELDS] = {0};
    const uint32_t burned[PORT_EFUSE_FIELDS] = {[PORT_EFUSE_SECURE_VERSION] = BURNED};
    assert_true(found(&bench, 0));
    assert_int_not_equal(questions_number(bench.questions, &question, &region, none),
                         questions_number(bench.questions, &question, &region, burned));
    put_away(&bench);
}

static void unstable_cells_in_the_subject_have_no_answer(void **state) {
    (void)state;
    struct bench bench = bench_with_a_question(false);
    struct board_answer answer;
    const uint32_t none[PORT_EFUSE_FIELDS] = {0};
    uint32_t number = questions_number(bench.questions, &question, &region, none);
    assert_true(questions_ask_once(bench.questions, number, &bench.state, none, &answer));
    // Some that this question would not come to: another state might lead it there.
    unstable_add(
        &bench.state.unstable,
        &(struct unstable_region){
            .address = REGION + 0x800, .length = 1, .zero_chance = 128, .mask = {0xFF}, .mask_length = 1});
    assert_false(found(&bench, 0));
    assert_false(questions_ask_once(bench.questions, number, &bench.state, none, &answer));
    assert_false(questions_ask(bench.questions, number, &bench.state, NULL)->lasting);
    put_away(&bench);
}

static void an_app_is_known_by_its_place_and_its_update(void **state) {
    (void)state;
    struct bench bench = bench_with_a_run();
    struct memo_input input = {&bench.state, 0x10000, 0x4000, 2};
    memo_begin(bench.memo, bench.board, &input);
    (void)board_run(bench.board, read_everything, NULL, NULL);
    struct memo_run run = {.recovery = {.boots = 7}};
    (void)memo_finish(bench.memo, bench.board, &run, true);
    assert_non_null(memo_find(bench.memo, &input));
    input.update = 1;
    assert_null(memo_find(bench.memo, &input));
    input.update = 2;
    input.app_size = 0x8000;
    assert_null(memo_find(bench.memo, &input));
    input.app_size = 0x4000;
    input.app_address = 0x20000;
    assert_null(memo_find(bench.memo, &input));
    put_away(&bench);
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(the_same_state_is_found),
        cmocka_unit_test(each_thing_that_was_read_counts),
        cmocka_unit_test(each_part_of_an_answer_counts),
        cmocka_unit_test(an_end_is_no_answer),
        cmocka_unit_test(what_the_program_burned_belongs_to_its_question),
        cmocka_unit_test(unstable_cells_in_the_subject_have_no_answer),
        cmocka_unit_test(an_app_is_known_by_its_place_and_its_update),
        cmocka_unit_test(cells_that_may_read_otherwise_are_never_found),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
