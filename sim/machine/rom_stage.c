// The mask ROM: finds the second stage in flash and loads it (BL-90, CH-40, CH-41, HW-71).
#include <stdlib.h>

#include "machine_internal.h"

#define HEADER_SIZE         24u
#define SEGMENT_HEADER_SIZE 8u
#define SEGMENTS_MAX        16u
#define SEGMENT_LENGTH_MAX  0x100000u // more does not fit into any RAM

static uint32_t word_at(const uint8_t *bytes) {
    return (uint32_t)bytes[0] | (uint32_t)bytes[1] << 8 | (uint32_t)bytes[2] << 16 | (uint32_t)bytes[3] << 24;
}

_Noreturn static void give_up(const char *line, const char *why) {
    port_log(PORT_LOG_ERROR, "rom", "%s", line);
    port_halt(PORT_HALT_CRASH, why);
}

void rom_stage_read(struct machine *machine, uint32_t address, void *bytes, uint32_t length) {
    uint8_t *to = bytes;
    while (length != 0) {
        uint32_t at = address % machine->flash_size, part = machine->flash_size - at;
        part = length < part ? length : part;
        if (!port_flash_read(at, to, part))
            machine_not_modelled(machine, "a read error of the flash under the ROM, at 0x%08x", (unsigned)at);
        snapshot_note_flash(machine, at, to, part);
        to += part;
        address += part;
        length -= part;
    }
}

// Loads one segment and returns the XOR of its bytes. The ROM stores what it reads before it knows whether it is whole.
static uint8_t load_segment(struct machine *machine, uint32_t from, uint32_t to, uint32_t length) {
    uint8_t sum = 0, *bytes = memory_new(length + 1);
    rom_stage_read(machine, from, bytes, length);
    for (uint32_t i = 0; i < length; i++)
        sum ^= bytes[i];
    bool loads = to != 0 && !window_contains(machine, to);
    bool fits = !loads || memory_write(&machine->memory, to, bytes, length, NULL);
    free(bytes);
    if (!fits)
        give_up("ets_main.c",
                "the ROM loads the bootloader to where no memory is; a watchdog resets the chip");
    if (loads)
        memory_own(&machine->memory, to, length);
    return sum;
}

// How the header wants flash to be read: bits of the cache's SPI control register, which bootloaders look at (Technical
// Reference Manual, SPI_MEM_CTRL).
static void set_read_mode(struct machine *machine, uint8_t mode) {
    static const uint32_t bits[] = {1u << 24, 1u << 20, 1u << 23, 1u << 14}; // QIO, QOUT, DIO, DOUT
    uint32_t fast = 1u << 13;
    if (mode < 4)
        register_keep(machine, machine->model->cache_controller + 8, bits[mode] | fast);
    else
        register_keep(machine, machine->model->cache_controller + 8, mode == 4 ? fast : 0);
}

uint32_t rom_stage_load(struct machine *machine) {
    const struct chip_target *target = port_ram()->target;
    uint32_t at = target->bootloader_offset;
    uint8_t header[HEADER_SIZE], segment[SEGMENT_HEADER_SIZE], sum = 0xEF, stored;
    rom_stage_read(machine, at, header, sizeof header);
    if (header[0] != 0xE9) {
        port_log(PORT_LOG_ERROR, "rom", "invalid header: 0x%08x", (unsigned)word_at(header));
        give_up("invalid header", "the ROM finds no bootloader; a watchdog resets the chip");
    }
    if ((header[12] | header[13] << 8) != target->chip_id)
        give_up("ets_main.c", "the bootloader is for another chip; a watchdog resets it");
    if (header[1] > SEGMENTS_MAX)
        give_up("ets_main.c", "the bootloader has too many segments; a watchdog resets the chip");
    set_read_mode(machine, header[2]);
    at += HEADER_SIZE;
    for (unsigned i = 0; i < header[1]; i++) {
        rom_stage_read(machine, at, segment, sizeof segment);
        uint32_t address = word_at(segment), length = word_at(segment + 4);
        at += SEGMENT_HEADER_SIZE;
        if (length > SEGMENT_LENGTH_MAX)
            give_up("ets_main.c", "a segment of the bootloader is too long; a watchdog resets the chip");
        port_log(PORT_LOG_INFO, "rom", "load:0x%08x,len:0x%x", (unsigned)address, (unsigned)length);
        sum ^= load_segment(machine, at, address, length);
        at += length;
    }
    uint32_t within = at - target->bootloader_offset; // the checksum ends a block of 16 bytes (IMG-15)
    rom_stage_read(machine, target->bootloader_offset + (within | 15), &stored, 1);
    if (stored != sum) {
        port_log(PORT_LOG_ERROR, "rom", "Checksum failure. Calculated 0x%x stored 0x%x", sum, stored);
        give_up("ets_main.c", "the bootloader's checksum is wrong; a watchdog resets the chip");
    }
    port_log(PORT_LOG_INFO, "rom", "entry 0x%08x", (unsigned)word_at(header + 4));
    return word_at(header + 4);
}
