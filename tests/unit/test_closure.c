// What a crash state's closure is found to depend on: reads, answers and writes, of retries and of what further cuts
// lead to as well; and whether another state has the same.
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <string.h>

#include <cmocka.h>

#include "sim/base/buffer.h"
#include "sim/explore/closure.h"
#include "tests/unit/board_example.h"

#define FLAG        0x9000u  // each recovery reads it
#define NOTE        0xA000u  // and writes two bytes here, unless they stand there
#define RETRY_FLAG  0xB000u  // each retry reads it
#define RARE        0xC000u  // only read when the second byte of the note is missing
#define ASKED       0x40000u // sectors that questions are about
#define RETRY_ASKED 0x50000u
#define NOWHERE     0x20000u

static bool asks_about_the_note;

// ---- a device -----------------------------------------------------------------------------------

static void is_large(const struct port_subject *subject, struct port_answer *answer, void *more) {
    uint8_t byte = 0;
    (void)more;
    (void)port_flash_read(subject->start, &byte, 1);
    *answer = (struct port_answer){.yes = byte > 0x7F};
}

static const struct port_question question = {"is the first byte large?", 0, is_large};

static uint8_t byte_at(uint32_t address) {
    uint8_t byte = 0;
    (void)port_flash_read(address, &byte, 1);
    return byte;
}

static void ask_about(uint32_t start) {
    struct port_answer answer;
    port_ask(&question, &(struct port_subject){start, NOR_SECTOR_SIZE, 0}, &answer, NULL);
}

static void recovers(void *context) {
    const uint8_t zero = 0;
    (void)context;
    (void)byte_at(FLAG);
    ask_about(asks_about_the_note ? NOTE : ASKED);
    if (byte_at(NOTE) != 0)
        (void)port_flash_write(NOTE, &zero, 1);
    else if (byte_at(NOTE + 1) != 0)
        (void)byte_at(RARE);
    else
        return;
    (void)port_flash_write(NOTE + 1, &zero, 1);
}

static void retries(void *context) {
    (void)context;
    (void)byte_at(RETRY_FLAG);
    ask_about(RETRY_ASKED);
}

static void *open_device(void *shared, bool forgetful, struct board **board) {
    struct board_config config = example_config("v6.0");
    (void)shared, (void)forgetful;
    return *board = board_new(&config);
}

static void close_device(void *worker) {
    board_free(worker);
}

static void recover_device(void *worker, struct recovery *out) {
    (void)board_run(worker, recovers, NULL, NULL);
    out->end = RECOVERY_SETTLED;
    out->boots = 1;
    out->address = out->size = 0x10000;
}

static void retry_on_device(void *worker, uint32_t update, bool *succeeded, char story[96]) {
    (void)update;
    *succeeded = board_run(worker, retries, NULL, NULL) == BOARD_RETURNED;
    (void)snprintf(story, 96, "fine");
}

// ---- its closure --------------------------------------------------------------------------------

static const struct workload workload = {
    .open = open_device, .close = close_device, .recover = recover_device, .retry = retry_on_device};
static const struct explorer_options options = {.models = FAULT_CLEAN, .threads = 1, .memo = true};

struct bench {
    struct worker worker;
    struct nv_state state;
    struct closure closure;
};

static void bench_make(struct bench *bench) {
    const struct promise promise = {.update = 1};
    memset(bench, 0, sizeof *bench);
    worker_open(&bench->worker, &workload, &options, false);
    board_save(bench->worker.board, &bench->state);
    closure_scan(&bench->worker, &bench->state, &promise, DETAIL_COARSE, 1, &bench->closure);
}

static void bench_free(struct bench *bench) {
    closure_free(&bench->closure);
    nv_state_free(&bench->state);
    worker_close(&bench->worker);
}

static bool reads(const struct bench *bench, uint32_t address) {
    return read_set_intersects(&bench->closure.reads, address, address + 1);
}

