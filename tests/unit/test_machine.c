// Hand-made bootloaders for the ESP32-C3: what the machine answers them, and how each of their ends is told.
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "ota/firmware.h"
#include "sim/base/buffer.h"
#include "sim/hw/board.h"
#include "sim/machine/machine.h"
#include "sim/provision/app_image_builder.h"
#include "tests/unit/riscv_example.h"

#define CODE  0x403CE710u
#define DATA  0x3FCD5710u
#define APP   0x10000u // a partition of 0x10000
#define ENTRY 0x40380000u
#define FREE  0xF000u // a sector that is nobody's

// ROM functions of the ESP32-C3.
#define ETS_PRINTF      0x40000040u
#define SPIFLASH_ERASE  0x40000128u
#define SPIFLASH_WRITE  0x4000012Cu
#define SPIFLASH_CONFIG 0x40000134u
#define SHA_INIT        0x40000650u
#define SHA_UPDATE      0x4000065Cu
#define SHA_FINISH      0x40000660u
#define CRC32_LE        0x40000628u
#define RESET_REASON    0x40000018u
#define UART_RX_STRING  0x40000064u // not one that a bootloader calls

struct device {
    struct board *board;
    struct machine *machine;
    struct buffer log;
    const char *why;
};

static void on_line(void *context, enum port_log_level level, const char *tag, const char *line) {
    buffer_printf(context, "%d %s: %s\n", (int)level, tag, line);
}

// A device whose bootloader is `code`, with `text` at DATA.
static struct device device_new(const uint32_t *code, uint32_t length, const char *text) {
    struct device device = {0};
    struct board_config config = {.chip = *nor_chip_find("W25Q32JV"), .target = chip_target_find("esp32c3")};
    config.app = config.bootloader = firmware_build_default(release_profile_find("v5.5"), config.target);
    device.board = board_new(&config);
    device.machine = machine_new(config.target, NULL);
    char data[256] = {0};
    (void)strncpy(data, text, sizeof data - 1);
    struct app_image_segment segments[] = {{DATA, sizeof data, data}, {CODE, length, code}};
    struct buffer image = {0};
    app_image_assemble(&(struct app_image_parts){.magic = 0xE9,
                                                 .spi_mode = 2,
                                                 .entry = CODE,
                                                 .chip_id = config.target->chip_id,
                                                 .segments = segments,
                                                 .segment_count = 2},
                       &image);
    struct flash *flash = board_flash(device.board);
    flash_set(flash, 0, image.bytes, (uint32_t)image.length);
    buffer_free(&image);
    static const uint8_t row[32] = {0xAA, 0x50, 0, 0x10, 0, 0, 1, 0, 0, 0, 1, 0, 'a'};
    flash_set(flash, 0x8000, row, sizeof row);
    static const uint8_t header[24] = {0xE9, 1, 2, 0x20, 0, 0, 0x38, 0x40}; // its entry is ENTRY
    flash_set(flash, APP, header, sizeof header);
    return device;
}

static void device_free(struct device *device) {
    board_free(device->board);
    machine_free(device->machine);
    buffer_free(&device->log);
}

static void boot_program(void *context) {
    machine_boot(context);
}

static enum board_end boot(struct device *device) {
    device->log.length = 0;
    board_listen(device->board, on_line, &device->log);
    return board_run(device->board, boot_program, device->machine, &device->why);
}

#define DEVICE(text, ...)                                                                                    \
    device_new((const uint32_t[]){__VA_ARGS__}, sizeof((const uint32_t[]){__VA_ARGS__}), text)

// ---- how boots end ------------------------------------------------------------------------------

