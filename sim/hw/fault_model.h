// Fault models: the ways in which an operation of flash or eFuse goes wrong, by physical cause. A row of the
// table each, defined in the file of its cause (fault_*.c), which says what such a fault leaves behind, which
// ones an operation can suffer, and how people are told. Docs, schema, completions and reports take all words
// from here.
#ifndef SIM_HW_FAULT_MODEL_H
#define SIM_HW_FAULT_MODEL_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "../base/buffer.h"
#include "board.h"
#include "fault_list.h"
#include "journal.h"
#include "tear.h"

#define NO_TEAR(NAME, symbol)

// Places in the table.
enum fault_model_index {
#define MODEL_INDEX(NAME, symbol) FAULT_INDEX_##NAME,
    FAULT_MODELS(MODEL_INDEX, NO_TEAR)
#undef MODEL_INDEX
        FAULT_MODEL_COUNT
};

// Bits of a set: FAULT_CLEAN, FAULT_PREFIX, ...
enum fault_model_bit {
#define MODEL_BIT(NAME, symbol) FAULT_##NAME = 1u << FAULT_INDEX_##NAME,
    FAULT_MODELS(MODEL_BIT, NO_TEAR)
#undef MODEL_BIT
};

#define FAULT_MODELS_ALL ((1u << FAULT_MODEL_COUNT) - 1)
uint32_t fault_models_default(void);
uint32_t fault_models_cutting(void); // those in which the power goes inside or beside an operation

// ---- how finely ---------------------------------------------------------------------------------

// How finely tears are told apart. The finest ones are made only by the first cut: closing over them would
// multiply without end, and the report says so.
enum tear_detail {
    DETAIL_FULL,   // first cut: everything
    DETAIL_COARSE, // cuts in a recovery: no late bits, neighbours, unstable or weak cells; erases at the
                   // fields' boundaries
    DETAIL_CLEAN   // cuts in a recovery from a tear of two bits: only between operations
};

struct tear_choice {
    uint32_t models; // bits
    enum tear_detail detail;
    // Pairs of late bits that are tried of programs that change more than 64 bytes at once (ESP-IDF's driver
    // makes none).
    uint32_t late_bit_samples;
    uint64_t seed;
};

// Called for each tear of one operation, TEAR_CLEAN (right before it) first, then simple ones before fine
// ones.
typedef void tear_visitor(void *context, const struct tear *tear);

// ---- a row --------------------------------------------------------------------------------------

enum fault_scope {
    FAULT_CUTS,    // the power goes at an operation
    FAULT_AT_REST, // no operation is under way
    FAULT_RESETS,  // a reset at an operation, and the power stays
    FAULT_MISFIRES // the power stays: the operation does nothing, and the firmware goes on
};

#define FAULT_OF_PROGRAMS (1u << JOURNAL_PROGRAM)
#define FAULT_OF_ERASES   (1u << JOURNAL_ERASE)
#define FAULT_OF_EFUSE    (1u << JOURNAL_EFUSE)
#define FAULT_OF_ANY      (FAULT_OF_PROGRAMS | FAULT_OF_ERASES | FAULT_OF_EFUSE)

// One kind of tear that a model makes.
struct tear_form {
    enum tear_kind kind;
    const char *name; // in addresses: "late"
    // What stands behind it: numbers `a` and `b`, and "s" with the seed. `pair`: `b` is a second bit beside
    // `a`, and may be left out (TEAR_NO_BIT).
    bool has_a, has_b, has_seed, pair;
    const char *examples[3]; // as people write it; ends with NULL
    // What it leaves behind. NULL: nothing of the operation happened.
    void (*apply)(struct nv_state *state, const struct journal_operation *operation, const struct tear *tear);
    // Says it of an operation of `length` bytes: "12 of its 32 bytes had been written".
    void (*describe)(const struct tear *tear, uint32_t length, struct buffer *out);
};

#define TEAR_FORMS_MAX 4u

struct fault_model {
    const char *name;    // "late-bits"
    bool by_default;     // explored when a scenario names no models
    const char *needs;   // the key of `explore` without which it has nothing to do: "bit_rot"; else NULL
    const char *plural;  // in a sentence: "late bits"
    const char *meaning; // in a table: what it stands for
    const char *tried;   // in a table: what is tried
    const char *source;  // a paragraph: where it comes from. Markdown.
    enum fault_scope scope;
    enum journal_result result; // FAULT_MISFIRES: what becomes of the operation
    uint32_t operations;        // FAULT_OF_...: that it can strike
    enum tear_detail finest;    // the last of these at which it is made
    struct tear_form forms[TEAR_FORMS_MAX];
    // Visits the tears of an operation. `before`: the flash as the operation finds it. NULL: no cut makes it.
    void (*visit)(const struct tear_choice *choice, const struct journal_operation *operation,
                  const struct flash *before, tear_visitor *visit, void *context);
    // How many `visit` would visit, faster than by visiting them; NULL: they are visited.
    uint64_t (*count)(const struct tear_choice *choice, const struct journal_operation *operation,
                      const struct flash *before);
    // Widens [*address, *address + *length) to the bytes that tears of an operation there can change. NULL:
    // only its own.
    void (*reach)(uint32_t *address, uint32_t *length);
};

#define MODEL_ROW(NAME, symbol) extern const struct fault_model fault_##symbol;
FAULT_MODELS(MODEL_ROW, NO_TEAR)
#undef MODEL_ROW
#undef NO_TEAR

// What the start after a cut is taken for: PORT_RESET_POWER_ON but for resets.
enum port_reset_reason fault_reset_reason(const struct tear *tear);

// ---- the table ----------------------------------------------------------------------------------

const struct fault_model *fault_model(uint32_t index); // below FAULT_MODEL_COUNT
const struct fault_model *fault_model_of_tear(const struct tear *tear);
uint32_t fault_model_index(const struct tear *tear); // of the model that makes it
const struct tear_form *tear_form(enum tear_kind kind);

// The names that people give: each model's, "default" and "all".
struct fault_word {
    const char *name;
    uint32_t models;
};
#define FAULT_WORDS (FAULT_MODEL_COUNT + 2u)
struct fault_word fault_word(uint32_t index); // below FAULT_WORDS

// The ways to tear that a cut can be given ("clean, prefix:12, late:3 ... or efuse:4"), for help texts.
void tear_examples(struct buffer *out);

// ---- tears of operations ------------------------------------------------------------------------

// What a tear leaves of one operation (which models that strike at rest do not look at). Kinds that cannot
// strike such an operation leave it undone.
void nv_state_apply_torn(struct nv_state *state, const struct journal_operation *operation,
                         const struct tear *tear);

// The detail of cuts in the recovery from a crash state that `tear` made.
enum tear_detail detail_after(const struct tear *tear, enum tear_detail now);

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
