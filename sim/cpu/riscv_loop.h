// Long loops, done at once.
//
// A bootloader spends most of its time in loops that fold an image into a checksum, or copy it, word by word. When the
// processor has come to the head of such a loop often enough, what one round of it does is worked out from its instructions:
// registers that stay, registers that advance by a step, words that are read one after the other, words in memory that they
// are XORed into or stored to. Then many rounds are done natively, as long as every branch goes the way that it went. The
// outcome is the same to the bit, the count of instructions included; a loop that does anything else is executed as ever.
//
// Nothing here knows a particular program: any code that a compiler makes of such a loop is recognised by what it does.
#ifndef SIM_CPU_RISCV_LOOP_H
#define SIM_CPU_RISCV_LOOP_H

#include "riscv_decode.h"

#define RISCV_LOOP_HEAT  32u // arrivals at a head before it is looked into
#define RISCV_LOOP_PATH  96u // instructions in two rounds
#define RISCV_LOOP_CELLS 6u  // words in memory whose address stays
#define RISCV_LOOPS_KEPT 8u

enum loop_register { LOOP_STAYS, LOOP_STEPS, LOOP_TEMPORARY };

struct riscv_loop {
    uint32_t head; // address; 0: unused
    uint32_t length;
    struct {
        struct riscv_instruction op;
        bool taken; // of a branch
    } path
        [RISCV_LOOP_PATH]; // two rounds, because compilers and programs treat odd and even words differently
    enum loop_register registers[32];
    uint32_t steps[32];
    uint32_t written[RISCV_LOOP_CELLS]; // addresses of words that the path writes again and again
    uint32_t written_count;
    uint32_t failures;
};

struct riscv_loops {
    struct riscv_loop kept[RISCV_LOOPS_KEPT];
    uint32_t next; // to be replaced
    uint64_t rounds_done;
};

// The processor stands at the head of a loop: does as many rounds as it can. Returns the arrivals after which it is worth
// trying again.
uint32_t riscv_loop_run(struct riscv *cpu);

#endif
