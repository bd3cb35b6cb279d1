// Peripherals: registers give back what was stored, but for those that have to answer.
#include <stdlib.h>

#include "machine_internal.h"

// The number of an address's page among those of all areas.
static uint32_t page_number(const struct machine *machine, uint32_t address) {
    uint32_t number = 0;
    for (size_t i = 0; i < machine->model->area_count; i++) {
        const struct machine_area *area = &machine->model->areas[i];
        if (address - area->start < area->end - area->start)
            return number + (address - area->start) / MEMORY_PAGE_SIZE;
        number += (area->end - area->start) / MEMORY_PAGE_SIZE;
    }
    abort(); // the table names a register outside its areas
}

static uint32_t *stored(const struct machine *machine, uint32_t address) {
    uint32_t *page = machine->registers[page_number(machine, address)];
    return page == NULL ? NULL : &page[address % MEMORY_PAGE_SIZE / 4];
}

uint32_t register_stored(const struct machine *machine, uint32_t address) {
    const uint32_t *place = stored(machine, address);
    return place == NULL ? 0 : *place;
}

void register_keep(struct machine *machine, uint32_t address, uint32_t value) {
    uint32_t **page = &machine->registers[page_number(machine, address)];
    if (*page == NULL)
        *page = memory_zeroed(1, MEMORY_PAGE_SIZE);
    *stored(machine, address) = value;
}

void registers_reset(struct machine *machine) {
    for (uint32_t i = 0; i < REGISTER_PAGES_MAX; i++)
        if (machine->registers[i] != NULL)
            memset(machine->registers[i], 0, MEMORY_PAGE_SIZE);
}

// The same sequence in every boot, as every run of a scenario has to be the same; never 0 (HW-34). Marsaglia's xorshift.
uint32_t machine_random(struct machine *machine) {
    machine->random ^= machine->random << 13;
    machine->random ^= machine->random >> 17;
    machine->random ^= machine->random << 5;
    return machine->random;
}

// CH-64.
uint32_t machine_reset_reason(struct machine *machine) {
    snapshot_note_reset_reason(machine);
    static const uint8_t codes[] = {
        [PORT_RESET_POWER_ON] = 0x01, [PORT_RESET_SOFTWARE] = 0x03,   [PORT_RESET_PANIC] = 0x03,
        [PORT_RESET_WATCHDOG] = 0x10, [PORT_RESET_DEEP_SLEEP] = 0x05, [PORT_RESET_BROWNOUT] = 0x0F};
    return codes[port_reset_reason()];
}

static uint32_t chip_revision(struct machine *machine) {
    uint32_t revision = port_efuse_read(PORT_EFUSE_CHIP_REVISION);
    snapshot_note_efuse(machine, PORT_EFUSE_CHIP_REVISION, revision);
    return revision;
}

static const struct machine_register *find(const struct machine_register *registers, size_t count,
                                           uint32_t address) {
    for (size_t i = 0; i < count; i++)
        if (registers[i].address == address)
            return &registers[i];
    return NULL;
}

static const struct machine_register *special(const struct machine *machine, uint32_t address) {
    const struct machine_model *model = machine->model;
    const struct machine_register *own = find(model->own_registers, model->own_register_count, address);
    return own != NULL ? own : find(model->registers, model->register_count, address);
}

static uint32_t answer(struct machine *machine, const struct machine_register *reg, uint32_t kept) {
    switch (reg->kind) {
    case REGISTER_FIXED:
        return (kept | reg->ones) & ~reg->zeros;
    case REGISTER_FOLLOWS:
        return (kept & ~(1u << reg->b)) | (kept >> reg->a & 1) << reg->b;
    case REGISTER_RANDOM:
        return machine_random(machine);
    case REGISTER_PINS: // pulled up, and released
        for (int pin = 0; pin < PORT_PINS; pin++)
            if (port_pin_hold_ms((enum port_pin)pin) != 0)
                machine_not_modelled(machine, "a pin is held, but which one it is only the bootloader knows");
        return UINT32_MAX;
    case REGISTER_RESET_REASON:
        return machine_reset_reason(machine);
    case REGISTER_REVISION:
        return chip_revision(machine) / 100 >= reg->a ? kept | reg->ones : kept;
    default:
        return kept;
    }
}

