// The ROM's functions, done natively: what they do, not how (HW-90).
//
// Arguments and results follow the public headers of esp_rom. What only sets up hardware that does not exist here does
// nothing.
#include <stdlib.h>
#include <string.h>

#include <zlib.h>

#include "machine_internal.h"
#include "rom_names.h"

uint32_t machine_argument(struct machine *machine, unsigned number) {
    return machine->model->core->argument(machine, number);
}

void machine_return(struct machine *machine, uint32_t value) {
    machine->model->core->set_result(machine, 0, value);
}

void machine_return_64(struct machine *machine, uint64_t value) {
    machine->model->core->set_result(machine, 0, (uint32_t)value);
    machine->model->core->set_result(machine, 1, (uint32_t)(value >> 32));
}

static uint64_t argument_64(struct machine *machine, unsigned number) {
    return machine_argument(machine, number) | (uint64_t)machine_argument(machine, number + 1) << 32;
}

// ---- memory that an argument points to ----------------------------------------------------------

_Noreturn static void fault(struct machine *machine, uint32_t address) {
    machine_refuse_rom_contents(machine, address);
    port_halt(PORT_HALT_CRASH,
              "a ROM function was given an address where nothing is; a watchdog resets the chip");
}

void machine_read(struct machine *machine, uint32_t address, void *bytes, uint32_t length) {
    uint32_t at;
    if (!memory_read(&machine->memory, address, bytes, length, &at))
        fault(machine, at);
}

void machine_write(struct machine *machine, uint32_t address, const void *bytes, uint32_t length) {
    uint32_t at;
    if (!memory_write(&machine->memory, address, bytes, length, &at))
        fault(machine, at);
}

uint32_t machine_read_word(struct machine *machine, uint32_t address) {
    uint32_t word;
    machine_read(machine, address, &word, 4);
    return word;
}

// Ranges in pieces that fit a buffer here.
#define PIECE 1024u

static void rom_memcpy(struct machine *machine) {
    uint32_t to = machine_argument(machine, 0), from = machine_argument(machine, 1),
             length = machine_argument(machine, 2);
    uint8_t bytes[PIECE];
    while (length != 0) {
        uint32_t part = length < PIECE ? length : PIECE;
        machine_read(machine, from, bytes, part);
        machine_write(machine, to, bytes, part);
        to += part;
        from += part;
        length -= part;
    }
}

static void rom_memmove(struct machine *machine) {
    uint32_t to = machine_argument(machine, 0), from = machine_argument(machine, 1),
             length = machine_argument(machine, 2);
    if (to - from >= length) {
        rom_memcpy(machine);
        return;
    }
    uint8_t bytes[PIECE]; // overlapping, upwards: from the end
    while (length != 0) {
        uint32_t part = length < PIECE ? length : PIECE;
        length -= part;
        machine_read(machine, from + length, bytes, part);
        machine_write(machine, to + length, bytes, part);
    }
}

static void fill(struct machine *machine, uint32_t to, uint8_t byte, uint32_t length) {
    uint8_t bytes[PIECE];
    memset(bytes, byte, sizeof bytes);
    while (length != 0) {
        uint32_t part = length < PIECE ? length : PIECE;
        machine_write(machine, to, bytes, part);
        to += part;
        length -= part;
    }
}

static void rom_memset(struct machine *machine) {
    fill(machine, machine_argument(machine, 0), (uint8_t)machine_argument(machine, 1),
         machine_argument(machine, 2));
}

static void rom_bzero(struct machine *machine) {
    fill(machine, machine_argument(machine, 0), 0, machine_argument(machine, 1));
}

static void rom_memcmp(struct machine *machine) {
    uint32_t a = machine_argument(machine, 0), b = machine_argument(machine, 1),
             length = machine_argument(machine, 2);
    int32_t difference = 0;
    for (uint32_t i = 0; i < length && difference == 0; i++) {
        uint8_t left, right;
        machine_read(machine, a + i, &left, 1);
        machine_read(machine, b + i, &right, 1);
        difference = left - right;
    }
    machine_return(machine, (uint32_t)difference);
}

#define TEXT_MAX 0x10000u // longer texts do not end

