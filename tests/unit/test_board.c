// The board: requests become operations, power goes at any of them, faults strike, nothing leaks into the
// next boot.
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>

#include "ota/bootloader.h"
#include "ota/chip_target.h"
#include "ota/port.h"
#include "sim/hw/board.h"
#include "sim/hw/fault_model.h"

static struct board *new_board(void) {
    struct board_config config = {
        .chip = *nor_chip_find("W25Q32JV"), .target = chip_target_find("esp32"), .boot = bootloader_boot};
    config.bootloader = config.app = firmware_build_default(release_profile_default(), config.target);
    return board_new(&config);
}

struct request { // what the little programs below do
    uint32_t address, length;
    const uint8_t *data;
    bool returned;
};

static void write_it(void *context) {
    struct request *request = context;
    request->returned = port_flash_write(request->address, request->data, request->length);
}

static void erase_it(void *context) {
    struct request *request = context;
    request->returned = port_flash_erase(request->address, request->length);
}

static uint8_t zeros[16384];

static void writes_are_sliced_as_the_driver_does(void **state) {
    (void)state;
    struct board *board = new_board();
    struct request request = {.address = 0x10010, .length = 300, .data = zeros};
    assert_int_equal(board_run(board, write_it, &request, NULL), BOARD_RETURNED);
    static const uint32_t lengths[] = {64, 64, 64, 48, 60}; // the page ends at 0x10100
    struct journal_cursor cursor = {.journal = board_journal(board)};
    struct journal_operation operation;
    uint32_t at = 0x10010;
    for (size_t i = 0; i < 5; i++) {
        assert_true(journal_next(&cursor, &operation));
        assert_int_equal(operation.address, at);
        assert_int_equal(operation.length, lengths[i]);
        assert_int_equal(operation.number, i);
        at += lengths[i];
    }
    assert_false(journal_next(&cursor, &operation));
    assert_int_equal(board_operations(board), 5);
    assert_int_equal(board_statistics(board)->programs, 5);
    board_free(board);
}

static void erases_use_blocks_where_they_can(void **state) {
    (void)state;
    struct board *board = new_board();
    struct request request = {.address = 0xD000, .length = 0x22000};
    assert_int_equal(board_run(board, erase_it, &request, NULL), BOARD_RETURNED);
    assert_int_equal(board_statistics(board)->sector_erases, 3 + 15);
    assert_int_equal(board_statistics(board)->block_erases, 1);
    assert_int_equal(board_erase_count(board, 0x1F000), 1);
    assert_int_equal(board_erase_count(board, 0x2F000), 0);
    uint64_t expected = 18 * 100000000ull + 150000000ull; // W25Q32JV: 100 ms a sector, 150 ms a block
    assert_int_equal(board_time_ns(board), expected);
    board_free(board);
}

static void a_cut_leaves_a_prefix(void **state) {
    (void)state;
    struct board *board = new_board();
    struct request request = {.address = 0x1000, .length = 256, .data = zeros};
    board_cut_at_operation(board, 2, &(struct tear){.kind = TEAR_PREFIX, .a = 10});
    assert_int_equal(board_run(board, write_it, &request, NULL), BOARD_POWER_LOST);
    uint8_t bytes[256];
    flash_read(board_flash(board), 0x1000, bytes, sizeof bytes);
    for (size_t i = 0; i < sizeof bytes; i++)
        assert_int_equal(bytes[i], i < 64 * 2 + 10 ? 0 : 0xFF);
    assert_false(board_cut_pending(board));
    assert_int_equal(board_statistics(board)->power_cuts, 1);
    board_free(board);
}

static void a_cut_in_time_tears_in_proportion(void **state) {
    (void)state;
    struct board *board = new_board();
    struct request request = {.address = 0x1000, .length = 4096};
    flash_set(board_flash(board), 0x1000, "x", 1);
    board_cut_at_time(board, 25000000); // a quarter of 100 ms: half of the cells are at 0
    assert_int_equal(board_run(board, erase_it, &request, NULL), BOARD_POWER_LOST);
    uint8_t bytes[4096];
    flash_read(board_flash(board), 0x1000, bytes, sizeof bytes);
    assert_int_equal(bytes[0], 0);
    assert_int_equal(bytes[2047], 0);
    assert_int_equal(bytes[2048], 0xFF);
    board_free(board);
}