static void test_an_app_starts(void **state) {
    (void)state;
    // Maps the app's page into entry 3 and jumps to its entry.
    struct device device =
        DEVICE("", LI(T0, 0x600C500C), addi(T1, ZERO, 1), sw(T1, T0, 0), LI(T2, ENTRY), jalr(ZERO, T2, 0));
    for (int i = 0; i < 2; i++) { // twice: nothing of the first boot is left
        assert_int_equal(boot(&device), BOARD_RETURNED);
        assert_int_equal(board_ram(device.board)->running_address, APP);
        assert_int_equal(board_ram(device.board)->running_size, 0x10000);
        board_ram(device.board)->running_size = 0;
    }
    assert_int_equal(machine_statistics(device.machine).boots, 2);
    device_free(&device);
}

static void test_a_jump_elsewhere_is_no_app(void **state) {
    (void)state;
    struct device device = DEVICE("", LI(T0, 0x600C500C), addi(T1, ZERO, 1), sw(T1, T0, 0), LI(T2, ENTRY + 4),
                                  jalr(ZERO, T2, 0));
    assert_int_equal(boot(&device), BOARD_CRASHED);
    assert_non_null(strstr(device.why, "not its code"));
    device_free(&device);
    device = DEVICE("", LI(T2, ENTRY), jalr(ZERO, T2, 0)); // nothing is mapped
    assert_int_equal(boot(&device), BOARD_CRASHED);
    device_free(&device);
}

static void test_resets_and_hangs(void **state) {
    (void)state;
    struct device device = DEVICE("", LI(T0, 0x60008000), lui(T1, 0x80000000), sw(T1, T0, 0));
    assert_int_equal(boot(&device), BOARD_RESTARTED);
    device_free(&device);
    device = DEVICE("", HANG);
    assert_int_equal(boot(&device), BOARD_CRASHED);
    assert_non_null(strstr(device.why, "loops for ever"));
    device_free(&device);
    device = DEVICE("", lw(T0, ZERO, 0));
    assert_int_equal(boot(&device), BOARD_CRASHED);
    assert_non_null(strstr(device.why, "nothing is"));
    device_free(&device);
}

// Few instructions, but they take for ever: an erase again and again.
static void test_a_boot_takes_no_longer_than_the_watchdog(void **state) {
    (void)state;
    struct device device =
        DEVICE("", LI(A1, 4 << 20), LI(A2, 0x10000), LI(A3, 0x1000), addi(A4, ZERO, 0x100),
               CALL(SPIFLASH_CONFIG), addi(A0, ZERO, FREE / 4096), CALL(SPIFLASH_ERASE), jal(ZERO, -16));
    assert_int_equal(boot(&device), BOARD_CRASHED);
    assert_non_null(strstr(device.why, "does not come to an end"));
    assert_in_range(board_time_ns(device.board) / 1000000, 60000, 61000);
    device_free(&device);
}

static void expect_not_modelled(struct device device, const char *text) {
    assert_int_equal(boot(&device), BOARD_NOT_MODELLED);
    assert_non_null(strstr(device.why, text));
    device_free(&device);
}

static void test_what_is_not_modelled_has_a_name(void **state) {
    (void)state;
    expect_not_modelled(DEVICE("", CALL(UART_RX_STRING)), "UartRxString at 0x40000064");
    expect_not_modelled(DEVICE("", CALL(0x40000042)), "(no name) at 0x40000042");
    expect_not_modelled(DEVICE("", 0xFFFFFFFF), "illegal instruction 0xffffffff (pc 0x403ce710)");
    expect_not_modelled(DEVICE("", lui(T0, 0x3C000000), lw(T0, T0, 0x20)), "a load from 0x3c000020");
    expect_not_modelled(
        DEVICE("", LI(T0, 0x60002000), LI(T1, 0xB9), sw(T1, T0, 0x20), LI(T1, 1 << 18), sw(T1, T0, 0)),
        "SPI flash command 0xb9");
    expect_not_modelled(DEVICE("", LI(A0, DATA), addi(A1, ZERO, 1), CALL(SHA_INIT)),
                        "ets_sha_init of type 1");
}

// ---- the ROM's part -----------------------------------------------------------------------------

