// Hand-made bootloaders for the ESP32: its ROM functions by address, its MMU, flash, eFuse and SHA controllers, and how it
// starts an app.
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>
#include <openssl/evp.h>

#include "ota/firmware.h"
#include "sim/base/buffer.h"
#include "sim/hw/board.h"
#include "sim/machine/machine.h"
#include "sim/provision/app_image_builder.h"
#include "tests/cpu/xtensa_assembler.h"

#define CODE     0x40078000u
#define CODE_MAX 0x1000u
#define DATA     0x3FFF0000u
#define APP      0x10000u // a partition of 0x10000
#define ENTRY    0x40080000u
#define FREE     0xF000u // a sector that is nobody's
#define HEADER   24u
#define OFFSET   0x1000u // of the bootloader

// ROM functions and registers of the ESP32.
#define ETS_PRINTF     0x40007D54u
#define RESET_REASON   0x400081D4u
#define UDIVDI3        0x4000CFF8u
#define BSWAPSI2       0x40064AE0u
#define CACHE_MMU_SET  0x400095E0u
#define MMU_INIT       0x400095A4u
#define READ_USER_CMD  0x400621B0u
#define UART_RX_STRING 0x400092FCu // not one that a bootloader calls
#define SPI            0x3FF42000u
#define SHA            0x3FF03000u
#define EFUSE          0x3FF5A000u
#define RTC            0x3FF48000u

struct device {
    struct board *board;
    struct machine *machine;
    struct buffer log;
    const char *why;
    uint8_t bytes[CODE_MAX];
    struct xtensa_program code;
    uint32_t literals; // where the next one goes
};

static void on_line(void *context, enum port_log_level level, const char *tag, const char *line) {
    buffer_printf(context, "%d %s: %s\n", (int)level, tag, line);
}

static struct device *device_new(void) {
    struct device *device = memory_zeroed(1, sizeof *device);
    struct board_config config = {.chip = *nor_chip_find("W25Q32JV"), .target = chip_target_find("esp32")};
    config.app = config.bootloader = firmware_build_default(release_profile_find("v5.5"), config.target);
    device->board = board_new(&config);
    device->machine = machine_new(config.target, NULL);
    device->code = (struct xtensa_program){device->bytes, 0x400, CODE_MAX, CODE};
    static const uint8_t row[32] = {0xAA, 0x50, 0, 0x10, 0, 0, 1, 0, 0, 0, 1, 0, 'a'};
    flash_set(board_flash(device->board), 0x8000, row, sizeof row);
    static const uint8_t header[HEADER] = {0xE9, 1, 2, 0x20, 0, 0, 0x08, 0x40}; // its entry is ENTRY
    flash_set(board_flash(device->board), APP, header, sizeof header);
    xt(&device->code, xt_entry(1, 32));
    return device;
}

static void device_free(struct device *device) {
    board_free(device->board);
    machine_free(device->machine);
    buffer_free(&device->log);
    free(device);
}

// ---- writing programs ---------------------------------------------------------------------------

static void load(struct device *device, uint32_t reg, uint32_t value) { // by a literal below the code
    memcpy(device->bytes + device->literals, &value, 4);
    xt(&device->code, xt_l32r(reg, xt_here(&device->code), CODE + device->literals));
    device->literals += 4;
}

static void call(struct device *device, uint32_t function) { // CALLX8 by way of a15: arguments from a10 on
    load(device, 15, function);
    xt(&device->code, xt_callx(2, 15));
}

static void store(struct device *device, uint32_t address, uint32_t value) {
    load(device, 2, address);
    load(device, 3, value);
    xt(&device->code, xt_s32i(3, 2, 0));
}

static void keep(struct device *device, uint32_t reg, uint32_t slot) { // shown by show_slots
    load(device, 2, DATA + 0x800 + 4 * slot);
    xt(&device->code, xt_s32i(reg, 2, 0));
}

