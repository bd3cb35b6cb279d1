// When does the bootloader end, and what has it started?
//
// A bootloader's last act is a jump to the entry address of the image that it has loaded and mapped. So when the processor
// comes to code that is not the bootloader's, the MMU's table tells the image: some valid entry shows a page of it (HW-92).
// Which partition that page belongs to stands in the partition table, and the image's header names the address where it has
// to begin. Anything else is a bootloader that has run away.
#include "machine_internal.h"

#define TABLE_ROWS_MAX 95u // 0xC00 bytes (PT-1)
#define ROW_SIZE       32u

static uint32_t word_at(const uint8_t *bytes) {
    return (uint32_t)bytes[0] | (uint32_t)bytes[1] << 8 | (uint32_t)bytes[2] << 16 | (uint32_t)bytes[3] << 24;
}

struct place {
    uint32_t address, size;
};

// The app partition that holds a flash address; size 0: none does.
static struct place app_partition_at(struct machine *machine, uint32_t flash_address) {
    uint32_t table = port_ram()->bootloader_build->partition_table_offset;
    uint8_t row[ROW_SIZE];
    for (uint32_t i = 0; i < TABLE_ROWS_MAX; i++) {
        uint32_t at = table + i * ROW_SIZE;
        if (at + ROW_SIZE > machine->flash_size || !port_flash_read(at, row, sizeof row))
            break;
        if (row[0] != 0xAA || row[1] != 0x50)
            break;
        struct place place = {word_at(row + 4), word_at(row + 8)};
        if (row[2] == 0 && flash_address >= place.address && flash_address - place.address < place.size)
            return place;
    }
    return (struct place){0, 0};
}

static bool mapped_partition(struct machine *machine, struct place *out) {
    const struct machine_mmu *mmu = &machine->model->mmu;
    uint32_t page = window_page_size(machine);
    for (uint32_t entry = 0; entry < mmu->entries; entry++) {
        if (!window_entry_valid(machine, entry))
            continue;
        uint64_t flash = (uint64_t)(machine->mmu[entry] & mmu->page_mask) * page;
        *out = app_partition_at(machine, (uint32_t)(flash % machine->flash_size));
        if (out->size != 0)
            return true;
    }
    return false;
}

void app_start(struct machine *machine, uint32_t pc) {
    struct place partition;
    uint8_t header[24];
    machine_tell_time(machine);
    if (!mapped_partition(machine, &partition) ||
        !port_flash_read(partition.address % machine->flash_size, header, sizeof header) ||
        word_at(header + 4) != pc)
        machine_crash(machine, "the bootloader runs what is not its code; a watchdog resets the chip");
    port_ram()->running_address = partition.address;
    port_ram()->running_size = partition.size;
}