static bool mmu_load(struct machine *machine, uint32_t address, uint32_t *value) {
    const struct machine_mmu *mmu = &machine->model->mmu;
    if (mmu->access == MMU_INDEXED && address == mmu->content) {
        *value = machine->mmu[machine->mmu_index];
        return true;
    }
    if (mmu->access != MMU_INDEXED && address - mmu->table < mmu->entries * 4) {
        *value = machine->mmu[(address - mmu->table) / 4];
        return true;
    }
    return false;
}

static bool mmu_store(struct machine *machine, uint32_t address, uint32_t value) {
    const struct machine_mmu *mmu = &machine->model->mmu;
    if (mmu->access == MMU_INDEXED && address == mmu->index) {
        machine->mmu_index = value % mmu->entries;
        return true;
    }
    if (mmu->access == MMU_INDEXED && address == mmu->content) {
        window_set_entry(machine, machine->mmu_index, value);
        return true;
    }
    if (mmu->access != MMU_INDEXED && address - mmu->table < mmu->entries * 4) {
        window_set_entry(machine, (address - mmu->table) / 4, value);
        return true;
    }
    return false;
}

// Some chips show their peripherals at two places.
static uint32_t unmirrored(const struct machine *machine, uint32_t address) {
    const struct machine_model *model = machine->model;
    return address - model->mirror < model->mirror_length ? address - model->mirror + model->mirror_of
                                                          : address;
}

// The end of RTC memory outlives resets: the board keeps it.
static bool in_retained(const struct machine *machine, uint32_t address) {
    return machine->model->retained != 0 && address - machine->model->retained < 16;
}

static bool load_word(struct machine *machine, uint32_t address, uint32_t *value) {
    if (mmu_load(machine, address, value) || flash_controller_load(machine, address, value) ||
        efuse_controller_load(machine, address, value) || sha_accelerator_c3_load(machine, address, value))
        return true;
    const struct machine_register *reg = special(machine, address);
    *value = register_stored(machine, address);
    if (reg != NULL)
        *value = answer(machine, reg, *value);
    return true;
}

bool register_load(struct machine *machine, uint32_t address, unsigned size, uint32_t *value) {
    if (in_retained(machine, address)) {
        snapshot_give_up(machine);
        port_retained_read(address - machine->model->retained, value, size);
        return true;
    }
    uint32_t word;
    address = unmirrored(machine, address);
    if (!load_word(machine, address & ~3u, &word))
        return false;
    *value = word >> 8 * (address & 3);
    if (size < 4)
        *value &= (1u << 8 * size) - 1;
    return true;
}

static bool store_word(struct machine *machine, uint32_t address, uint32_t value) {
    if (sha_accelerator_holds_text(machine, address)) { // first: an image goes through here word by word
        register_keep(machine, address, value);
        return true;
    }
    if (mmu_store(machine, address, value))
        return true;
    if (flash_controller_store(machine, address, value) || efuse_controller_store(machine, address, value) ||
        sha_accelerator_store(machine, address, value) || sha_accelerator_c3_store(machine, address, value))
        return true;
    const struct machine_register *reg = special(machine, address);
    register_keep(machine, address, value);
    if (reg == NULL)
        return true;
    if (reg->kind == REGISTER_RESET && (value & reg->ones) != 0) {
        machine_tell_time(machine);
        port_halt(PORT_HALT_RESTART, "the bootloader resets the chip");
    }
    if (reg->kind == REGISTER_UART)
        console_put(machine, (char)value);
    return true;
}

bool register_store(struct machine *machine, uint32_t address, unsigned size, uint32_t value) {
    if (in_retained(machine, address)) {
        snapshot_give_up(machine);
        port_retained_write(address - machine->model->retained, &value, size);
        return true;
    }
    address = unmirrored(machine, address);
    if (size < 4) { // the register's other bytes stay
        uint32_t shift = 8 * (address & 3), mask = ((1u << 8 * size) - 1) << shift;
        value = (register_stored(machine, address & ~3u) & ~mask) | (value << shift & mask);
    }
    return store_word(machine, address & ~3u, value);
}