static void print_slots(struct device *device) { // "AAAAAAAA BBBBBBBB CCCCCCCC"
    load(device, 10, DATA);
    load(device, 2, DATA + 0x800);
    for (uint32_t i = 0; i < 3; i++)
        xt(&device->code, xt_l32i(11 + i, 2, 4 * i));
    call(device, ETS_PRINTF);
}

static void start_app(struct device *device) {
    for (uint32_t i = 0; i < 6; i++) { // cache_flash_mmu_set(0, 0, window, APP, 64 KiB, 1 page)
        const uint32_t arguments[] = {0, 0, 0x3F400000, APP, 64, 1};
        load(device, 10 + i, arguments[i]);
    }
    load(device, 2, CACHE_MMU_SET);
    xt(&device->code, xt_callx(2, 2));
    load(device, 15, ENTRY);
    xt(&device->code, xt_callx(2, 15));
}

static void boot_program(void *context) {
    machine_boot(context);
}

static enum board_end boot(struct device *device) {
    static const char format[64] = "I (1) t: %08x %08x %08x\n";
    struct app_image_segment segments[] = {{DATA, sizeof format, format}, {CODE, CODE_MAX, device->bytes}};
    struct buffer image = {0};
    app_image_assemble(
        &(struct app_image_parts){
            .magic = 0xE9, .spi_mode = 2, .entry = CODE + 0x400, .segments = segments, .segment_count = 2},
        &image);
    flash_set(board_flash(device->board), OFFSET, image.bytes, (uint32_t)image.length);
    buffer_free(&image);
    device->log.length = 0;
    board_listen(device->board, on_line, &device->log);
    return board_run(device->board, boot_program, device->machine, &device->why);
}

static void assert_log(struct device *device, const char *line) {
    if (strstr(buffer_string(&device->log), line) == NULL)
        fail_msg("no \"%s\" in\n%s", line, buffer_string(&device->log));
}

// ---- how boots end ------------------------------------------------------------------------------

static void test_an_app_starts(void **state) {
    (void)state;
    struct device *device = device_new();
    start_app(device);
    for (int i = 0; i < 2; i++) { // twice: nothing of the first boot is left
        assert_int_equal(boot(device), BOARD_RETURNED);
        assert_int_equal(board_ram(device->board)->running_address, APP);
        board_ram(device->board)->running_size = 0;
    }
    device_free(device);
}

static void expect_not_modelled(struct device *device, const char *text) {
    assert_int_equal(boot(device), BOARD_NOT_MODELLED);
    if (strstr(device->why, text) == NULL)
        fail_msg("%s", device->why);
    device_free(device);
}

static void test_what_is_not_modelled_has_a_name(void **state) {
    (void)state;
    struct device *device = device_new();
    call(device, UART_RX_STRING);
    expect_not_modelled(device, "UartRxString at 0x400092fc");
    device = device_new();
    call(device, UART_RX_STRING + 2);
    expect_not_modelled(device, "(no name) at 0x400092fe");
    device = device_new();
    xt(&device->code, 0x0A0B00); // floating point
    expect_not_modelled(device, "illegal instruction 0x0a0b00 (pc 0x40078403)");
    device = device_new();
    load(device, 2, 0x3FF9F000);
    xt(&device->code, xt_l32i(3, 2, 0));
    expect_not_modelled(device, "what the ROM contains, at 0x3ff9f000");
    device = device_new();
    store(device, SHA + 0x80, 1); // SHA-1
    expect_not_modelled(device, "SHA accelerator's register 0x80");
    device = device_new();
    store(device, EFUSE + 0x1C, 1);
    store(device, EFUSE + 0xFC, 0x5A5A);
    store(device, EFUSE + 0x104, 2);
    expect_not_modelled(device, "other eFuses than the secure version: 0x00000001 at 0x3ff5a01c");
}

static void expect_crash(uint32_t instruction, const char *text) {
    struct device *device = device_new();
    xt(&device->code, xt_movi(2, 0));
    xt(&device->code, instruction);
    assert_int_equal(boot(device), BOARD_CRASHED);
    assert_non_null(strstr(device->why, text));
    device_free(device);
}

