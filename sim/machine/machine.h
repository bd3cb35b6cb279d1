// A chip that executes a bootloader as it is: the processor, its memory, the registers that have to answer, the ROM
// functions that it calls.
//
// The machine is a program of the board like the bootloader of ota/: it reads, erases and programs flash through
// ota/port.h, so that journal, power cuts, torn operations and observed reads are what they are for any other program. It
// knows what real chips do only as far as docs/genuine-bootloader.md says. Where a bootloader leaves that, the boot ends
// with BOARD_NOT_MODELLED and says where: there are no guesses.
#ifndef SIM_MACHINE_MACHINE_H
#define SIM_MACHINE_MACHINE_H

#include <stdbool.h>
#include <stdint.h>

#include "../../ota/chip_target.h"
#include "../base/buffer.h"
#include "../base/error.h"

struct machine;

// NULL: there is no machine for this chip (machine_supports). `rom`: an ELF file that machine_takes_rom, whose code runs from its
// reset vector; NULL: what stands for the ROM does what it does.
struct machine *machine_new(const struct chip_target *target, const struct buffer *rom);
void machine_free(struct machine *machine);
bool machine_supports(const struct chip_target *target);
// An ELF file, from which boots that somebody listens to take names and lines (board_config.boot_elf).
bool symbols_file_is_one(const char *path, struct error *error);
bool machine_takes_rom(const struct chip_target *target, const struct buffer *elf, struct error *error);

// One boot attempt, from the ROM's first look at the flash to the app's first instruction. To be called by the running
// program of a board (board_run) whose chip the machine is. Returns when an app has started: port_ram()->running_address
// and running_size say which. Ends by port_halt otherwise.
void machine_boot(struct machine *machine);

// For board_config.boot: boots the machine that belongs to the running board and is made at its first boot. The board's
// target must be one that machine_supports.
void machine_bootloader(void);
// The machine of a board that machine_bootloader has booted; NULL: none has.
struct machine *machine_running(void);

struct machine_statistics {
    uint64_t boots;
    uint64_t instructions; // executed, over all boots
    uint64_t resumed;      // boots that went on from a snapshot
};
struct machine_statistics machine_statistics(const struct machine *machine);

#endif
