// What a machine asks of its processor: a row for each instruction set, in core_NAME.c. Nothing else of a machine knows which
// one it has.
#ifndef SIM_MACHINE_MACHINE_CORE_H
#define SIM_MACHINE_MACHINE_CORE_H

#include <stdint.h>

struct machine;
struct memory_frame;

struct machine_core {
    void (*start)(struct machine *machine); // once, before the first reset
    void (*free)(struct machine *machine);

    // Registers as after a reset, but for where the program begins and its stack.
    void (*reset)(struct machine *machine, uint32_t stack);
    // Executes up to `budget` instructions, or to what the machine has to do: a ROM function, an app. Ends the boot by
    // port_halt or machine_not_modelled when the program is lost.
    void (*run)(struct machine *machine, uint64_t budget);

    // One instruction, likewise.
    void (*step)(struct machine *machine);

    uint32_t (*pc)(const struct machine *machine);
    void (*set_pc)(struct machine *machine, uint32_t pc);
    uint64_t (*instructions)(const struct machine *machine); // executed since the reset
    uint64_t (*cycles)(const struct machine *machine);       // passed since the reset
    void (*pass_cycles)(struct machine *machine, uint64_t cycles);

    // General registers by number, for debuggers. NULL: none is made for this processor.
    uint32_t (*get_register)(const struct machine *machine, unsigned number);
    void (*set_register)(struct machine *machine, unsigned number, uint32_t value);
    // Who called the function that pc is in, as far as the calling convention tells: an address in the call.
    uint32_t (*caller)(const struct machine *machine);

    // The function that pc stands at, by the calling convention: its arguments, its result (a second word for 64 bits), the
    // return to its caller.
    uint32_t (*argument)(struct machine *machine, unsigned number);
    void (*set_result)(struct machine *machine, unsigned word, uint32_t value);
    void (*leave)(struct machine *machine);

    // Code was overwritten (memory_device.code_changed); a frame's code goes as a whole.
    void (*forget)(struct machine *machine, struct memory_frame *frame, uint32_t offset, uint32_t size);
    void (*forget_all)(struct memory_frame *frame);

    // Its whole state, for snapshots: to be freed by free().
    void *(*save)(const struct machine *machine);
    void (*restore)(struct machine *machine, const void *saved);
};

extern const struct machine_core machine_core_riscv, machine_core_xtensa;

#endif