static void leave_traces(void *context) {
    uint32_t mark = 0x12345678;
    (void)context;
    port_retained_write(0, &mark, sizeof mark);
    port_ram()->last_handle = 77;
    port_halt(PORT_HALT_RESTART, "on purpose");
}

static void resets_clear_ram_and_power_loss_clears_rtc_memory(void **state) {
    (void)state;
    struct board *board = new_board();
    struct nv_state left;
    const char *why = NULL;
    assert_int_equal(board_run(board, leave_traces, NULL, &why), BOARD_RESTARTED);
    assert_string_equal(why, "on purpose");
    assert_int_equal(board_ram(board)->last_handle, 0);
    board_save(board, &left);
    assert_int_equal(left.retained[0], 0x78);
    nv_state_free(&left);
    board_power_off(board);
    board_save(board, &left);
    assert_int_equal(left.retained[0], 0);
    nv_state_free(&left);
    board_free(board);
}

static void faults_strike_once(void **state) {
    (void)state;
    struct board *board = new_board();
    struct request request = {.address = 0x2000, .length = 128, .data = zeros};
    board_io_fault(board, IO_PROGRAM_DROPPED, 1);
    board_io_fault(board, IO_PROGRAM_ERROR, 4);
    assert_int_equal(board_run(board, write_it, &request, NULL), BOARD_RETURNED);
    assert_true(request.returned);
    uint8_t bytes[128];
    flash_read(board_flash(board), 0x2000, bytes, sizeof bytes);
    assert_int_equal(bytes[0], 0xFF); // dropped
    assert_int_equal(bytes[64], 0);
    assert_int_equal(board_run(board, write_it, &request, NULL), BOARD_RETURNED);
    assert_false(request.returned); // the fourth program
    flash_read(board_flash(board), 0x2000, bytes, sizeof bytes);
    assert_int_equal(bytes[0], 0);
    assert_int_equal(board_io_faults_pending(board), 0);
    assert_int_equal(board_journal(board)->entries[1].continues, true);
    board_free(board);
}

static void burn(void *context) {
    bool *results = context;
    results[0] = port_efuse_burn(PORT_EFUSE_SECURE_VERSION, 3);
    results[1] = port_efuse_burn(PORT_EFUSE_SECURE_VERSION, 6); // bit 1 again
}

static void efuse_bits_burn_once(void **state) {
    (void)state;
    struct board *board = new_board();
    bool results[2];
    assert_int_equal(board_run(board, burn, results, NULL), BOARD_RETURNED);
    assert_true(results[0]);
    assert_false(results[1]);
    assert_int_equal(board_efuse(board, PORT_EFUSE_SECURE_VERSION), 3);
    board_free(board);
}

static void map_and_change(void *context) {
    const uint8_t *mapping = port_flash_map(0x3000, 16);
    (void)context;
    assert_int_equal(mapping[3], 0xFF);
    (void)port_flash_write(0x3003, "\x42", 1);
    assert_int_equal(mapping[3], 0x42);
    (void)port_flash_erase(0x3000, 4096);
    assert_int_equal(mapping[3], 0xFF);
}

static void mappings_follow_writes(void **state) {
    (void)state;
    struct board *board = new_board();
    assert_int_equal(board_run(board, map_and_change, NULL, NULL), BOARD_RETURNED);
    board_free(board);
}

static void read_twice(void *context) {
    uint8_t *bytes = context;
    for (size_t i = 0; i < 64; i++)
        (void)port_flash_read(0x4000, &bytes[i], 1);
}

static void unstable_cells_differ_from_read_to_read(void **state) {
    (void)state;
    struct board *board = new_board();
    uint8_t bytes[64];
    board_unstable_bits(board, 0x4000, 0x01, 7);
    assert_int_equal(board_run(board, read_twice, bytes, NULL), BOARD_RETURNED);
    size_t ones = 0;
    for (size_t i = 0; i < sizeof bytes; i++) {
        assert_int_equal(bytes[i] | 1, 0xFF);
        ones += bytes[i] & 1;
    }
    assert_in_range(ones, 10, 54);
    board_stuck_bits(board, 0x4000, 0x80, false);
    assert_int_equal(board_run(board, read_twice, bytes, NULL), BOARD_RETURNED);
    assert_int_equal(bytes[0] & 0x80, 0);
    board_free(board);
}

