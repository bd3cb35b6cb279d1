// What is remembered is run again by a witness. A program that learns something behind the observer's back is
// found out; one that does not is left alone.
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <string.h>

#include <cmocka.h>

#include "sim/base/buffer.h"
#include "sim/explore/worker.h"
#include "tests/unit/board_example.h"

// What the program remembers outside of the board, and what that decides.
enum memory { REMEMBERS_NOTHING, DECIDES_END, DECIDES_READ, DECIDES_RETRY };

struct bench {
    enum memory memory;
    unsigned opened; // workers so far: the memory is which of them one is
};

struct device {
    struct bench *bench;
    struct board *board;
    unsigned number;
};

static void *open_device(void *shared, bool forgetful, struct board **board) {
    struct bench *bench = shared;
    struct device *device = memory_zeroed(1, sizeof *device);
    (void)forgetful;
    struct board_config config = example_config("v6.0");
    *device = (struct device){bench, board_new(&config), bench->opened++};
    *board = device->board;
    return device;
}

static void close_device(void *worker) {
    struct device *device = worker;
    board_free(device->board);
    free(device);
}

static void recover_device(void *worker, struct recovery *out) {
    const struct device *device = worker;
    uint8_t bytes[16];
    board_inspect(device->board, 0x9000, bytes, sizeof bytes);
    if (device->bench->memory == DECIDES_READ && device->number > 0)
        board_inspect(device->board, 0xa000, bytes, sizeof bytes);
    board_inspect(device->board, 0xb000, bytes, sizeof bytes);
    out->end = RECOVERY_SETTLED;
    out->boots = 1 + (device->bench->memory == DECIDES_END ? device->number : 0);
    out->address = 0x10000;
    out->size = 0x10000;
}

static void retry_on_device(void *worker, uint32_t update, bool *succeeded, char story[96]) {
    const struct device *device = worker;
    assert_int_equal(update, 1);
    assert_int_equal(board_ram(device->board)->running_address, 0x10000);
    *succeeded = device->bench->memory != DECIDES_RETRY || device->number == 0;
    (void)snprintf(story, 96, "%s", *succeeded ? "fine" : "not so");
}

// Recovers from the same state twice: the second time it is remembered. What the witness says of that.
static void recover_twice(enum memory memory, double share, char defect[EXPLORATION_DEFECT_SIZE]) {
    struct bench bench = {.memory = memory};
    const struct workload workload = {.shared = &bench,
                                      .open = open_device,
                                      .close = close_device,
                                      .recover = recover_device,
                                      .retry = retry_on_device};
    const struct explorer_options options = {.threads = 1, .memo = true, .verify_share = share, .seed = 1};
    struct worker worker;
    struct recovered recovered;
    struct nv_state state;
    worker_open(&worker, &workload, &options, false);
    board_save(worker.board, &state);
    worker_recover(&worker, &state, DETAIL_COARSE, 1, &recovered);
    assert_string_equal(worker.defect, "");
    worker_recover(&worker, &state, DETAIL_COARSE, 1, &recovered);
    assert_true(recovered.recovery.retry_succeeded);
    memcpy(defect, worker.defect, EXPLORATION_DEFECT_SIZE);
    nv_state_free(&state);
    worker_close(&worker);
}

static void who_sees_the_board_only_is_left_alone(void **state) {
    (void)state;
    char defect[EXPLORATION_DEFECT_SIZE];
    recover_twice(REMEMBERS_NOTHING, 1, defect);
    assert_string_equal(defect, "");
}

static void nothing_is_checked_unless_asked_for(void **state) {
    (void)state;
    char defect[EXPLORATION_DEFECT_SIZE];
    recover_twice(DECIDES_END, 0, defect);
    assert_string_equal(defect, "");
}

static void an_end_that_was_decided_unseen_is_found(void **state) {
    (void)state;
    char defect[EXPLORATION_DEFECT_SIZE];
    recover_twice(DECIDES_END, 1, defect);
    assert_string_equal(defect,
                        "a remembered recovery differs in boots or erases when it is run again: what it "
                        "read after read 3 (0xb000 + 16) was not seen; then it read nothing, when it was "
                        "remembered nothing");
}

static void a_read_that_was_decided_unseen_is_found(void **state) {
    (void)state;
    char defect[EXPLORATION_DEFECT_SIZE];
    recover_twice(DECIDES_READ, 1, defect);
    assert_string_equal(defect,
                        "a remembered recovery differs in what it reads when it is run again: what it read "
                        "after read 2 (0x9000 + 16) was not seen; then it read 0xa000 + 16, when it was "
                        "remembered 0xb000 + 16");
}

static void a_retry_that_was_decided_unseen_is_found(void **state) {
    (void)state;
    char defect[EXPLORATION_DEFECT_SIZE];
    recover_twice(DECIDES_RETRY, 1, defect);
    assert_string_equal(
        defect, "a remembered retry differs in what the retry says when it is run again: what it read "
                "after read 1 (where the app lies) was not seen; then it read nothing, when it was "
                "remembered nothing");
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(who_sees_the_board_only_is_left_alone),
        cmocka_unit_test(nothing_is_checked_unless_asked_for),
        cmocka_unit_test(an_end_that_was_decided_unseen_is_found),
        cmocka_unit_test(a_read_that_was_decided_unseen_is_found),
        cmocka_unit_test(a_retry_that_was_decided_unseen_is_found),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
