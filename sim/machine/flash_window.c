// Flash as the processor sees it: windows of the address space, a table that says which page of flash each page of a
// window shows, a cache in between.
#include <stdlib.h>

#include "machine_internal.h"

#define MMU_PAGE 0x10000u // unless the chip's page size register says otherwise

static void hide_entry(struct machine *machine, uint32_t entry);

void window_reset(struct machine *machine) {
    uint32_t size = port_flash_size();
    if (size != machine->flash_size) {
        for (uint32_t i = 0; i < machine->sector_count; i++)
            free(machine->sectors[i]);
        machine->flash_size = size;
        machine->sector_count = size / NOR_SECTOR_SIZE;
        machine->sectors = memory_resize(machine->sectors, machine->sector_count * sizeof *machine->sectors);
        memset(machine->sectors, 0, machine->sector_count * sizeof *machine->sectors);
    }
    for (uint32_t entry = 0; entry < machine->model->mmu.entries; entry++) {
        hide_entry(machine, entry);
        machine->mmu[entry] = machine->model->mmu.invalid; // HW-20
    }
    window_forget_flash(machine, 0, size);
    machine->mmu_index = 0;
}

uint32_t window_page_size(const struct machine *machine) {
    uint32_t address = machine->model->mmu.page_size_register;
    return address == 0 ? MMU_PAGE
                        : 1u << machine->model->mmu.page_log2[register_stored(machine, address) >> 3 & 3];
}

static const struct machine_window *window_at(const struct machine *machine, uint32_t address) {
    for (size_t i = 0; i < machine->model->window_count; i++) {
        const struct machine_window *window = &machine->model->windows[i];
        if (address - window->start < window->end - window->start)
            return window;
    }
    return NULL;
}

bool window_contains(const struct machine *machine, uint32_t address) {
    return window_at(machine, address) != NULL;
}

bool window_entry_valid(const struct machine *machine, uint32_t entry) {
    const struct machine_mmu *mmu = &machine->model->mmu;
    return (machine->mmu[entry] & (mmu->valid | mmu->invalid)) == mmu->valid;
}

bool window_entry_of(const struct machine *machine, uint32_t address, uint32_t *entry) {
    const struct machine_window *window = window_at(machine, address);
    if (window == NULL)
        return false;
    uint32_t page = window_page_size(machine);
    *entry = window->first_entry + address / page - window->start / page;
    return *entry < machine->model->mmu.entries;
}

bool window_flash_address(const struct machine *machine, uint32_t address, uint32_t *flash_address) {
    uint32_t page = window_page_size(machine), entry;
    if (!window_entry_of(machine, address, &entry) || !window_entry_valid(machine, entry))
        return false;
    uint64_t flash = (uint64_t)(machine->mmu[entry] & machine->model->mmu.page_mask) * page + address % page;
    *flash_address = (uint32_t)(flash % machine->flash_size); // the chip ignores higher bits (HW-21)
    return true;
}

// ---- the table ----------------------------------------------------------------------------------

// The entry's pages ask again.
static void hide_entry(struct machine *machine, uint32_t entry) {
    uint32_t page = window_page_size(machine);
    for (size_t i = 0; i < machine->model->window_count; i++) {
        const struct machine_window *window = &machine->model->windows[i];
        uint64_t start = window->start / page * page + (uint64_t)(entry - window->first_entry) * page;
        if (entry < window->first_entry || start >= window->end)
            continue;
        for (uint32_t at = 0; at < page; at += MEMORY_PAGE_SIZE)
            if ((uint32_t)start + at >= window->start)
                memory_show(&machine->memory, (uint32_t)start + at, NULL);
    }
}

// What a new mapping shows is read from the chip again.
void window_set_entry(struct machine *machine, uint32_t entry, uint32_t value) {
    hide_entry(machine, entry);
    machine->mmu[entry] = value;
    if (!window_entry_valid(machine, entry))
        return;
    uint32_t page = window_page_size(machine);
    uint64_t flash = (uint64_t)(value & machine->model->mmu.page_mask) * page;
    window_forget_flash(machine, (uint32_t)(flash % machine->flash_size), page);
}

void window_forget_flash(struct machine *machine, uint32_t flash_address, uint32_t length) {
    uint32_t first = flash_address / NOR_SECTOR_SIZE,
             end = (flash_address + length + NOR_SECTOR_SIZE - 1) / NOR_SECTOR_SIZE;
    for (uint32_t sector = first; sector < end && sector < machine->sector_count; sector++)
        if (machine->sectors[sector] != NULL)
            machine->sectors[sector]->lines = 0;
}

// ---- looking ------------------------------------------------------------------------------------

static void read_flash(struct machine *machine, uint32_t address, void *bytes, uint32_t length) {
    snapshot_consider(machine, address);
    if (!port_flash_read(address, bytes, length))
        machine_not_modelled(machine, "a read error of the flash behind the cache, at 0x%08x",
                             (unsigned)address);
    snapshot_note_flash(machine, address, bytes, length);
}

// A sector is read in lines while the program only looks into it, so that no more is observed than what it sees; when it
// goes on reading, the rest is read at once.
#define LINES_BEFORE_ALL 1

static bool whole(const struct cached_sector *sector) {
    return sector->lines == UINT64_MAX;
}

static struct cached_sector *look(struct machine *machine, uint32_t flash_address) {
    struct cached_sector **place = &machine->sectors[flash_address / NOR_SECTOR_SIZE];
    if (*place == NULL)
        *place = memory_zeroed(1, sizeof **place);
    struct cached_sector *sector = *place;
    uint32_t offset = flash_address % NOR_SECTOR_SIZE, line = offset / FLASH_LINE;
    if ((sector->lines >> line & 1) != 0)
        return sector;
    if (__builtin_popcountll(sector->lines) >= LINES_BEFORE_ALL) {
        read_flash(machine, flash_address - offset, sector->bytes, NOR_SECTOR_SIZE);
        sector->lines = UINT64_MAX;
    } else {
        read_flash(machine, flash_address - offset % FLASH_LINE, sector->bytes + line * FLASH_LINE,
                   FLASH_LINE);
        sector->lines |= (uint64_t)1 << line;
    }
    return sector;
}

bool window_load(struct machine *machine, uint32_t address, unsigned size, uint32_t *value) {
    uint32_t flash_address;
    if (!window_flash_address(machine, address, &flash_address))
        machine_not_modelled(machine, "a load from 0x%08x, which the MMU maps to nothing", (unsigned)address);
    struct cached_sector *sector = look(machine, flash_address);
    memcpy(value, sector->bytes + flash_address % NOR_SECTOR_SIZE, size);
    if (whole(sector))
        memory_show(&machine->memory, address & ~(MEMORY_PAGE_SIZE - 1), sector->bytes);
    return true;
}