static void test_a_damaged_bootloader_does_not_start(void **state) {
    (void)state;
    struct device device = DEVICE("", HANG);
    struct flash *flash = board_flash(device.board);
    flash_set(flash, 40, "!", 1);
    assert_int_equal(boot(&device), BOARD_CRASHED);
    assert_non_null(strstr(device.why, "checksum"));
    assert_non_null(strstr(buffer_string(&device.log), "Checksum failure"));
    flash_set(flash, 12, "\1", 1);
    assert_int_equal(boot(&device), BOARD_CRASHED);
    assert_non_null(strstr(device.why, "another chip"));
    flash_set(flash, 0, "\xFF", 1);
    assert_int_equal(boot(&device), BOARD_CRASHED);
    assert_non_null(strstr(device.why, "no bootloader"));
    device_free(&device);
}

// ---- flash --------------------------------------------------------------------------------------

#define RESET LI(T0, 0x60008000), lui(T1, 0x80000000), sw(T1, T0, 0)
#define CONFIGURE                                                                                            \
    LI(A1, 4 << 20), LI(A2, 0x10000), LI(A3, 0x1000), addi(A4, ZERO, 0x100), CALL(SPIFLASH_CONFIG)

static void test_erases_and_programs_are_the_boards(void **state) {
    (void)state;
    struct device device = DEVICE("text", CONFIGURE, addi(A0, ZERO, FREE / 4096), CALL(SPIFLASH_ERASE),
                                  LI(A0, FREE), LI(A1, DATA), addi(A2, ZERO, 4), CALL(SPIFLASH_WRITE), RESET);
    flash_set(board_flash(device.board), FREE, "old contents", 12);
    assert_int_equal(boot(&device), BOARD_RESTARTED);
    uint8_t bytes[5];
    flash_read(board_flash(device.board), FREE, bytes, sizeof bytes);
    assert_memory_equal(bytes, "text\xFF", 5);
    assert_int_equal(board_operations(device.board), 2);
    const struct journal *journal = board_journal(device.board);
    assert_int_equal(journal->entries[0].kind, JOURNAL_ERASE);
    assert_int_equal(journal->entries[1].kind, JOURNAL_PROGRAM);
    assert_string_equal(journal->entries[1].call, "bootloader");
    device_free(&device);
}

static void test_a_cut_ends_it_at_the_operation(void **state) {
    (void)state;
    struct device device = DEVICE("text", CONFIGURE, addi(A0, ZERO, FREE / 4096), CALL(SPIFLASH_ERASE), HANG);
    board_cut_at_operation(device.board, 0, &(struct tear){.kind = TEAR_CLEAN});
    assert_int_equal(boot(&device), BOARD_POWER_LOST);
    assert_int_equal(board_operations(device.board), 0);
    device_free(&device);
}

struct seen {
    uint32_t low, high; // addresses read behind the bootloader
};

static void on_flash_read(void *context, uint32_t address, uint32_t length) {
    struct seen *seen = context;
    if (address < 0x8000)
        return;
    seen->low = address < seen->low ? address : seen->low;
    seen->high = address + length > seen->high ? address + length : seen->high;
}

static void on_efuse(void *context, enum port_efuse field) {
    (void)context, (void)field;
}

static void on_other(void *context) {
    (void)context;
}

// What is read through a window is observed, and not much more.
static void test_window_reads_are_observed(void **state) {
    (void)state;
    struct device device = DEVICE("", LI(T0, 0x600C5000), addi(T1, ZERO, 1), sw(T1, T0, 0),
                                  LI(T0, 0x3C001234), lw(A0, T0, 0), RESET);
    struct seen seen = {UINT32_MAX, 0};
    board_observe(device.board,
                  &(struct board_observer){&seen, on_flash_read, on_efuse, on_other, on_other, NULL, NULL});
    assert_int_equal(boot(&device), BOARD_RESTARTED);
    assert_int_equal(seen.low, 0x11200);
    assert_int_equal(seen.high, 0x11240);
    device_free(&device);
}