static void rom_strlen(struct machine *machine) {
    uint32_t length = 0;
    uint8_t byte;
    for (;; length++) {
        machine_read(machine, machine_argument(machine, 0) + length, &byte, 1);
        if (byte == 0 || length == TEXT_MAX)
            break;
    }
    machine_return(machine, length);
}

static void compare_texts(struct machine *machine, uint32_t limit) {
    uint32_t a = machine_argument(machine, 0), b = machine_argument(machine, 1);
    uint8_t left = 0, right = 0;
    for (uint32_t i = 0; i < limit; i++) {
        machine_read(machine, a + i, &left, 1);
        machine_read(machine, b + i, &right, 1);
        if (left != right || left == 0)
            break;
    }
    machine_return(machine, (uint32_t)(left - right));
}

static void rom_strcmp(struct machine *machine) {
    compare_texts(machine, TEXT_MAX);
}

static void rom_strncmp(struct machine *machine) {
    uint32_t limit = machine_argument(machine, 2);
    if (limit == 0)
        machine_return(machine, 0);
    else
        compare_texts(machine, limit < TEXT_MAX ? limit : TEXT_MAX);
}

// ---- arithmetic ---------------------------------------------------------------------------------

static void rom_udivdi3(struct machine *machine) {
    uint64_t divisor = argument_64(machine, 2);
    machine_return_64(machine, divisor == 0 ? UINT64_MAX : argument_64(machine, 0) / divisor);
}

static void rom_umoddi3(struct machine *machine) {
    uint64_t divisor = argument_64(machine, 2), dividend = argument_64(machine, 0);
    machine_return_64(machine, divisor == 0 ? dividend : dividend % divisor);
}

static void rom_bswapsi2(struct machine *machine) {
    machine_return(machine, __builtin_bswap32(machine_argument(machine, 0)));
}

static void rom_crc32_le(struct machine *machine) {
    uint32_t crc = machine_argument(machine, 0), from = machine_argument(machine, 1),
             length = machine_argument(machine, 2);
    uint8_t bytes[PIECE];
    while (length != 0) {
        uint32_t part = length < PIECE ? length : PIECE;
        machine_read(machine, from, bytes, part);
        crc = (uint32_t)crc32(crc, bytes, part);
        from += part;
        length -= part;
    }
    machine_return(machine, crc);
}

// ---- flash --------------------------------------------------------------------------------------

enum { FLASH_OK = 0, FLASH_ERROR = 1 };

// The ROM's description of the chip: id, size, block, sector and page size, status mask, 4 bytes each.
static uint32_t configured_size(struct machine *machine) {
    return machine_read_word(machine, machine->model->rom.flash_chip + 4);
}

static void rom_flash_config_param(struct machine *machine) {
    uint32_t description[6];
    for (unsigned i = 0; i < 6; i++)
        description[i] = machine_argument(machine, i);
    machine_write(machine, machine->model->rom.flash_chip, description, sizeof description);
    machine_return(machine, FLASH_OK);
}

static void rom_flash_erase_sector(struct machine *machine) {
    uint32_t address = machine_argument(machine, 0) * NOR_SECTOR_SIZE;
    if (address >= configured_size(machine)) {
        machine_return(machine, FLASH_ERROR);
        return;
    }
    machine_tell_time(machine);
    address %= machine->flash_size;
    snapshot_give_up(machine);
    machine_tell_place(machine, "erases");
    bool done = port_flash_erase(address, NOR_SECTOR_SIZE);
    window_forget_flash(machine, address, NOR_SECTOR_SIZE);
    machine_return(machine, done ? FLASH_OK : FLASH_ERROR);
}

static void rom_flash_erase_block(struct machine *machine) {
    uint32_t address = machine_argument(machine, 0) * NOR_BLOCK_SIZE;
    if (address >= configured_size(machine)) {
        machine_return(machine, FLASH_ERROR);
        return;
    }
    machine_tell_time(machine);
    address %= machine->flash_size;
    snapshot_give_up(machine);
    machine_tell_place(machine, "erases");
    bool done = port_flash_erase(address, NOR_BLOCK_SIZE);
    window_forget_flash(machine, address, NOR_BLOCK_SIZE);
    machine_return(machine, done ? FLASH_OK : FLASH_ERROR);
}

