// A served device: its modes, its power, and the chip behind the loader.
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "ota/bootloader.h"
#include "sim/serial/served_device.h"
#include "sim/serial/slip.h"

#define SYNC      "\0\x08\x04\0\0\0\0\0\x07\x07\x12\x20", 12
#define ERASE_TWO "\0\x02\x10\0\0\0\0\0\0\x20\0\0\x08\0\0\0\0\4\0\0\0\0\0\0", 24 // 8 KiB from 0
#define PROGRAM_4 "\0\x03\x14\0\xEF\0\0\0\4\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0", 28
#define LEAVE     "\0\x04\x04\0\0\0\0\0\1\0\0\0", 12

struct bench {
    struct served_device *device;
    struct buffer out;
    uint64_t pass_limit; // ns that pass before the power goes
    unsigned notes;
};

static void count_note(void *context, const char *line) {
    assert_true(strlen(line) > 0);
    ((struct bench *)context)->notes++;
}

static uint64_t pass(void *context, uint64_t ns) {
    const struct bench *bench = context;
    return ns < bench->pass_limit ? ns : bench->pass_limit;
}

static struct bench *make_bench(bool boots, bool realtime) {
    struct bench *bench = memory_zeroed(1, sizeof *bench);
    struct served_config config = {.boots = boots, .note = count_note, .context = bench};
    bench->pass_limit = UINT64_MAX;
    config.pass = realtime ? pass : NULL;
    config.board.target = chip_target_find("esp32");
    assert_true(nor_chip_custom(1u << 20, &config.board.chip));
    config.board.boot = bootloader_boot;
    config.board.bootloader = firmware_build_default(release_profile_default(), config.board.target);
    config.board.app = config.board.bootloader;
    bench->device = served_device_new(&config);
    return bench;
}

static int set_up(void **state) {
    *state = make_bench(false, false);
    return 0;
}

static int set_up_booting(void **state) {
    *state = make_bench(true, false);
    return 0;
}

static int set_up_realtime(void **state) {
    *state = make_bench(false, true);
    return 0;
}

static int tear_down(void **state) {
    struct bench *bench = *state;
    served_device_free(bench->device);
    buffer_free(&bench->out);
    free(bench);
    return 0;
}

// True when the device answers.
static bool answers(struct bench *bench, const char *payload, size_t length) {
    struct buffer frame = {0};
    slip_encode(&frame, payload, length);
    bench->out.length = 0;
    served_device_receive(bench->device, frame.bytes, frame.length, &bench->out);
    buffer_free(&frame);
    return bench->out.length > 0;
}

static void expect_mode(const struct bench *bench, enum served_mode mode) {
    assert_string_equal(served_mode_name(served_device_mode(bench->device)), served_mode_name(mode));
}

static const uint8_t *cells(struct bench *bench, uint32_t address) {
    return flash_sector(board_flash(served_device_board(bench->device)), address);
}

static bool printed(const struct bench *bench, const char *words) {
    return strstr(buffer_string(&bench->out), words) != NULL;
}

// ---- modes --------------------------------------------------------------------------------------

static void it_starts_in_download_mode_and_stays_there_without_boot(void **state) {
    struct bench *bench = *state;
    expect_mode(bench, SERVED_DOWNLOAD);
    served_device_connect(bench->device, false);
    assert_true(answers(bench, SYNC));
    served_device_disconnect(bench->device);
    expect_mode(bench, SERVED_DOWNLOAD);
    assert_false(served_device_boot_pending(bench->device));
}

static void a_host_that_leaves_boots_it_and_a_sync_brings_it_back(void **state) {
    struct bench *bench = *state;
    served_device_connect(bench->device, false);
    assert_true(answers(bench, SYNC));
    served_device_disconnect(bench->device);
    expect_mode(bench, SERVED_APP);
    bench->out.length = 0;
    served_device_boot(bench->device, &bench->out);
    assert_true(printed(bench, "boot:0x13"));
    served_device_connect(bench->device, false);
    assert_false(answers(bench, LEAVE)); // an app does not know what that is
    assert_true(answers(bench, SYNC));
    expect_mode(bench, SERVED_DOWNLOAD);
    assert_false(served_device_boot_pending(bench->device));
}

static void a_device_that_cannot_boot_tries_again(void **state) {
    struct bench *bench = *state;
    assert_true(answers(bench, LEAVE));
    for (unsigned boots = 1; boots <= 3; boots++) {
        assert_true(served_device_boot_pending(bench->device));
        served_device_boot(bench->device, &bench->out);
        assert_int_equal(board_statistics(served_device_board(bench->device))->boots, boots);
    }
}

