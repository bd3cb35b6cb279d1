// A RISC-V processor: RV32IMAC, machine mode, one hart, as the small ESP32 chips have it (HW-1 to HW-4). C3
// and C2 lack the A extension; code for them has none of its instructions.
//
// Instructions are decoded once, when they are first executed, and kept beside the bytes they were decoded
// from.
#ifndef SIM_CPU_RISCV_H
#define SIM_CPU_RISCV_H

#include <stdbool.h>
#include <stdint.h>

#include "memory.h"

#define RISCV_CSRS 4096u

enum riscv_register { RISCV_RA = 1, RISCV_SP = 2, RISCV_A0 = 10 };

enum riscv_stop {
    RISCV_BUDGET,       // so many instructions were executed as were asked for
    RISCV_ELSEWHERE,    // pc is not in the program's own code: a ROM function, another program, or nothing
    RISCV_ILLEGAL,      // pc is at an instruction that this processor does not have
    RISCV_ACCESS_FAULT, // nothing answers at fault_address
    RISCV_ECALL,        // pc is at it
    RISCV_EBREAK,
    RISCV_SELF_JUMP, // pc is at a jump to itself: nothing will ever change
    RISCV_REQUEST    // somebody set stop_requested during an access
};

struct riscv_loops;

struct riscv {
    uint32_t x[33]; // [32] takes what is written to x0
    uint32_t pc;
    uint64_t instructions;    // executed since riscv_reset
    uint64_t cycles_added;    // time that passed without instructions being executed, in cycles
    uint32_t csr[RISCV_CSRS]; // as stored; no rights are checked (HW-2)
    bool reservation;         // lr.w .. sc.w
    uint32_t reserved_address;
    uint32_t fault_address; // RISCV_ACCESS_FAULT
    bool fault_is_store;
    bool stop_requested;
    struct memory *memory; // borrowed
    // owned; what is known of long loops. NULL: every instruction is executed one by one
    struct riscv_loops *loops;
};

// `cpu` is zeroed, or was reset before.
void riscv_reset(struct riscv *cpu, struct memory *memory, uint32_t pc);
void riscv_free(struct riscv *cpu);

// Long loops are recognised and done at once (riscv_loop.h), or not (the default). The outcome is the same.
void riscv_know_loops(struct riscv *cpu, bool know);
uint64_t riscv_rounds_done(const struct riscv *cpu); // so, since riscv_reset

// Runs at most about `budget` instructions. What stopped it is not undone and pc stands at it.
enum riscv_stop riscv_run(struct riscv *cpu, uint64_t budget);

// One instruction: RISCV_BUDGET when it was executed.
enum riscv_stop riscv_step(struct riscv *cpu);

// Takes an exception: mepc, mcause, mtval are set, pc goes to the handler.
void riscv_trap(struct riscv *cpu, uint32_t cause, uint32_t value);

// For memory_device.code_changed, and when a frame goes.
void riscv_forget(struct riscv *cpu, struct memory_frame *frame, uint32_t offset, uint32_t size);
void riscv_forget_all(struct memory_frame *frame);

#endif
