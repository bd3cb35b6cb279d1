// The ways in which an interrupted operation can tear, by physical cause. Sources: docs/fault-models.md.
#ifndef SIM_EXPLORE_FAULT_MODEL_H
#define SIM_EXPLORE_FAULT_MODEL_H

#include <stdbool.h>
#include <stdint.h>

#include "../hw/board.h"

// Bits of a set.
enum fault_model {
    FAULT_CLEAN = 1u << 0,         // the cut falls between two operations
    FAULT_PREFIX = 1u << 1,        // a program stopped after n bytes
    FAULT_LATE_BITS = 1u << 2,     // one or two cells of a program have not flipped yet
    FAULT_PARTIAL_ERASE = 1u << 3, // the stages of an interrupted erase
    FAULT_UNSTABLE = 1u << 4,      // cells between the levels
    FAULT_BIT_ROT = 1u << 5,       // flipped bits at rest
    FAULT_NEIGHBOUR = 1u << 6,     // a bit elsewhere in the sector lost its charge
    FAULT_IO_ERROR = 1u << 7,      // a request reports an error
    FAULT_IO_DROPPED = 1u << 8,    // a request reports success and did nothing
    FAULT_EFUSE = 1u << 9          // an eFuse burn leaves a subset of its bits
};
#define FAULT_MODEL_COUNT 10u
#define FAULT_MODELS_ALL  ((1u << FAULT_MODEL_COUNT) - 1)
#define FAULT_MODELS_CUTTING                                                                                 \
    (FAULT_MODELS_ALL & ~(uint32_t)(FAULT_BIT_ROT | FAULT_IO_ERROR | FAULT_IO_DROPPED))
#define FAULT_MODELS_DEFAULT                                                                                 \
    (FAULT_CLEAN | FAULT_PREFIX | FAULT_LATE_BITS | FAULT_PARTIAL_ERASE | FAULT_EFUSE)

// "late-bits"; `index` counts from 0 to FAULT_MODEL_COUNT - 1 in the order above.
const char *fault_model_name(uint32_t index);
enum fault_model fault_model_of_tear(const struct tear *tear);
uint32_t fault_model_index(enum fault_model model);

// How finely tears are told apart. The finest ones are made only by the first cut: closing over them would
// multiply without end, and the report says so.
enum tear_detail {
    DETAIL_FULL,   // first cut: everything
    DETAIL_COARSE, // cuts in a recovery: no late bits, neighbours, unstable or weak cells; erases at the
                   // fields' boundaries
    DETAIL_CLEAN   // cuts in a recovery from a tear of two late bits: only between operations
};

// The detail of cuts in the recovery from a crash state that `tear` made.
enum tear_detail detail_after(const struct tear *tear, enum tear_detail now);

// Called for each tear of one operation, TEAR_CLEAN (right before it) first, then simple ones before fine
// ones.
typedef void tear_visitor(void *context, const struct tear *tear);

struct tear_choice {
    uint32_t models; // bits of enum fault_model
    enum tear_detail detail;
    uint32_t
        late_bit_samples; // for programs of more than 64 bytes that must change (none in ESP-IDF's driver)
    uint64_t seed;
};

// `before`: the flash as the operation finds it (tears that change nothing are left out).
void for_each_tear(const struct tear_choice *choice, const struct journal_operation *operation,
                   const struct flash *before, tear_visitor *visit, void *context);

// How many tears of each model for_each_tear would visit, added to counts[FAULT_MODEL_COUNT]: of one
// operation, and of all operations of an entry. Fast.
void count_tears(const struct tear_choice *choice, const struct journal_operation *operation,
                 const struct flash *before, uint64_t *counts);
void count_tears_of_entry(const struct tear_choice *choice, const struct journal *journal,
                          const struct journal_entry *entry, const struct flash *before, uint64_t *counts);

// The bytes that tears of an operation, or of all operations of an entry, can change: widens
// [*address, *address + *length).
void tear_reach(const struct tear_choice *choice, uint32_t *address, uint32_t *length);

#endif
