// An Xtensa LX6 processor as the ESP32 has it: windowed registers, 16-bit forms, zero-overhead loops, multiplication and
// division, booleans (HW-110). No floating point and no MAC16: programs that use them stop there as illegal.
//
// Instructions are decoded once, when they are first executed, and kept beside the bytes they were decoded from.
//
// The 64 registers are a ring of 16 panes of 4, of which a program sees 4. A call turns the ring, and where it comes upon a
// caller's registers, these are saved on the stack and come back with the return, as the windowed ABI lays down (Xtensa
// ISA reference manual, 4.7.1; Call0/windowed ABI, section 8.1). On a chip exception handlers do that, at the first
// use of a register; here it is done with the call, to the same places in memory.
#ifndef SIM_CPU_XTENSA_H
#define SIM_CPU_XTENSA_H

#include <stdbool.h>
#include <stdint.h>

#include "memory.h"

#define XTENSA_PANES     16u
#define XTENSA_REGISTERS (XTENSA_PANES * 4)

enum xtensa_stop {
    XTENSA_BUDGET,       // so many instructions were executed as were asked for
    XTENSA_ELSEWHERE,    // pc is not in the program's own code: a ROM function, another program, or nothing
    XTENSA_ILLEGAL,      // pc is at an instruction that this processor does not have
    XTENSA_ACCESS_FAULT, // nothing answers at fault_address
    XTENSA_DIVIDE,       // a division by zero
    XTENSA_SYSCALL,      // pc is at it
    XTENSA_BREAK,
    XTENSA_SELF_JUMP, // pc is at a jump to itself, or at a wait for an interrupt: nothing will ever change
    XTENSA_REQUEST    // somebody set stop_requested during an access
};

// Special registers by their numbers.
enum xtensa_special {
    XTENSA_LBEG = 0,
    XTENSA_LEND = 1,
    XTENSA_LCOUNT = 2,
    XTENSA_SAR = 3,
    XTENSA_BR = 4,
    XTENSA_SCOMPARE1 = 12,
    XTENSA_WINDOWBASE = 72,
    XTENSA_WINDOWSTART = 73,
    XTENSA_EPC1 = 177,
    XTENSA_DEPC = 192,
    XTENSA_EPS2 = 194,
    XTENSA_PS = 230,
    XTENSA_VECBASE = 231,
    XTENSA_EXCCAUSE = 232,
    XTENSA_CCOUNT = 234,
    XTENSA_PRID = 235,
    XTENSA_EXCVADDR = 238
};

enum { // of PS
    XTENSA_PS_INTLEVEL = 15,
    XTENSA_PS_EXCM = 1 << 4,
    XTENSA_PS_UM = 1 << 5,
    XTENSA_PS_OWB = 15 << 8,
    XTENSA_PS_CALLINC_SHIFT = 16,
    XTENSA_PS_CALLINC = 3 << 16,
    XTENSA_PS_WOE = 1 << 18
};

enum { // EXCCAUSE
    XTENSA_CAUSE_ILLEGAL = 0,
    XTENSA_CAUSE_SYSCALL = 1,
    XTENSA_CAUSE_ACCESS = 3,
    XTENSA_CAUSE_DIVIDE = 6
};

struct xtensa_op;

struct xtensa {
    uint32_t a[16]; // the window; its panes in `ring` are out of date
    uint32_t ring[XTENSA_REGISTERS];
    uint32_t pc;
    uint32_t special[256]; // as stored, but for CCOUNT: an offset to the cycles
    uint32_t user[256];
    uint64_t instructions; // executed since xtensa_reset
    uint64_t cycles_added; // time that passed without instructions being executed, in cycles
    uint8_t called;        // by the last call: 0 CALL0, 1 to 3 CALL4 to CALL12
    uint32_t fault_address;
    bool fault_is_store;
    bool stop_requested;
    struct memory *memory; // borrowed

    // While it runs: the page that pc lies in, and where the loop of LEND ends in it.
    uint32_t base;
    struct xtensa_op *entries;
    const struct xtensa_op *loop_end;
    enum xtensa_stop stop;
};

// As a function that is about to be called by CALL8 from a frame whose stack pointer is `stack`, the outermost one.
void xtensa_reset(struct xtensa *cpu, struct memory *memory, uint32_t pc, uint32_t stack);

// Runs at most `budget` instructions. What stopped it is not undone and pc stands at it.
enum xtensa_stop xtensa_run(struct xtensa *cpu, uint64_t budget);

// Takes an exception: EPC1, EXCCAUSE, EXCVADDR are set, pc goes to the handler of VECBASE.
void xtensa_trap(struct xtensa *cpu, uint32_t cause, uint32_t address);

// A physical register by its number in the ring; the window's own are up to date.
uint32_t xtensa_ring_register(const struct xtensa *cpu, unsigned number);

// For memory_device.code_changed, and when a frame goes.
void xtensa_forget(struct xtensa *cpu, struct memory_frame *frame, uint32_t offset, uint32_t size);
void xtensa_forget_all(struct memory_frame *frame);

#endif
