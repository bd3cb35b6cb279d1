// Questions of the firmware: the observer is told the answer alone when that is exact, and the reads when it is not.
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>

#include "tests/unit/board_example.h"

#define REGION 0x40000u

// ---- a firmware that asks -----------------------------------------------------------------------

static void find_first(const struct port_subject *subject, struct port_answer *answer, void *more) {
    uint8_t byte = 0;
    (void)more;
    (void)port_flash_read(subject->start + subject->mode, &byte, 1);
    if (byte == 0xAA)
        port_halt(PORT_HALT_PANIC, "that byte ends the program");
    *answer = (struct port_answer){.yes = byte > 0x7F, .number = port_efuse_read(PORT_EFUSE_SECURE_VERSION)};
}

static const struct port_question question = {"is the byte large?", 0, find_first};

struct program {
    struct port_subject subject;
    bool erases, burns, reached;
    struct port_answer answer;
};

static void run(void *context) {
    struct program *program = context;
    if (program->erases)
        (void)port_flash_erase(REGION, NOR_SECTOR_SIZE);
    if (program->burns)
        (void)port_efuse_burn(PORT_EFUSE_SECURE_VERSION, 4);
    port_ask(&question, &program->subject, &program->answer, NULL);
    program->reached = true;
}

// ---- who watches --------------------------------------------------------------------------------

struct seen {
    unsigned answers, unanswered, reads, efuses;
    struct board_answer answer;
    uint32_t burned;
};

static void on_question(void *context, const struct port_question *asked, const struct port_subject *subject,
                        const uint32_t burned[PORT_EFUSE_FIELDS], const struct board_answer *answer) {
    struct seen *seen = context;
    assert_ptr_equal(asked, &question);
    assert_int_equal(subject->start, REGION);
    seen->burned = burned[PORT_EFUSE_SECURE_VERSION];
    if (answer == NULL) {
        seen->unanswered++;
        return;
    }
    seen->answers++;
    seen->answer = *answer;
}

static void on_flash(void *context, uint32_t address, uint32_t length) {
    (void)address, (void)length;
    ((struct seen *)context)->reads++;
}

static void on_efuse(void *context, enum port_efuse field) {
    (void)field;
    ((struct seen *)context)->efuses++;
}

static void on_other(void *context) {
    (void)context;
}

static struct seen watch(struct program *program, uint8_t byte, bool unstable) {
    struct board_config config = example_config("v6.0");
    struct board *board = board_new(&config);
    struct seen seen = {0};
    const struct board_observer observer = {&seen, on_flash, on_efuse, on_other, on_other, on_question, NULL};
    flash_set(board_flash(board), REGION, &byte, 1);
    if (unstable)
        board_unstable_bits(board, REGION, 0x01, 7);
    board_observe(board, &observer);
    (void)board_run(board, run, program, NULL);
    board_observe(board, NULL);
    board_free(board);
    return seen;
}

static void only_the_answer_is_told(void **state) {
    (void)state;
    struct program program = {.subject = {REGION, NOR_SECTOR_SIZE, 0}};
    struct seen seen = watch(&program, 0x90, false);
    assert_true(program.reached && program.answer.yes);
    assert_int_equal(seen.answers, 1);
    assert_int_equal(seen.unanswered + seen.reads + seen.efuses, 0);
    assert_true(seen.answer.end == BOARD_RETURNED && seen.answer.answer.yes);
}

static void what_the_program_changed_itself_is_read(void **state) {
    (void)state;
    struct program program = {.subject = {REGION, 2 * NOR_SECTOR_SIZE, NOR_SECTOR_SIZE}, .erases = true};
    struct seen seen = watch(&program, 0x90, false);
    assert_int_equal(seen.answers + seen.unanswered, 0);
    assert_int_equal(seen.reads, 1); // of the sector that it did not erase
    assert_int_equal(seen.efuses, 1);
}

static void bits_that_the_program_burned_belong_to_the_question(void **state) {
    (void)state;
    struct program program = {.subject = {REGION, NOR_SECTOR_SIZE, 0}, .burns = true};
    struct seen seen = watch(&program, 0x90, false);
    assert_int_equal(seen.answers, 1);
    assert_int_equal(seen.burned, 4);
    assert_int_equal(program.answer.number, 4);
}

static void reads_beyond_the_subject_are_told(void **state) {
    (void)state;
    struct program program = {.subject = {REGION, 16, 16}};
    struct seen seen = watch(&program, 0x90, false);
    assert_int_equal(seen.unanswered, 1);
    assert_int_equal(seen.answers, 0);
    assert_int_equal(seen.reads, 1);
}

static void unstable_cells_are_told(void **state) {
    (void)state;
    struct program program = {.subject = {REGION, NOR_SECTOR_SIZE, 0}};
    struct seen seen = watch(&program, 0x90, true);
    assert_int_equal(seen.unanswered, 1);
    assert_int_equal(seen.reads, 1);
}

static void the_end_of_the_program_is_an_answer(void **state) {
    (void)state;
    struct program program = {.subject = {REGION, NOR_SECTOR_SIZE, 0}};
    struct seen seen = watch(&program, 0xAA, false);
    assert_false(program.reached);
    assert_int_equal(seen.answers, 1);
    assert_int_equal(seen.answer.end, BOARD_PANICKED);
    assert_int_equal(seen.reads, 0);
}

static void a_question_from_outside_changes_nothing(void **state) {
    (void)state;
    struct board_config config = example_config("v6.0");
    struct board *board = board_new(&config);
    const uint32_t efuse[PORT_EFUSE_FIELDS] = {[PORT_EFUSE_SECURE_VERSION] = 9};
    const struct port_subject subject = {REGION, NOR_SECTOR_SIZE, 0};
    struct flash flash;
    struct asked asked;
    flash_init(&flash, config.chip.size);
    flash_set(&flash, REGION, "\x11", 1);
    assert_true(board_find_answer(board, &flash, efuse, &question, &subject, &asked));
    assert_int_equal(asked.answer.end, BOARD_RETURNED);
    assert_false(asked.answer.answer.yes);
    assert_int_equal(asked.answer.answer.number, 9);
    assert_int_equal(asked.read_count, 2);
    assert_int_equal(board_efuse(board, PORT_EFUSE_SECURE_VERSION), 0);
    assert_int_equal(flash_sector(board_flash(board), REGION)[0], 0xFF);
    flash_free(&flash);
    board_free(board);
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(only_the_answer_is_told),
        cmocka_unit_test(what_the_program_changed_itself_is_read),
        cmocka_unit_test(bits_that_the_program_burned_belong_to_the_question),
        cmocka_unit_test(reads_beyond_the_subject_are_told),
        cmocka_unit_test(unstable_cells_are_told),
        cmocka_unit_test(the_end_of_the_program_is_an_answer),
        cmocka_unit_test(a_question_from_outside_changes_nothing),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