static void it_knows_all_that_it_reads_asks_and_writes(void **state) {
    (void)state;
    struct bench bench;
    bench_make(&bench);
    assert_true(reads(&bench, FLAG) && reads(&bench, NOTE));
    assert_true(reads(&bench, RETRY_FLAG)); // by the retry
    assert_true(reads(&bench, RARE));       // after another cut
    assert_false(reads(&bench, ASKED) || reads(&bench, RETRY_ASKED) || reads(&bench, NOWHERE));
    assert_int_equal(bench.closure.question_count, 2); // one of them of the retry
    assert_true(read_set_intersects(&bench.closure.writes, NOTE + 1, NOTE + 2));
    assert_false(read_set_intersects(&bench.closure.writes, NOTE + 2, NOTE + 3));
    bench_free(&bench);
}

static void questions_about_what_it_changes_are_reads(void **state) {
    (void)state;
    struct bench bench;
    asks_about_the_note = true;
    bench_make(&bench);
    asks_about_the_note = false;
    assert_int_equal(bench.closure.question_count, 1); // that of the retry
    assert_true(reads(&bench, NOTE + 100));
    bench_free(&bench);
}

static void a_change_elsewhere_moves_nothing(void **state) {
    (void)state;
    struct bench bench;
    bench_make(&bench);
    const struct {
        uint32_t at;
        bool unmoved;
    } table[] = {{FLAG, false},  {FLAG + 1, true},     {RARE, false},     {RETRY_FLAG, false},
                 {ASKED, false}, {RETRY_ASKED, false}, {ASKED + 1, true}, {NOWHERE, true}};
    for (size_t i = 0; i < sizeof table / sizeof table[0]; i++)
        if (closure_unmoved(&bench.closure, NULL, &bench.state, table[i].at, table[i].at + 1) !=
            table[i].unmoved)
            fail_msg("0x%x", table[i].at);
    bench_free(&bench);
}

// Of a state that differs in one byte.
static bool fits(const struct bench *bench, const struct nv_state *other, uint32_t at) {
    struct closure_probe probe;
    struct closure taken_over = {0};
    closure_probe_open(&probe, &bench->closure, &bench->worker, &bench->state, at, at + 1);
    bool fits = closure_fits(&probe, other);
    closure_probe_close(&probe);
    if (closure_transfer(&bench->closure, bench->worker.questions, &bench->state, other, &taken_over)) {
        assert_true(fits && "what may be taken over fits");
        closure_free(&taken_over);
    }
    return fits;
}

static void another_state_fits_when_it_reads_and_answers_alike(void **state) {
    (void)state;
    struct bench bench;
    bench_make(&bench);
    const struct {
        uint32_t at;
        uint8_t byte;
        bool fits;
    } table[] = {
        {NOWHERE, 1, true},        {FLAG, 1, false},
        {RARE, 1, false},          {ASKED, 0x90, true}, // the same answer
        {ASKED, 0x10, false},      {RETRY_ASKED, 0x10, false},
        {RETRY_ASKED, 0x90, true}, {NOTE + 1, 0x7F, false}, // what recoveries write
    };
    for (size_t i = 0; i < sizeof table / sizeof table[0]; i++) {
        struct nv_state other;
        nv_state_copy(&other, &bench.state);
        flash_set(&other.flash, table[i].at, &table[i].byte, 1);
        if (fits(&bench, &other, table[i].at) != table[i].fits)
            fail_msg("0x%x: 0x%x", table[i].at, table[i].byte);
        nv_state_free(&other);
    }
    bench_free(&bench);
}

static void states_with_unstable_cells_never_fit(void **state) {
    (void)state;
    struct bench bench;
    struct nv_state other;
    bench_make(&bench);
    nv_state_copy(&other, &bench.state);
    unstable_add_erased(&other.unstable, NOWHERE, NOR_SECTOR_SIZE, 1, 4);
    assert_false(fits(&bench, &other, NOWHERE));
    nv_state_free(&other);
    bench_free(&bench);
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(it_knows_all_that_it_reads_asks_and_writes),
        cmocka_unit_test(questions_about_what_it_changes_are_reads),
        cmocka_unit_test(a_change_elsewhere_moves_nothing),
        cmocka_unit_test(another_state_fits_when_it_reads_and_answers_alike),
        cmocka_unit_test(states_with_unstable_cells_never_fit),
    };
    return cmocka_run_group_tests_name("closure", tests, NULL, NULL);
}