// The digest of what a window shows is the digest of flash.
static void test_sha_over_a_window(void **state) {
    (void)state;
    struct device device =
        DEVICE("abc", LI(T0, 0x600C5000), sw(ZERO, T0, 0), LI(A0, DATA + 64), addi(A1, ZERO, 2),
               CALL(SHA_INIT), LI(A0, DATA + 64), LI(A1, 0x3C00F000), addi(A2, ZERO, 3), CALL(SHA_UPDATE),
               LI(A0, DATA + 64), LI(A1, DATA + 128), CALL(SHA_FINISH), CONFIGURE, LI(A0, FREE + 64),
               LI(A1, DATA + 128), addi(A2, ZERO, 32), CALL(SPIFLASH_WRITE), RESET);
    flash_set(board_flash(device.board), FREE, "abc", 3);
    assert_int_equal(boot(&device), BOARD_RESTARTED);
    static const uint8_t expected[8] = {0xBA, 0x78, 0x16, 0xBF, 0x8F, 0x01, 0xCF, 0xEA}; // FIPS 180-2, B.1
    uint8_t bytes[8];
    flash_read(board_flash(device.board), FREE + 64, bytes, sizeof bytes);
    assert_memory_equal(bytes, expected, sizeof bytes);
    device_free(&device);
}

// A block of "abc", as FIPS 180-2, B.1 pads it; then the padding of a message that is this block.
static void test_the_sha_accelerator(void **state) {
    (void)state;
    struct device device =
        DEVICE("%08x\n", LI(T0, 0x6003B000), addi(T1, ZERO, 2), sw(T1, T0, 0), LI(T1, 0x80636261),
               sw(T1, T0, 0x80), LI(T1, 0x18000000), sw(T1, T0, 0xBC), addi(T1, ZERO, 1), sw(T1, T0, 0x10),
               LI(A0, DATA), lw(A1, T0, 0x40), CALL(ETS_PRINTF), LI(T0, 0x6003B000), addi(T1, ZERO, 0x80),
               sw(T1, T0, 0x80), LI(T1, 0x20000), sw(T1, T0, 0xBC), sw(T1, T0, 0x14), LI(A0, DATA),
               lw(A1, T0, 0x40), CALL(ETS_PRINTF), RESET);
    assert_int_equal(boot(&device), BOARD_RESTARTED);
    assert_non_null(strstr(buffer_string(&device.log), "bf1678ba"));
    assert_non_null(strstr(buffer_string(&device.log), "69b50533")); // of that block, padded, as a message
    device_free(&device);
    expect_not_modelled(DEVICE("", LI(T0, 0x6003B000), addi(T1, ZERO, 1), sw(T1, T0, 0x10)),
                        "the SHA accelerator in mode 0");
}

// What ROM code and drivers of their own do at the flash controller: erase and program by its commands, only when writes were
// enabled; status, identity and user commands; reads into its words.
static void test_the_flash_controller(void **state) {
    (void)state;
#define SPI(command) LI(T1, command), sw(T1, T0, 0)
    struct device device =
        DEVICE("%x %x %x %x\n", LI(T0, 0x60002000), LI(T1, FREE), sw(T1, T0, 4), SPI(1u << 24), // ignored
               SPI(1u << 30), SPI(1u << 27), lw(A1, T0, 0x2C), SPI(1u << 24), LI(T1, FREE + (4u << 24)),
               sw(T1, T0, 4), LI(T1, 0x64636261), sw(T1, T0, 0x58), SPI(1u << 30), SPI(1u << 25),
               LI(T1, FREE), sw(T1, T0, 4), addi(T1, ZERO, 31), sw(T1, T0, 0x28), SPI(1u << 31),
               lw(A2, T0, 0x58), SPI(1u << 28), lw(A3, T0, 0x58), addi(T1, ZERO, 5), sw(T1, T0, 0x20),
               SPI(1u << 18), lw(A4, T0, 0x58), LI(A0, DATA), CALL(ETS_PRINTF), RESET);
    flash_set(board_flash(device.board), FREE, "old contents", 12);
    assert_int_equal(boot(&device), BOARD_RESTARTED);
    assert_non_null(strstr(buffer_string(&device.log), "2 64636261 1640ef 0"));
    assert_int_equal(board_operations(device.board), 2);
    device_free(&device);
    expect_not_modelled(
        DEVICE("", LI(T0, 0x60002000), LI(T1, FREE + (65u << 24)), sw(T1, T0, 4), SPI(1u << 25)),
        "a page program of 65 bytes");
}