static void test_exceptions_are_the_end(void **state) {
    (void)state;
    expect_crash(xt_l32i(3, 2, 4), "nothing is");
    expect_crash(xt_rrr(12, 2, 3, 2, 2), "divided by zero");
    expect_crash(XT_SYSCALL, "system call");
    expect_crash(XT_BREAK, "breakpoint");
    expect_crash(xt_j(0, 0), "loops for ever");
}

// ---- the ROM's functions ------------------------------------------------------------------------

static void test_rom_functions(void **state) {
    (void)state;
    struct device *device = device_new();
    const uint32_t division[] = {5, 3, 7, 0}; // (3 * 2^32 + 5) / 7
    for (uint32_t i = 0; i < 4; i++)
        load(device, 10 + i, division[i]);
    call(device, UDIVDI3);
    keep(device, 10, 0);
    load(device, 10, 0x11223344);
    call(device, BSWAPSI2);
    keep(device, 10, 1);
    load(device, 10, 0);
    call(device, RESET_REASON);
    keep(device, 10, 2);
    print_slots(device);
    start_app(device);
    assert_int_equal(boot(device), BOARD_RETURNED);
    assert_log(device, "t: 6db6db6e 44332211 00000001");
    device_free(device);
}

// The page that cache_flash_mmu_set maps is seen in the window, and no longer after mmu_init.
static void test_windows(void **state) {
    (void)state;
    struct device *device = device_new();
    const uint32_t arguments[] = {0, 0, 0x3F410000, APP, 64, 1};
    for (uint32_t i = 0; i < 6; i++)
        load(device, 10 + i, arguments[i]);
    load(device, 2, CACHE_MMU_SET);
    xt(&device->code, xt_callx(2, 2));
    keep(device, 10, 0); // its result
    load(device, 4, 0x3F410000);
    xt(&device->code, xt_l32i(5, 4, 0));
    keep(device, 5, 1);
    load(device, 4, 0x3FF10004); // the table's entry
    xt(&device->code, xt_l32i(5, 4, 0));
    keep(device, 5, 2);
    print_slots(device);
    load(device, 10, 0);
    call(device, MMU_INIT);
    load(device, 4, 0x3F410000);
    xt(&device->code, xt_l32i(5, 4, 0));
    assert_int_equal(boot(device), BOARD_NOT_MODELLED);
    assert_log(device, "t: 00000000 200201e9 00000001");
    assert_non_null(strstr(device->why, "a load from 0x3f410000, which the MMU maps to nothing"));
    device_free(device);
}

// ---- controllers --------------------------------------------------------------------------------

#define WRITE_ENABLE (1u << 30)
#define ERASE        (1u << 24)
#define PROGRAM      (1u << 25)

static void test_erases_and_programs_are_the_boards(void **state) {
    (void)state;
    struct device *device = device_new();
    store(device, SPI + 0x04, FREE);
    store(device, SPI, ERASE); // without write enable: ignored
    store(device, SPI, WRITE_ENABLE);
    store(device, SPI, ERASE);
    store(device, SPI, WRITE_ENABLE);
    store(device, SPI + 0x04, FREE | 4u << 24);
    store(device, SPI + 0x80, 0x74786574);
    store(device, SPI, PROGRAM);
    store(device, RTC, 1u << 31);
    flash_set(board_flash(device->board), FREE, "old contents", 12);
    assert_int_equal(boot(device), BOARD_RESTARTED);
    uint8_t bytes[5];
    flash_read(board_flash(device->board), FREE, bytes, sizeof bytes);
    assert_memory_equal(bytes, "text\xFF", 5);
    assert_int_equal(board_operations(device->board), 2);
    device_free(device);
}

