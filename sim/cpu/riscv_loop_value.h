// Values within a round of a loop, as far as they can be told for all rounds.
#ifndef SIM_CPU_RISCV_LOOP_VALUE_H
#define SIM_CPU_RISCV_LOOP_VALUE_H

#include "riscv_decode.h"

enum loop_value_kind {
    LOOP_UNKNOWN, // 0
    LOOP_FIXED,   // v in every round
    LOOP_AFFINE,  // v + round * step
    LOOP_MASKED,  // (v + round * step) & mask
    LOOP_XOR      // v, XORed with words of streams and with what cells held at the head
};

struct loop_value {
    enum loop_value_kind kind;
    uint32_t v, step, mask;
    uint32_t streams, cells; // LOOP_XOR: one bit each
};

static inline struct loop_value loop_value_fixed(uint32_t v) {
    return (struct loop_value){.kind = LOOP_FIXED, .v = v};
}

static inline struct loop_value loop_value_affine(uint32_t v, uint32_t step) {
    return (struct loop_value){.kind = LOOP_AFFINE, .v = v, .step = step};
}

static inline struct loop_value loop_value_stream(uint32_t number) {
    return (struct loop_value){.kind = LOOP_XOR, .streams = 1u << number};
}

static inline struct loop_value loop_value_cell(uint32_t number) {
    return (struct loop_value){.kind = LOOP_XOR, .cells = 1u << number};
}

struct loop_value loop_value_add(struct loop_value a, struct loop_value b);

// The result of an instruction that computes.
struct loop_value loop_value_of(const struct riscv_instruction *op, struct loop_value a, struct loop_value b);

// Whether loop_value_at can tell it, and what it is in a round.
bool loop_value_known(struct loop_value value);
uint32_t loop_value_at(struct loop_value value, uint32_t round);

// It is what this cell held, XORed with streams only.
bool loop_value_accumulates(struct loop_value value, uint32_t cell);
bool loop_value_of_streams(struct loop_value value);

#endif