static void test_every_user_command(void **state) {
    (void)state;
#define USER(opcode) addi(T1, ZERO, opcode), sw(T1, T0, 0x20), SPI(1u << 18)
    struct device device = DEVICE(
        "%x %x %x\n", LI(T0, 0x60002000), USER(0x06), USER(0x05), lw(A1, T0, 0x58), USER(0x01), USER(0x05),
        lw(A2, T0, 0x58), USER(0x06), USER(0x04), USER(0x35), USER(0x66), USER(0x99), USER(0x7A), USER(0x5A),
        lw(A3, T0, 0x94), LI(A0, DATA), CALL(ETS_PRINTF), SPI(1u << 30), SPI(1u << 29), SPI(1u << 24),
        SPI(1u << 30), SPI(1u << 23), SPI(1u << 30), SPI(1u << 22), RESET);
    assert_int_equal(boot(&device), BOARD_RESTARTED);
    assert_non_null(strstr(buffer_string(&device.log), "2 0 ffffffff"));
    const struct journal *journal = board_journal(device.board);
    assert_int_equal(journal->count, 2); // a block, the chip
    assert_int_equal(journal->entries[0].length, 0x10000);
    assert_int_equal(journal->entries[1].length, 4 << 20);
    device_free(&device);
}

// ---- eFuse, reset reason, console ---------------------------------------------------------------

static void test_efuse_is_burned_on_the_board(void **state) {
    (void)state;
    struct device device = DEVICE("", LI(T0, 0x60008800), LI(T1, 3 << 14), sw(T1, T0, 0x10), LI(T1, 0x5A5A),
                                  sw(T1, T0, 0x1CC), addi(T1, ZERO, 2), sw(T1, T0, 0x1D4), RESET);
    board_efuse_set(device.board, PORT_EFUSE_SECURE_VERSION, 1);
    assert_int_equal(boot(&device), BOARD_RESTARTED);
    assert_int_equal(board_efuse(device.board, PORT_EFUSE_SECURE_VERSION), 3);
    assert_int_equal(board_statistics(device.board)->efuse_burns, 1);
    assert_int_equal(board_journal(device.board)->entries[0].kind, JOURNAL_EFUSE);
    device_free(&device);
    expect_not_modelled(DEVICE("", LI(T0, 0x60008800), addi(T1, ZERO, 1), sw(T1, T0, 0), LI(T1, 0x5A5A),
                               sw(T1, T0, 0x1CC), addi(T1, ZERO, 2), sw(T1, T0, 0x1D4)),
                        "a burn of other eFuses than the secure version");
}

static void test_printf_is_the_log(void **state) {
    (void)state;
    struct device device =
        DEVICE("W (%u) boot: %d 0x%08x %5s|%-4s|%c %lu%%\n", LI(A0, DATA), addi(A1, ZERO, 31),
               addi(A2, ZERO, -7), LI(A3, 0xBEEF), LI(A4, DATA + 10), LI(A5, DATA + 40), addi(16, ZERO, '!'),
               addi(17, ZERO, 9), CALL(ETS_PRINTF), RESET);
    assert_int_equal(boot(&device), BOARD_RESTARTED);
    assert_non_null(
        strstr(buffer_string(&device.log), "1 boot: -7 0x0000beef t: %d 0x%08x %5s|%-4s|%c %lu%%"));
    device_free(&device);
}