static void with_control_lines_only_they_reset(void **state) {
    struct bench *bench = *state;
    served_device_connect(bench->device, true);
    served_device_lines(bench->device, false, true, &bench->out);
    expect_mode(bench, SERVED_HELD);
    assert_false(answers(bench, SYNC));
    served_device_lines(bench->device, false, false, &bench->out);
    expect_mode(bench, SERVED_APP);
    assert_false(answers(bench, SYNC));
    served_device_lines(bench->device, false, true, &bench->out);
    served_device_lines(bench->device, true, false, &bench->out);
    expect_mode(bench, SERVED_DOWNLOAD);
    assert_true(printed(bench, "waiting for download"));
    assert_true(answers(bench, SYNC));
    served_device_disconnect(bench->device);
    expect_mode(bench, SERVED_DOWNLOAD);
}

// ---- power --------------------------------------------------------------------------------------

static void a_planned_cut_tears_a_program_half_way(void **state) {
    struct bench *bench = *state;
    served_device_cut_after(bench->device, 2);
    assert_true(answers(bench, ERASE_TWO)); // two sectors
    assert_false(answers(bench, PROGRAM_4));
    expect_mode(bench, SERVED_OFF);
    assert_memory_equal(cells(bench, 0), "\0\0\xFF\xFF", 4);
    assert_int_equal(bench->notes, 1);
    assert_false(answers(bench, SYNC));
    served_device_power_on(bench->device);
    expect_mode(bench, SERVED_DOWNLOAD);
    assert_true(answers(bench, ERASE_TWO));
    assert_true(answers(bench, PROGRAM_4)); // it fires once
}

static void a_planned_cut_leaves_an_erase_undone_in_part(void **state) {
    struct bench *bench = *state;
    served_device_cut_after(bench->device, 1);
    assert_false(answers(bench, ERASE_TWO));
    unsigned ones = 0;
    for (unsigned i = 0; i < NOR_SECTOR_SIZE; i++)
        ones += (unsigned)__builtin_popcount(cells(bench, NOR_SECTOR_SIZE)[i]);
    assert_in_range(ones, 15000, 18000); // of 32768 cells
    assert_int_equal(cells(bench, 0)[0], 0xFF);
}

static void time_that_runs_out_cuts_the_operation_that_runs(void **state) {
    struct bench *bench = *state;
    assert_true(answers(bench, ERASE_TWO));
    uint64_t two_sectors = board_time_ns(served_device_board(bench->device));
    bench->pass_limit = two_sectors * 3 / 8; // three quarters into the first sector: cells are coming back
    assert_true(answers(bench, SYNC));
    assert_false(answers(bench, ERASE_TWO));
    expect_mode(bench, SERVED_OFF);
    assert_memory_not_equal(cells(bench, 0), cells(bench, NOR_SECTOR_SIZE), NOR_SECTOR_SIZE);
    assert_int_equal(cells(bench, NOR_SECTOR_SIZE)[0], 0xFF); // erased before, and not touched again
}

static void the_plug_works_at_any_time(void **state) {
    struct bench *bench = *state;
    served_device_power_off(bench->device);
    served_device_power_off(bench->device);
    expect_mode(bench, SERVED_OFF);
    served_device_lines(bench->device, false, true, &bench->out);
    served_device_lines(bench->device, true, false, &bench->out);
    expect_mode(bench, SERVED_OFF);
    assert_false(answers(bench, SYNC));
    served_device_power_on(bench->device);
    served_device_power_on(bench->device);
    expect_mode(bench, SERVED_DOWNLOAD);
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test_setup_teardown(it_starts_in_download_mode_and_stays_there_without_boot, set_up,
                                        tear_down),
        cmocka_unit_test_setup_teardown(a_host_that_leaves_boots_it_and_a_sync_brings_it_back, set_up_booting,
                                        tear_down),
        cmocka_unit_test_setup_teardown(a_device_that_cannot_boot_tries_again, set_up_booting, tear_down),
        cmocka_unit_test_setup_teardown(with_control_lines_only_they_reset, set_up_booting, tear_down),
        cmocka_unit_test_setup_teardown(a_planned_cut_tears_a_program_half_way, set_up, tear_down),
        cmocka_unit_test_setup_teardown(a_planned_cut_leaves_an_erase_undone_in_part, set_up, tear_down),
        cmocka_unit_test_setup_teardown(time_that_runs_out_cuts_the_operation_that_runs, set_up_realtime,
                                        tear_down),
        cmocka_unit_test_setup_teardown(the_plug_works_at_any_time, set_up, tear_down),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