static void rom_flash_write(struct machine *machine) {
    uint32_t address = machine_argument(machine, 0), from = machine_argument(machine, 1),
             length = machine_argument(machine, 2), size = configured_size(machine);
    uint8_t bytes[PIECE];
    bool done = address % 4 == 0 && length <= size && address <= size - length;
    machine_tell_time(machine);
    snapshot_give_up(machine);
    machine_tell_place(machine, "programs");
    while (done && length != 0) {
        uint32_t part = length < PIECE ? length : PIECE, at = address % machine->flash_size;
        if (at + part > machine->flash_size)
            part = machine->flash_size - at;
        machine_read(machine, from, bytes, part);
        done = port_flash_write(at, bytes, part);
        window_forget_flash(machine, at, part);
        address += part;
        from += part;
        length -= part;
    }
    machine_return(machine, done ? FLASH_OK : FLASH_ERROR);
}

static void rom_flash_read(struct machine *machine) {
    uint32_t address = machine_argument(machine, 0), to = machine_argument(machine, 1),
             length = machine_argument(machine, 2), size = configured_size(machine);
    uint8_t bytes[PIECE];
    bool done = length <= size && address <= size - length;
    snapshot_give_up(machine);
    while (done && length != 0) {
        uint32_t part = length < PIECE ? length : PIECE, at = address % machine->flash_size;
        if (at + part > machine->flash_size)
            part = machine->flash_size - at;
        done = port_flash_read(at, bytes, part);
        machine_write(machine, to, bytes, part);
        address += part;
        to += part;
        length -= part;
    }
    machine_return(machine, done ? FLASH_OK : FLASH_ERROR);
}

// esp_rom_spiflash_result_t esp_rom_spiflash_read_user_cmd(uint32_t *status, uint8_t command)
static void rom_flash_read_user_cmd(struct machine *machine) {
    uint32_t status = flash_controller_answer(machine, machine_argument(machine, 1) & 0xFF);
    machine_write(machine, machine_argument(machine, 0), &status, sizeof status);
    machine_return(machine, FLASH_OK);
}

// ---- cache --------------------------------------------------------------------------------------

static void rom_cache_mmu_init(struct machine *machine) {
    for (uint32_t entry = 0; entry < machine->model->mmu.entries; entry++)
        window_set_entry(machine, entry, machine->model->mmu.invalid);
    machine_return(machine, 0);
}

// int Cache_Dbus_MMU_Set(external RAM, virtual address, physical address, page size in KiB, pages, fixed)
static void rom_cache_mmu_set(struct machine *machine) {
    uint32_t address = machine_argument(machine, 1), physical = machine_argument(machine, 2),
             pages = machine_argument(machine, 4), page = window_page_size(machine);
    const struct machine_model *model = machine->model;
    if (machine_argument(machine, 0) != 0)
        machine_not_modelled(machine, "a mapping of external RAM");
    for (uint32_t i = 0; i < pages; i++) {
        uint32_t at = address + i * page;
        if (!window_contains(machine, at)) {
            machine_return(machine, 1);
            return;
        }
        uint32_t entry = (at & (model->windows[0].end - model->windows[0].start - 1)) / page;
        window_set_entry(machine, entry, model->mmu.valid | (physical / page + i));
    }
    machine_return(machine, 0);
}

// void mmu_init(processor)
static void rom_mmu_init(struct machine *machine) {
    if (machine_argument(machine, 0) == 0)
        rom_cache_mmu_init(machine);
}

// unsigned cache_flash_mmu_set_rom(processor, process, virtual address, physical address, page size in KiB, pages)
static void rom_cache_flash_mmu_set(struct machine *machine) {
    uint32_t address = machine_argument(machine, 2), physical = machine_argument(machine, 3),
             pages = machine_argument(machine, 5), page = window_page_size(machine);
    if (machine_argument(machine, 4) != page / 1024)
        machine_not_modelled(machine, "pages of %u KiB", (unsigned)machine_argument(machine, 4));
    machine_return(machine, 0);
    for (uint32_t i = 0; i < pages && machine_argument(machine, 0) == 0; i++) {
        uint32_t entry;
        if (!window_entry_of(machine, address + i * page, &entry)) {
            machine_return(machine, 1);
            return;
        }
        window_set_entry(machine, entry, physical / page + i);
    }
}

