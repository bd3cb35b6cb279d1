// ESP32-C3 and its smaller sister ESP32-C2.
#include "machine_model.h"
#include "rom_names.h"

#define COUNT(array) (sizeof(array) / sizeof((array)[0]))

// ---- what both have -----------------------------------------------------------------------------

// Cache and flash controllers say at once that they are done (HW-32 to HW-37).
static const struct machine_register registers[] = {
    {.address = 0x60004038, .kind = REGISTER_FIXED, .ones = 8}, // strapping: boot from flash (HW-30)
    {.address = 0x6000403C, .kind = REGISTER_PINS},
    {.address = 0x60003000, .kind = REGISTER_FIXED, .zeros = UINT32_MAX},        // SPI0 command (HW-32)
    {.address = 0x600C4028, .kind = REGISTER_FIXED, .ones = 1u << 1},            // invalidation done (HW-33)
    {.address = 0x600C4034, .kind = REGISTER_FIXED, .ones = 1u << 1},            // preload done
    {.address = 0x600C4040, .kind = REGISTER_FIXED, .ones = 1u << 3},            // autoload done
    {.address = 0x600C40CC, .kind = REGISTER_FOLLOWS, .a = 0, .b = 2},           // frozen
    {.address = 0x600C40B0, .kind = REGISTER_FIXED, .ones = 1},                  // idle
    {.address = 0x600260B0, .kind = REGISTER_RANDOM},                            // HW-34
    {.address = 0x60008000, .kind = REGISTER_RESET, .ones = 1u << 31 | 1u << 5}, // HW-35
    {.address = 0x60000000, .kind = REGISTER_UART},                              // HW-36
    {.address = 0x6000001C, .kind = REGISTER_FIXED, .zeros = UINT32_MAX},
    {.address = 0x6000006C, .kind = REGISTER_FIXED, .zeros = UINT32_MAX},
    {.address = 0x60043004, .kind = REGISTER_FIXED, .ones = 1u << 1},
    {.address = 0x6000E040, .kind = REGISTER_FIXED, .zeros = 1u << 25}, // analog bus idle (HW-37)
    {.address = 0x6000E044, .kind = REGISTER_FIXED, .zeros = 1u << 25},
    {.address = 0x6000E048, .kind = REGISTER_FIXED, .zeros = 1u << 25},
};

// ---- ESP32-C3 -----------------------------------------------------------------------------------

static const struct machine_ram c3_ram[] = {{0x3FC80000, 0x60000, 0x40380000},
                                            {0x4037C000, 0x4000, 0}}; // HW-11
static const struct machine_area c3_areas[] = {{0x60000000, 0x60100000},
                                               {0x50000000, 0x50002000}}; // HW-12, HW-14
static const struct machine_window c3_windows[] = {{0x3C000000, 0x3C800000, 0},
                                                   {0x42000000, 0x42800000, 0}}; // HW-13

// EF-1, CH-30; the read registers of block 0 begin at 2C, of block 1 at 44, of block 2 at 5C.
static const struct machine_efuse_field c3_efuse[] = {
    {PORT_EFUSE_SECURE_VERSION, 0, 0, {{0x3C, 14, 16}}},
    {PORT_EFUSE_CHIP_REVISION, 1, 100, {{0x50, 18, 3}, {0x58, 23, 1}}},
    {PORT_EFUSE_CHIP_REVISION, 100, 0, {{0x58, 24, 2}}},
    {PORT_EFUSE_BLOCK_REVISION, 1, 100, {{0x50, 24, 3}}},
    {PORT_EFUSE_BLOCK_REVISION, 100, 0, {{0x6C, 0, 2}}},
    {PORT_EFUSE_IGNORE_MAX_REVISION, 0, 0, {{0x40, 0, 1}}},
    {PORT_EFUSE_IGNORE_BLOCK_REVISION, 0, 0, {{0x40, 1, 1}}},
    {PORT_EFUSE_SECURE_BOOT, 0, 0, {{0x38, 20, 1}}},
    {PORT_EFUSE_FLASH_CRYPT_COUNT, 0, 0, {{0x34, 18, 3}}},
};

static const struct machine_register c3_registers[] = {
    {.address = 0x60008038, .kind = REGISTER_RESET_REASON}, // HW-31
};

extern const struct machine_model machine_esp32c3, machine_esp32c2;

