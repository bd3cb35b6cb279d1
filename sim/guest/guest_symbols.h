// Names and lines of a guest's addresses, from its debugging information; and who called whom when it ended.
#ifndef SIM_GUEST_GUEST_SYMBOLS_H
#define SIM_GUEST_GUEST_SYMBOLS_H

#include "guest_file.h"

// Appends "write_chunk (updater.c:120)", as far as the file tells, else "updater.so+0x1234". `address`: within the file.
void guest_describe(const struct guest_file *file, uint64_t address, struct buffer *out);

// The processor's registers that a walk over the stack begins with, by DWARF's numbers; 16: the program counter.
#define GUEST_REGISTERS 17u
enum { GUEST_REGISTER_FRAME = 6, GUEST_REGISTER_STACK = 7, GUEST_REGISTER_PC = 16 };

struct guest_walk {
    const struct guest_file *file;
    uint64_t base; // where address 0 of the file is
    uint64_t registers[GUEST_REGISTERS];
    bool exact; // the program counter is at an instruction that did not complete, not behind a call
    // Memory of the guest, which may be read; false: it is none.
    bool (*read)(void *context, uint64_t address, uint64_t *word);
    void (*frame)(void *context, const char *place); // from the innermost on; "write_chunk (updater.c:120)"
    void *context;
};
void guest_walk_stack(const struct guest_walk *walk);

#endif