// ---- clocks, pins, system -----------------------------------------------------------------------

static void rom_nothing(struct machine *machine) {
    machine_return(machine, 0);
}

static void rom_delay_us(struct machine *machine) {
    machine_pass_time(machine, machine_argument(machine, 0));
}

static void rom_get_cpu_frequency(struct machine *machine) {
    machine_return(machine, machine->model->mhz);
}

static void rom_get_ccount(struct machine *machine) {
    machine_return(machine, (uint32_t)machine->model->core->cycles(machine));
}

static void rom_get_reset_reason(struct machine *machine) {
    machine_return(machine, machine_reset_reason(machine));
}

static void rom_software_reset(struct machine *machine) {
    machine_tell_time(machine);
    port_halt(PORT_HALT_RESTART, "the bootloader resets the chip");
}

static void rom_putc(struct machine *machine) {
    console_put(machine, (char)machine_argument(machine, 0));
    machine_return(machine, 0);
}

// ---- by name ------------------------------------------------------------------------------------

static const struct rom_function {
    const char *name;
    void (*run)(struct machine *machine);
} functions[] = {
    {"memcpy", rom_memcpy},
    {"memmove", rom_memmove},
    {"memset", rom_memset},
    {"bzero", rom_bzero},
    {"memcmp", rom_memcmp},
    {"strlen", rom_strlen},
    {"strcmp", rom_strcmp},
    {"strncmp", rom_strncmp},
    {"__udivdi3", rom_udivdi3},
    {"__umoddi3", rom_umoddi3},
    {"__bswapsi2", rom_bswapsi2},
    {"crc32_le", rom_crc32_le},
    {"MD5Init", rom_md5_init},
    {"MD5Update", rom_md5_update},
    {"MD5Final", rom_md5_final},
    {"mbedtls_md5_starts_ret", rom_mbedtls_md5_starts},
    {"mbedtls_md5_update_ret", rom_mbedtls_md5_update},
    {"mbedtls_md5_finish_ret", rom_mbedtls_md5_finish},
    {"ets_sha_enable", rom_nothing},
    {"ets_sha_disable", rom_nothing},
    {"ets_sha_init", rom_sha_init},
    {"ets_sha_update", rom_sha_update},
    {"ets_sha_finish", rom_sha_finish},
    {"esp_rom_spiflash_erase_sector", rom_flash_erase_sector},
    {"esp_rom_spiflash_erase_block", rom_flash_erase_block},
    {"esp_rom_spiflash_write", rom_flash_write},
    {"esp_rom_spiflash_read", rom_flash_read},
    {"esp_rom_spiflash_wait_idle", rom_nothing},
    {"esp_rom_spiflash_unlock", rom_nothing},
    {"esp_rom_spiflash_config_param", rom_flash_config_param},
    {"esp_rom_spiflash_read_user_cmd", rom_flash_read_user_cmd},
    {"esp_rom_spiflash_config_clk", rom_nothing},
    {"spi_dummy_len_fix", rom_nothing},
    {"ROM_Boot_Cache_Init", rom_cache_mmu_init},
    {"Cache_MMU_Init", rom_cache_mmu_init},
    {"Cache_Dbus_MMU_Set", rom_cache_mmu_set},
    {"Cache_Ibus_MMU_Set", rom_cache_mmu_set},
    {"mmu_init", rom_mmu_init},
    {"cache_flash_mmu_set_rom", rom_cache_flash_mmu_set},
    {"cache_sram_mmu_set_rom", rom_nothing}, // external RAM, which nothing answers for
    {"Cache_Flush_rom", rom_nothing},
    {"Cache_Read_Disable_rom", rom_nothing},
    {"Cache_Read_Enable_rom", rom_nothing},
    {"Cache_Disable_ICache", rom_nothing},
    {"Cache_Enable_ICache", rom_nothing},
    {"Cache_Suspend_ICache", rom_nothing},
    {"Cache_Resume_ICache", rom_nothing},
    {"Cache_Invalidate_ICache_All", rom_nothing},
    {"Cache_Invalidate_Addr", rom_nothing},
    {"ets_printf", rom_printf},
    {"ets_install_uart_printf", rom_nothing},
    {"ets_install_putc1", rom_nothing},
    {"uart_tx_one_char", rom_putc},
    {"uart_tx_flush", rom_nothing},
    {"uart_tx_wait_idle", rom_nothing},
    {"uart_div_modify", rom_nothing},
    {"uartAttach", rom_nothing},
    {"ets_set_appcpu_boot_addr", rom_nothing},
    {"xthal_get_ccount", rom_get_ccount},
    {"uart_tx_switch", rom_nothing},
    {"ets_delay_us", rom_delay_us},
    {"ets_get_cpu_frequency", rom_get_cpu_frequency},
    {"ets_update_cpu_frequency", rom_nothing},
    {"rom_i2c_writeReg", rom_nothing},
    {"rom_i2c_writeReg_Mask", rom_nothing},
    {"gpio_matrix_in", rom_nothing},
    {"gpio_matrix_out", rom_nothing},
    {"gpio_pad_set_drv", rom_nothing},
    {"gpio_pad_select_gpio", rom_nothing},
    {"gpio_pad_pullup", rom_nothing},
    {"gpio_pad_pulldown", rom_nothing},
    {"wdt_hal_init", rom_nothing},
    {"wdt_hal_deinit", rom_nothing},
    {"wdt_hal_config_stage", rom_nothing},
    {"wdt_hal_write_protect_disable", rom_nothing},
    {"wdt_hal_write_protect_enable", rom_nothing},
    {"wdt_hal_enable", rom_nothing},
    {"wdt_hal_disable", rom_nothing},
    {"wdt_hal_feed", rom_nothing},
    {"wdt_hal_set_flashboot_en", rom_nothing},
    {"ets_efuse_get_spiconfig", rom_nothing},
    {"ets_efuse_get_wp_pad", rom_nothing},
    {"rtc_get_reset_reason", rom_get_reset_reason},
    {"software_reset", rom_software_reset},
    {"software_reset_cpu", rom_software_reset},
};

