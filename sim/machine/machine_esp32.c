// ESP32: an Xtensa processor, windows of its own for data and for instructions.
#include "machine_model.h"
#include "rom_names.h"

#define COUNT(array) (sizeof(array) / sizeof((array)[0]))

// HW-113: everything that is waited for is done.
static const struct machine_register registers[] = {
    {.address = 0x3FF003F0,
     .kind = REGISTER_FIXED,
     .ones = 1u << 7,
     .zeros = 0xFFFu << 7 & ~(1u << 7)}, // caches idle
    {.address = 0x3FF00418, .kind = REGISTER_FIXED, .ones = 1u << 7, .zeros = 0xFFFu << 7 & ~(1u << 7)},
    {.address = 0x3FF44038, .kind = REGISTER_FIXED, .ones = 0x13}, // strapping: boot from flash
    {.address = 0x3FF4403C, .kind = REGISTER_PINS},
    {.address = 0x3FF44040, .kind = REGISTER_PINS},
    {.address = 0x3FF48034, .kind = REGISTER_RESET_REASON},
    {.address = 0x3FF48000, .kind = REGISTER_RESET, .ones = 1u << 31 | 1u << 5},
    {.address = 0x3FF4800C, .kind = REGISTER_FIXED, .ones = 1u << 30}, // RTC time is there
    {.address = 0x3FF5F068, .kind = REGISTER_FIXED, .ones = 1u << 15}, // clock calibrated
    {.address = 0x3FF5F06C,
     .kind = REGISTER_FIXED,
     .ones = 12047u << 7}, // 10 rounds of 8 MHz / 256 by a 40 MHz crystal
    {.address = 0x3FF75144, .kind = REGISTER_RANDOM},
    {.address = 0x3FF43000, .kind = REGISTER_FIXED, .zeros = UINT32_MAX}, // SPI0 command
    {.address = 0x3FF40000, .kind = REGISTER_UART},
    {.address = 0x3FF4001C, .kind = REGISTER_FIXED, .zeros = UINT32_MAX},
    {.address = 0x3FF6607C, .kind = REGISTER_REVISION, .ones = 1u << 31, .a = 3},
};

// The end of SRAM 1, which both buses see in opposite order of words, is two memories here (HW-111).
static const struct machine_ram ram[] = {{0x3FFAE000, 0x52000, 0}, {0x40070000, 0x50000, 0}};
// Peripherals and their second view, RTC memory.
static const struct machine_area areas[] = {{0x3FF00000, 0x3FF20000},
                                            {0x3FF40000, 0x3FF82000},
                                            {0x400C0000, 0x400C2000},
                                            {0x50000000, 0x50002000},
                                            {0x60000000, 0x60040000}};
static const struct machine_window windows[] = {{0x3F400000, 0x3F800000, 0}, {0x400C2000, 0x40C00000, 76}};

// EF-1, CH-30, SP-25: the major revision as ones in two words of block 0 and one outside.
static const struct machine_efuse_field efuse[] = {
    {PORT_EFUSE_SECURE_VERSION, 0, 0, {{0x88, 0, 32}}},
    {PORT_EFUSE_CHIP_REVISION, 1, 100, {{0x14, 24, 2}}},
    {PORT_EFUSE_CHIP_REVISION, 100, EFUSE_UNARY, {{0x0C, 15, 1}, {0x14, 20, 1}}},
    {PORT_EFUSE_FLASH_CRYPT_COUNT, 0, 0, {{0x00, 20, 7}}},
    {PORT_EFUSE_SECURE_BOOT, 0, 0, {{0x18, 4, 1}}},
};

// Technical Reference Manual, eFuse controller: blocks 0 to 3 are read at 00, 38, 58, 78 and burned from 1C, 98, B8, D8.
static const struct machine_efuse_layout efuse_layout = {.read = 0x00,
                                                         .read_end = 0x98,
                                                         .configuration = 0xFC,
                                                         .command = 0x104,
                                                         .data = {{0x1C, 0x38}, {0x98, 0xF8}},
                                                         .data_distance = 0x60};

static const struct machine_spi_layout spi = {.command = 0x00,
                                              .address = 0x04,
                                              .user_command = 0x24,
                                              .in_length = 0x2C,
                                              .status = 0x10,
                                              .data = 0x80}; // HW-112

extern const struct machine_model machine_esp32;

const struct machine_model machine_esp32 = {
    .target = "esp32",
    .core = &machine_core_xtensa,
    .stack = 0x3FFE3F00,
    .mhz = 80,
    .ram_count = COUNT(ram),
    .ram = ram,
    .retained = 0x3FF81FF0, // CH-66
    .window_count = COUNT(windows),
    .windows = windows,
    .mmu = {.access = MMU_TABLE, .entries = 256, .table = 0x3FF10000, .invalid = 0x100, .page_mask = 0xFF},
    .area_count = COUNT(areas),
    .areas = areas,
    .register_count = COUNT(registers),
    .registers = registers,
    .mirror = 0x60000000,
    .mirror_of = 0x3FF40000,
    .mirror_length = 0x40000,
    .sha = 0x3FF03000,
    .spi = &spi,
    .flash_controller = 0x3FF42000,
    .cache_controller = 0x3FF43000,
    .efuse = {0x3FF5A000, &efuse_layout, COUNT(efuse), efuse},
    .rom = {.start = 0x40000000,
            .end = 0x40070000,
            .data_start = 0x3FF90000,
            .data_end = 0x3FFA0000,
            .count = &rom_names_esp32_count,
            .list = rom_names_esp32,
            .flash_chip = 0x3FFAE270},
};