static void torn_states_equal_live_cuts(void **state) {
    (void)state;
    static const struct tear tears[] = {{TEAR_PREFIX, 7, 0, 0},
                                        {TEAR_LATE_BITS, 3, 200, 0},
                                        {TEAR_UNSTABLE, 0, 0, 5},
                                        {TEAR_NEIGHBOUR, 3, 9, 0}};
    for (size_t i = 0; i < sizeof tears / sizeof tears[0]; i++) {
        struct board *live = new_board(), *whole = new_board();
        struct request request = {.address = 0x5000, .length = 256, .data = zeros};
        struct nv_state cut, walked;
        board_save(live, &walked);
        board_cut_at_operation(live, 2, &tears[i]);
        assert_int_equal(board_run(live, write_it, &request, NULL), BOARD_POWER_LOST);
        assert_int_equal(board_run(whole, write_it, &request, NULL), BOARD_RETURNED);
        struct journal_cursor cursor = {.journal = board_journal(whole)};
        struct journal_operation operation;
        while (journal_next(&cursor, &operation) && operation.number < 2)
            nv_state_apply(&walked, &operation);
        nv_state_apply_torn(&walked, &operation, &tears[i]);
        board_save(live, &cut);
        assert_true(content_hash_equal(nv_state_hash(&cut), nv_state_hash(&walked)));
        nv_state_free(&cut);
        nv_state_free(&walked);
        board_free(live);
        board_free(whole);
    }
}

static void write_and_retain(void *context) {
    (void)context;
    (void)port_flash_write(0x10000, zeros, 4);
    port_retained_write(0, "R", 1);
    (void)port_flash_write(0x10004, zeros, 4);
}

// A reset leaves RTC memory as it was at the operation that it came in; power loss does not.
static void rtc_memory_outlives_resets_at_any_operation(void **state) {
    (void)state;
    struct board *board = new_board();
    struct nv_state start;
    board_save(board, &start);
    assert_int_equal(board_run(board, write_and_retain, NULL, NULL), BOARD_RETURNED);
    struct journal_cursor cursor = {.journal = board_journal(board)};
    struct journal_operation operation;
    for (uint8_t i = 0; journal_next(&cursor, &operation); i++) {
        struct nv_state left;
        nv_state_copy(&left, &start);
        nv_state_apply_torn(&left, &operation, &(struct tear){.kind = TEAR_RESET_WATCHDOG});
        assert_int_equal(left.retained[0], i == 0 ? 0 : 'R');
        nv_state_free(&left);
        nv_state_copy(&left, &start);
        nv_state_apply_torn(&left, &operation, &(struct tear){.kind = TEAR_PREFIX, .a = 1});
        assert_int_equal(left.retained[0], 0);
        nv_state_free(&left);
    }
    nv_state_free(&start);
    board_free(board);
}

static void tears_read_back_as_written(void **state) {
    (void)state;
    for (uint32_t kind = 0; kind < TEAR_KIND_COUNT; kind++)
        for (const char *const *example = tear_form((enum tear_kind)kind)->examples; *example; example++) {
            struct tear tear;
            char text[TEAR_TEXT_SIZE];
            assert_true(tear_parse(*example, &tear));
            assert_int_equal(tear.kind, kind);
            tear_format(&tear, text);
            assert_string_equal(text, *example);
        }
    static const char *const wrong[] = {"",        "clen",      "prefix",
                                        "prefix:", "prefix:-1", "prefix:1,2",
                                        "late:1,", "weak:7",    "prefix:99999999999",
                                        "clean:",  "partial:1", "neighbour:1"};
    struct tear ignored;
    for (size_t i = 0; i < sizeof wrong / sizeof wrong[0]; i++)
        assert_false(tear_parse(wrong[i], &ignored));
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(writes_are_sliced_as_the_driver_does),
        cmocka_unit_test(erases_use_blocks_where_they_can),
        cmocka_unit_test(a_cut_leaves_a_prefix),
        cmocka_unit_test(a_cut_in_time_tears_in_proportion),
        cmocka_unit_test(resets_clear_ram_and_power_loss_clears_rtc_memory),
        cmocka_unit_test(faults_strike_once),
        cmocka_unit_test(efuse_bits_burn_once),
        cmocka_unit_test(mappings_follow_writes),
        cmocka_unit_test(unstable_cells_differ_from_read_to_read),
        cmocka_unit_test(torn_states_equal_live_cuts),
        cmocka_unit_test(rtc_memory_outlives_resets_at_any_operation),
        cmocka_unit_test(tears_read_back_as_written),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