static void test_reset_reason_is_told(void **state) {
    (void)state;
    struct device device =
        DEVICE("reason %d\n", CALL(RESET_REASON), addi(A1, A0, 0), LI(A0, DATA), CALL(ETS_PRINTF), RESET);
    assert_int_equal(boot(&device), BOARD_RESTARTED);
    assert_non_null(strstr(buffer_string(&device.log), "reason 1"));
    assert_int_equal(boot(&device), BOARD_RESTARTED); // the board remembers why
    assert_non_null(strstr(buffer_string(&device.log), "reason 3"));
    device_free(&device);
}

// Reads a word behind the bootloader, then starts the app. Nobody listens, so the second boot goes on from a snapshot; one
// whose bootloader, eFuse or reset reason differs does not.
static void test_boots_go_on_from_a_snapshot(void **state) {
    (void)state;
    struct device device =
        DEVICE("", CALL(RESET_REASON), LI(T0, 0x600C5000), sw(ZERO, T0, 0), addi(T1, ZERO, 1), sw(T1, T0, 12),
               lui(T0, 0x3C008000), lw(A0, T0, 0), LI(T2, ENTRY), jalr(ZERO, T2, 0));
    uint64_t times[3], resumed[] = {0, 1, 1};
    for (int i = 0; i < 3; i++) {
        if (i == 2)
            flash_set(board_flash(device.board), 100, "changed data", 12); // the checksum is wrong now
        uint64_t start = board_time_ns(device.board);
        assert_int_equal(board_run(device.board, boot_program, device.machine, &device.why),
                         i == 2 ? BOARD_CRASHED : BOARD_RETURNED);
        times[i] = board_time_ns(device.board) - start;
        assert_int_equal(machine_statistics(device.machine).resumed, resumed[i]);
        if (i < 2)
            assert_int_equal(board_ram(device.board)->running_address, APP);
        board_ram(device.board)->running_size = 0;
    }
    assert_int_equal(times[0], times[1]); // to the nanosecond
    device_free(&device);
}

static void test_chips(void **state) {
    (void)state;
    assert_true(machine_supports(chip_target_find("esp32c3")));
    assert_true(machine_supports(chip_target_find("esp32c6")));
    assert_true(machine_supports(chip_target_find("esp32h2")));
    assert_true(machine_supports(chip_target_find("esp32c2")));
    assert_false(machine_supports(chip_target_find("esp32p4")));
    assert_null(machine_new(chip_target_find("esp32p4"), NULL));
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_an_app_starts),
        cmocka_unit_test(test_a_jump_elsewhere_is_no_app),
        cmocka_unit_test(test_resets_and_hangs),
        cmocka_unit_test(test_a_boot_takes_no_longer_than_the_watchdog),
        cmocka_unit_test(test_what_is_not_modelled_has_a_name),
        cmocka_unit_test(test_a_damaged_bootloader_does_not_start),
        cmocka_unit_test(test_erases_and_programs_are_the_boards),
        cmocka_unit_test(test_a_cut_ends_it_at_the_operation),
        cmocka_unit_test(test_window_reads_are_observed),
        cmocka_unit_test(test_sha_over_a_window),
        cmocka_unit_test(test_the_sha_accelerator),
        cmocka_unit_test(test_the_flash_controller),
        cmocka_unit_test(test_every_user_command),
        cmocka_unit_test(test_efuse_is_burned_on_the_board),
        cmocka_unit_test(test_printf_is_the_log),
        cmocka_unit_test(test_reset_reason_is_told),
        cmocka_unit_test(test_boots_go_on_from_a_snapshot),
        cmocka_unit_test(test_chips),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