// By the ROM's function and by the controller; the second view of the peripherals is the same.
static void test_status_of_the_flash(void **state) {
    (void)state;
    struct device *device = device_new();
    store(device, SPI - 0x3FF40000 + 0x60000000, WRITE_ENABLE);
    load(device, 10, DATA + 0x800);
    load(device, 11, 0x05);
    call(device, READ_USER_CMD);
    store(device, SPI, 1u << 27);
    load(device, 4, SPI + 0x10);
    xt(&device->code, xt_l32i(5, 4, 0));
    keep(device, 5, 1);
    store(device, SPI + 0x24, 0x9F);
    store(device, SPI, 1u << 18);
    load(device, 4, SPI + 0x80);
    xt(&device->code, xt_l32i(5, 4, 0));
    keep(device, 5, 2);
    print_slots(device);
    start_app(device);
    assert_int_equal(boot(device), BOARD_RETURNED);
    assert_log(device, "t: 00000002 00000002 001640ef");
    device_free(device);
}

static void test_sha_of_two_blocks(void **state) {
    (void)state;
    struct device *device = device_new();
    uint8_t message[64], sha256[32];
    memset(message, 'x', sizeof message);
    for (uint32_t i = 0; i < 16; i++)
        store(device, SHA + 4 * i, 0x78787878);
    store(device, SHA + 0x90, 1);
    for (uint32_t i = 0; i < 16; i++) // the padding of a message of 512 bits
        store(device, SHA + 4 * i, i == 0 ? 0x80000000 : i == 15 ? 512 : 0);
    store(device, SHA + 0x94, 1);
    store(device, SHA + 0x98, 1);
    load(device, 4, SHA);
    for (uint32_t i = 0; i < 3; i++) {
        xt(&device->code, xt_l32i(5, 4, 4 * i));
        keep(device, 5, i);
    }
    print_slots(device);
    start_app(device);
    assert_int_equal(boot(device), BOARD_RETURNED);
    assert_int_equal(EVP_Digest(message, sizeof message, sha256, NULL, EVP_sha256(), NULL), 1);
    char expected[64];
    (void)snprintf(expected, sizeof expected, "t: %02x%02x%02x%02x %02x%02x%02x%02x %02x%02x%02x%02x",
                   sha256[0], sha256[1], sha256[2], sha256[3], sha256[4], sha256[5], sha256[6], sha256[7],
                   sha256[8], sha256[9], sha256[10], sha256[11]);
    assert_log(device, expected);
    device_free(device);
}

// The secure version lies in block 3; the chip's revision as ones in three words.
static void test_efuse(void **state) {
    (void)state;
    struct device *device = device_new();
    store(device, EFUSE + 0xE8, 3);
    store(device, EFUSE + 0x104, 2); // not allowed yet
    load(device, 4, EFUSE + 0x88);
    xt(&device->code, xt_l32i(5, 4, 0));
    keep(device, 5, 0);
    store(device, EFUSE + 0xFC, 0x5A5A);
    store(device, EFUSE + 0x104, 2);
    load(device, 4, EFUSE + 0x88);
    xt(&device->code, xt_l32i(5, 4, 0));
    keep(device, 5, 1);
    load(device, 4, EFUSE + 0x0C);
    xt(&device->code, xt_l32i(5, 4, 0));
    load(device, 4, EFUSE + 0x14);
    xt(&device->code, xt_l32i(6, 4, 0));
    xt(&device->code, xt_add(5, 5, 6));
    load(device, 4, 0x3FF6607C);
    xt(&device->code, xt_l32i(6, 4, 0));
    xt(&device->code, xt_add(5, 5, 6));
    keep(device, 5, 2);
    print_slots(device);
    start_app(device);
    assert_int_equal(boot(device), BOARD_RETURNED);
    assert_log(device, "t: 00000000 00000003 80108000"); // revision 3.0
    assert_int_equal(board_efuse(device->board, PORT_EFUSE_SECURE_VERSION), 3);
    assert_int_equal(board_operations(device->board), 1);
    device_free(device);
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_an_app_starts),
        cmocka_unit_test(test_what_is_not_modelled_has_a_name),
        cmocka_unit_test(test_exceptions_are_the_end),
        cmocka_unit_test(test_rom_functions),
        cmocka_unit_test(test_windows),
        cmocka_unit_test(test_erases_and_programs_are_the_boards),
        cmocka_unit_test(test_status_of_the_flash),
        cmocka_unit_test(test_sha_of_two_blocks),
        cmocka_unit_test(test_efuse),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
