// ESP32-C6 and ESP32-H2: one RAM and one window for code and data.
#include "machine_model.h"
#include "rom_names.h"

#define COUNT(array) (sizeof(array) / sizeof((array)[0]))

// HW-100, HW-101: everything that is waited for is done.
static const struct machine_register registers[] = {
    {.address = 0x60091038, .kind = REGISTER_FIXED, .ones = 8}, // strapping: boot from flash
    {.address = 0x6009103C, .kind = REGISTER_PINS},
    {.address = 0x600B0410, .kind = REGISTER_RESET_REASON},
    {.address = 0x600B2808, .kind = REGISTER_RANDOM},
    {.address = 0x600B1034, .kind = REGISTER_RESET, .ones = 1u << 31},
    {.address = 0x60002000, .kind = REGISTER_FIXED, .zeros = UINT32_MAX}, // SPI0 command
    {.address = 0x600C8098, .kind = REGISTER_FIXED, .ones = 1u << 4},     // cache
    {.address = 0x600C80D8, .kind = REGISTER_FIXED, .ones = 1u << 1},
    {.address = 0x600C8134, .kind = REGISTER_FIXED, .ones = 1u << 1},
    {.address = 0x600C8088, .kind = REGISTER_FIXED, .ones = 1u << 2},
    {.address = 0x600C802C, .kind = REGISTER_FOLLOWS, .a = 16, .b = 18},
    {.address = 0x60002170, .kind = REGISTER_FIXED, .ones = 1u << 31},
    {.address = 0x60000098, .kind = REGISTER_FIXED, .zeros = 1}, // UART0 takes its settings at once
    {.address = 0x60000000, .kind = REGISTER_UART},
    {.address = 0x6000001C, .kind = REGISTER_FIXED, .zeros = UINT32_MAX},
    {.address = 0x6000006C, .kind = REGISTER_FIXED, .zeros = UINT32_MAX},
};

static const struct machine_window windows[] = {{0x42000000, 0x43000000, 0}};

#define MMU                                                                                                  \
    {                                                                                                        \
        .access = MMU_INDEXED, .entries = 256, .index = 0x60002380, .content = 0x6000237C, .valid = 0x200,   \
        .page_mask = 0xFF, .page_size_register = 0x60002384, .page_log2 = {                                  \
            16,                                                                                              \
            15,                                                                                              \
            14,                                                                                              \
            13                                                                                               \
        }                                                                                                    \
    }

// ---- ESP32-C6 -----------------------------------------------------------------------------------

static const struct machine_ram c6_ram[] = {{0x40800000, 0x80000, 0}};
// Peripherals, RTC memory, the interrupt controller.
static const struct machine_area c6_areas[] = {
    {0x60000000, 0x60100000}, {0x50000000, 0x50004000}, {0x20001000, 0x20002000}};

// EF-1, CH-30; the read registers of block 0 begin at 2C, of block 1 at 44.
static const struct machine_efuse_field c6_efuse[] = {
    {PORT_EFUSE_SECURE_VERSION, 0, 0, {{0x3C, 14, 16}}},
    {PORT_EFUSE_CHIP_REVISION, 1, 100, {{0x50, 18, 4}}},
    {PORT_EFUSE_CHIP_REVISION, 100, 0, {{0x50, 22, 2}}},
    {PORT_EFUSE_BLOCK_REVISION, 1, 100, {{0x50, 27, 3}}},
    {PORT_EFUSE_BLOCK_REVISION, 100, 0, {{0x50, 30, 2}}},
    {PORT_EFUSE_IGNORE_MAX_REVISION, 0, 0, {{0x40, 0, 1}}},
    {PORT_EFUSE_IGNORE_BLOCK_REVISION, 0, 0, {{0x40, 1, 1}}},
    {PORT_EFUSE_SECURE_BOOT, 0, 0, {{0x38, 20, 1}}},
    {PORT_EFUSE_FLASH_CRYPT_COUNT, 0, 0, {{0x34, 18, 3}}},
};

static const struct machine_register c6_registers[] = {
    {.address = 0x600AF818, .kind = REGISTER_FIXED, .ones = 1u << 24}, // PLL calibrated
};

extern const struct machine_model machine_esp32c6, machine_esp32h2;