const struct machine_model machine_esp32c3 = {
    .target = "esp32c3",
    .core = &machine_core_riscv,
    .stack = 0x3FCDE500, // HW-90
    .mhz = 160,
    .ram_count = COUNT(c3_ram),
    .ram = c3_ram,
    .retained = 0x50001FF0, // CH-66
    .window_count = COUNT(c3_windows),
    .windows = c3_windows,
    .mmu = {.access = MMU_TABLE,
            .entries = 128,
            .table = 0x600C5000,
            .invalid = 0x100,
            .page_mask = 0xFF}, // HW-20
    .area_count = COUNT(c3_areas),
    .areas = c3_areas,
    .register_count = COUNT(registers),
    .registers = registers,
    .own_register_count = COUNT(c3_registers),
    .own_registers = c3_registers,
    .spi = &machine_spi,
    .flash_controller = 0x60002000,
    .cache_controller = 0x60003000,
    .sha_c3 = 0x6003B000,
    .efuse = {0x60008800, &machine_efuse_layout, COUNT(c3_efuse), c3_efuse},
    .rom = {.start = 0x40000000,
            .end = 0x40060000,
            .count = &rom_names_esp32c3_count,
            .first = ROM_NAMES_FIRST,
            .names = rom_names_esp32c3,
            .flash_chip_pointer = 0x3FCDFFF0,
            .flash_chip = 0x3FCDFF80,
            .data_view = 0x3FF00000,
            .data_view_length = 0x20000,
            .banner = "esp32c3-"},
};

// ---- ESP32-C2 -----------------------------------------------------------------------------------

static const struct machine_ram c2_ram[] = {{0x3FCA0000, 0x40000, 0x40380000},
                                            {0x4037C000, 0x4000, 0}}; // CH-8
static const struct machine_area c2_areas[] = {{0x60000000, 0x60100000}};
static const struct machine_window c2_windows[] = {{0x3C000000, 0x3C400000, 0},
                                                   {0x42000000, 0x42400000, 0}}; // CH-20

// CH-30: block 1 begins at 34, block 2 at 40.
static const struct machine_efuse_field c2_efuse[] = {
    {PORT_EFUSE_SECURE_VERSION, 0, 0, {{0x30, 22, 4}}},
    {PORT_EFUSE_CHIP_REVISION, 1, 100, {{0x44, 16, 4}}},
    {PORT_EFUSE_CHIP_REVISION, 100, 0, {{0x44, 20, 2}}},
    {PORT_EFUSE_BLOCK_REVISION, 1, 100, {{0x44, 25, 3}}},
    {PORT_EFUSE_BLOCK_REVISION, 100, 0, {{0x44, 28, 2}}},
    {PORT_EFUSE_IGNORE_MAX_REVISION, 0, 0, {{0x30, 27, 1}}},
    {PORT_EFUSE_IGNORE_BLOCK_REVISION, 0, 0, {{0x30, 28, 1}}},
};

static const struct machine_register c2_registers[] = {
    {.address = 0x60008030, .kind = REGISTER_RESET_REASON},
    {.address = 0x6004E840, .kind = REGISTER_FIXED, .ones = 1u << 24}, // PLL calibrated
};

const struct machine_model machine_esp32c2 = {
    .target = "esp32c2",
    .core = &machine_core_riscv,
    .stack = 0x3FCDE900,
    .mhz = 120,
    .ram_count = COUNT(c2_ram),
    .ram = c2_ram,
    .window_count = COUNT(c2_windows),
    .windows = c2_windows,
    .mmu = {.access = MMU_TABLE,
            .entries = 64,
            .table = 0x600C5000,
            .invalid = 0x40,
            .page_mask = 0x3F,
            .page_size_register = 0x600C40C8,
            .page_log2 = {14, 15, 16, 16}},
    .area_count = COUNT(c2_areas),
    .areas = c2_areas,
    .register_count = COUNT(registers),
    .registers = registers,
    .own_register_count = COUNT(c2_registers),
    .own_registers = c2_registers,
    .spi = &machine_spi,
    .flash_controller = 0x60002000,
    .cache_controller = 0x60003000,
    .sha_c3 = 0x6003B000,
    .efuse = {0x60008800, &machine_efuse_layout, COUNT(c2_efuse), c2_efuse},
    .rom = {.start = 0x40000000,
            .end = 0x40090000,
            .count = &rom_names_esp32c2_count,
            .first = ROM_NAMES_FIRST,
            .names = rom_names_esp32c2,
            .flash_chip_pointer = 0x3FCDFFF0,
            .flash_chip = 0x3FCDFF80,
            .data_view = 0x3FF40000,
            .data_view_length = 0x10000,
            .banner = "esp8684-"},
};
