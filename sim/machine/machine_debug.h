// Somebody looks into a machine while it boots: stops it, steps it, reads and writes registers and memory (tools: the gdb stub).
#ifndef SIM_MACHINE_MACHINE_DEBUG_H
#define SIM_MACHINE_MACHINE_DEBUG_H

#include <stdbool.h>
#include <stdint.h>

#include "../../ota/chip_target.h"

struct machine;

struct machine_debugger {
    void *context;
    // Before each instruction while the machine is looked at. It goes on when this returns.
    void (*before_instruction)(void *context, struct machine *machine, uint32_t pc);
};

// False: the machine's processor has no debugger's view.
bool machine_can_be_debugged(const struct chip_target *target);

// General registers by the number that the instruction set gives them.
uint32_t machine_debug_register(const struct machine *machine, unsigned number);
void machine_debug_set_register(struct machine *machine, unsigned number, uint32_t value);
uint32_t machine_debug_pc(const struct machine *machine);
void machine_debug_set_pc(struct machine *machine, uint32_t pc);

// RAM, ROM, and flash through what the MMU maps; peripherals show what was stored and cannot be written. Nothing that the
// program would see changes by reading. False: nothing is there.
bool machine_debug_read(struct machine *machine, uint32_t address, uint8_t *byte);
bool machine_debug_write(struct machine *machine, uint32_t address, uint8_t byte);

#endif