static const struct rom_function *find(const char *name) {
    for (size_t i = 0; i < sizeof functions / sizeof functions[0]; i++)
        if (strcmp(functions[i].name, name) == 0 && functions[i].run != NULL)
            return &functions[i];
    return NULL;
}

static const char *name_of(const struct machine_rom *rom, size_t number) {
    return rom->names == NULL ? rom->list[number].name : rom->names[number];
}

static int by_address(const void *address, const void *row) {
    uint32_t a = *(const uint32_t *)address, b = ((const struct rom_name *)row)->address;
    return a < b ? -1 : a > b;
}

// The number of the function at an address; the count of them when none is published there.
static size_t number_at(const struct machine_rom *rom, uint32_t address) {
    size_t number = *rom->count;
    if (rom->names == NULL) {
        const struct rom_name *row = bsearch(&address, rom->list, *rom->count, sizeof *row, by_address);
        number = row == NULL ? number : (size_t)(row - rom->list);
    } else if (address >= rom->first && address % 4 == 0 && (address - rom->first) / 4 < number) {
        number = (address - rom->first) / 4;
    }
    return number;
}

void rom_functions_find(struct machine *machine) {
    const struct machine_rom *rom = &machine->model->rom;
    machine->rom_functions = memory_zeroed(*rom->count, sizeof *machine->rom_functions);
    for (size_t i = 0; i < *rom->count; i++) {
        const char *name = name_of(rom, i);
        const struct rom_function *function = name == NULL ? NULL : find(name);
        machine->rom_functions[i] = function == NULL ? NULL : function->run;
    }
}

bool rom_function_call(struct machine *machine, uint32_t address) {
    const struct machine_rom *rom = &machine->model->rom;
    if (address - rom->start >= rom->end - rom->start)
        return false;
    if (address != machine->rom_address)
        machine->rom_number = number_at(rom, address);
    machine->rom_address = address;
    size_t number = machine->rom_number;
    bool listed = number < *rom->count;
    if (!listed || machine->rom_functions[number] == NULL)
        machine_not_modelled(machine, "the ROM function %s at 0x%08x is not known",
                             listed && name_of(rom, number) != NULL ? name_of(rom, number) : "(no name)",
                             (unsigned)address);
    machine->rom_functions[number](machine);
    machine_watch_time(machine);
    machine->model->core->leave(machine);
    return true;
}