const struct machine_model machine_esp32c6 = {
    .target = "esp32c6",
    .core = &machine_core_riscv,
    .stack = 0x4087E400,
    .mhz = 160,
    .ram_count = COUNT(c6_ram),
    .ram = c6_ram,
    .retained = 0x50003FF0, // CH-66
    .window_count = COUNT(windows),
    .windows = windows,
    .mmu = MMU,
    .area_count = COUNT(c6_areas),
    .areas = c6_areas,
    .register_count = COUNT(registers),
    .registers = registers,
    .own_register_count = COUNT(c6_registers),
    .own_registers = c6_registers,
    .spi = &machine_spi,
    .flash_controller = 0x60003000,
    .cache_controller = 0x60002000,
    .sha_c3 = 0x60089000,
    .efuse = {0x600B0800, &machine_efuse_layout, COUNT(c6_efuse), c6_efuse},
    .rom = {.start = 0x40000000,
            .end = 0x40050000,
            .count = &rom_names_esp32c6_count,
            .first = ROM_NAMES_FIRST,
            .names = rom_names_esp32c6,
            .flash_chip_pointer = 0x4087FFEC,
            .flash_chip = 0x4087FF80,
            .banner = "esp32c6-"},
};

// ---- ESP32-H2 -----------------------------------------------------------------------------------

static const struct machine_ram h2_ram[] = {{0x40800000, 0x50000, 0}};
static const struct machine_area h2_areas[] = {
    {0x60000000, 0x60100000}, {0x50000000, 0x50001000}, {0x20001000, 0x20002000}};

static const struct machine_efuse_field h2_efuse[] = {
    {PORT_EFUSE_SECURE_VERSION, 0, 0, {{0x3C, 9, 16}}},
    {PORT_EFUSE_CHIP_REVISION, 1, 100, {{0x50, 18, 3}}},
    {PORT_EFUSE_CHIP_REVISION, 100, 0, {{0x50, 21, 2}}},
    {PORT_EFUSE_BLOCK_REVISION, 1, 100, {{0x6C, 2, 3}}},
    {PORT_EFUSE_BLOCK_REVISION, 100, 0, {{0x6C, 5, 2}}},
    {PORT_EFUSE_IGNORE_MAX_REVISION, 0, 0, {{0x50, 23, 1}}},
    {PORT_EFUSE_IGNORE_BLOCK_REVISION, 0, 0, {{0x6C, 7, 1}}},
    {PORT_EFUSE_SECURE_BOOT, 0, 0, {{0x38, 20, 1}}},
    {PORT_EFUSE_FLASH_CRYPT_COUNT, 0, 0, {{0x34, 18, 3}}},
};

static const struct machine_register h2_registers[] = {
    {.address = 0x600AD818, .kind = REGISTER_FIXED, .ones = 1u << 24}, // PLL calibrated
    {.address = 0x60096148, .kind = REGISTER_FIXED, .zeros = 1},       // clears itself
    {.address = 0x60096000, .kind = REGISTER_FIXED, .ones = 1u << 2},  // clocks are ready: of UART0,
    {.address = 0x60096018, .kind = REGISTER_FIXED, .ones = 1u << 5},  // of the flash controller,
    {.address = 0x600960C8, .kind = REGISTER_FIXED, .ones = 1u << 2},  // of the SHA accelerator
};

const struct machine_model machine_esp32h2 = {
    .target = "esp32h2",
    .core = &machine_core_riscv,
    .stack = 0x4084F200,
    .mhz = 96,
    .ram_count = COUNT(h2_ram),
    .ram = h2_ram,
    .retained = 0x50000FF0, // CH-66
    .window_count = COUNT(windows),
    .windows = windows,
    .mmu = MMU,
    .area_count = COUNT(h2_areas),
    .areas = h2_areas,
    .register_count = COUNT(registers),
    .registers = registers,
    .own_register_count = COUNT(h2_registers),
    .own_registers = h2_registers,
    .spi = &machine_spi,
    .flash_controller = 0x60003000,
    .cache_controller = 0x60002000,
    .sha_c3 = 0x60089000,
    .efuse = {0x600B0800, &machine_efuse_layout, COUNT(h2_efuse), h2_efuse},
    .rom = {.start = 0x40000000,
            .end = 0x40020000,
            .count = &rom_names_esp32h2_count,
            .first = ROM_NAMES_FIRST,
            .names = rom_names_esp32h2,
            .flash_chip_pointer = 0x4084FFEC,
            .flash_chip = 0x4084FF80,
            .banner = "esp32h2-"},
};
