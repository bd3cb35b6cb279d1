// The mask ROM itself, from the ELF file that is published of it, in place of functions that are done natively: it runs from its
// reset vector, finds and loads the second stage, and what that calls is executed, too (HW-4, HW-70, HW-71).
#ifndef SIM_MACHINE_GENUINE_ROM_H
#define SIM_MACHINE_GENUINE_ROM_H

#include "../base/buffer.h"
#include "../base/error.h"
#include "machine_model.h"

// The ROM's bytes as the chip has them, model->rom.end - model->rom.start of them, appended to `out`. `code` (may be NULL) is
// told each range of instructions. False: `elf` is not that of such a chip.
bool genuine_rom_read(const struct buffer *elf, const struct machine_model *model, struct buffer *out,
                      void (*code)(void *context, uint32_t address, uint32_t length), void *context,
                      struct error *error);

// Puts it into the machine's address space, for all its boots.
void genuine_rom_install(struct machine *machine, const struct buffer *elf);
void genuine_rom_free(struct machine *machine);

// The ROM is about to leave for `pc`, which has to be the second stage that it has loaded from flash: its segments are the
// program's own from now on. Ends the boot if it is not.
void genuine_rom_leave(struct machine *machine, uint32_t pc);

#endif
