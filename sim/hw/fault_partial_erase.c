// The stages of an interrupted erase. It first programs all cells to 0, from the front (NP-3) or from the
// end (NP-4), then pulls them up, each at its own pace (NP-12); the last ones to come are weak (NP-10).
#include <inttypes.h>
#include <string.h>

#include "fault_model.h"

// ---- which: where the zeros end, what share of the cells is back --------------------------------

// Finely over the bytes that records use, in powers of two beyond.
#define FINE_STAGES 32u

static const uint8_t partial_shares[] = {16, 64, 128, 192, 240}; // of 256 cells back at 1
#define PARTIAL_SEEDS 2u
#define WEAK_SEEDS    2u

// Where the zeros end when a recovery is cut: at the boundaries of the fields of a record.
static const uint32_t coarse_stages[] = {1, 4, 24, 28, 32};

static void visit_coarse_stages(const struct tear_choice *choice, uint32_t length, tear_visitor *visit,
                                void *context) {
    for (size_t i = 0; i < sizeof coarse_stages / sizeof coarse_stages[0]; i++)
        visit(context, &(struct tear){.kind = TEAR_ERASE_ZERO_FRONT, .a = coarse_stages[i]});
    visit(context, &(struct tear){.kind = TEAR_ERASE_ZERO_FRONT, .a = length});
    for (size_t i = 0; i < sizeof coarse_stages / sizeof coarse_stages[0]; i++)
        visit(context, &(struct tear){.kind = TEAR_ERASE_ZERO_BACK, .a = length - coarse_stages[i]});
    visit(context, &(struct tear){.kind = TEAR_ERASE_PARTIAL, .a = 128, .seed = choice->seed});
}

static void visit_all_stages(const struct tear_choice *choice, uint32_t length, tear_visitor *visit,
                             void *context) {
    for (uint32_t n = 1; n <= length; n = n < FINE_STAGES ? n + 1 : n * 2)
        visit(context, &(struct tear){.kind = TEAR_ERASE_ZERO_FRONT, .a = n});
    for (uint32_t n = 1; n < FINE_STAGES; n++) // the zeros come from the end and have reached the first bytes
        visit(context, &(struct tear){.kind = TEAR_ERASE_ZERO_BACK, .a = length - n});
    for (uint32_t n = FINE_STAGES; n < length; n *= 2)
        visit(context, &(struct tear){.kind = TEAR_ERASE_ZERO_BACK, .a = length - n});
    for (uint32_t share = 0; share < sizeof partial_shares; share++)
        for (uint32_t seed = 0; seed < PARTIAL_SEEDS; seed++)
            visit(context, &(struct tear){.kind = TEAR_ERASE_PARTIAL,
                                          .a = partial_shares[share],
                                          .seed = choice->seed + seed});
    for (uint32_t seed = 0; seed < WEAK_SEEDS; seed++)
        visit(context, &(struct tear){.kind = TEAR_ERASE_WEAK, .seed = choice->seed + seed});
}

static void visit_stages(const struct tear_choice *choice, const struct journal_operation *operation,
                         const struct flash *before, tear_visitor *visit, void *context) {
    (void)before;
    (choice->detail == DETAIL_FULL ? visit_all_stages : visit_coarse_stages)(choice, operation->length, visit,
                                                                             context);
}

// ---- zeros from one end: the first or the last `a` bytes ----------------------------------------

static void zero(struct flash *flash, uint32_t address, uint32_t length) {
    static const uint8_t zeros[NOR_SECTOR_SIZE];
    while (length != 0) {
        uint32_t part = length < sizeof zeros ? length : (uint32_t)sizeof zeros;
        flash_set(flash, address, zeros, part);
        address += part;
        length -= part;
    }
}

static uint32_t zeros_of(const struct journal_operation *operation, const struct tear *tear) {
    return tear->a < operation->length ? tear->a : operation->length;
}

static void apply_zero_front(struct nv_state *state, const struct journal_operation *operation,
                             const struct tear *tear) {
    zero(&state->flash, operation->address, zeros_of(operation, tear));
}

static void apply_zero_back(struct nv_state *state, const struct journal_operation *operation,
                            const struct tear *tear) {
    uint32_t zeros = zeros_of(operation, tear);
    zero(&state->flash, operation->address + operation->length - zeros, zeros);
}

static void describe_zero_front(const struct tear *tear, uint32_t length, struct buffer *out) {
    (void)length;
    buffer_printf(out, "its first %" PRIu32 " bytes had been pre-programmed to 0", tear->a);
}

static void describe_zero_back(const struct tear *tear, uint32_t length, struct buffer *out) {
    (void)length;
    buffer_printf(out, "its last %" PRIu32 " bytes had been pre-programmed to 0", tear->a);
}

// ---- all zero, then `a` of 256 shares of the cells are back, which ones by `seed` ---------------

static void apply_partial(struct nv_state *state, const struct journal_operation *operation,
                          const struct tear *tear) {
    uint8_t bytes[NOR_SECTOR_SIZE];
    for (uint32_t done = 0; done < operation->length; done += NOR_SECTOR_SIZE) {
        for (uint32_t i = 0; i < NOR_SECTOR_SIZE; i++) {
            uint64_t random = mix64(tear->seed, operation->address + done + i);
            uint8_t value = 0;
            for (unsigned bit = 0; bit < 8; bit++)
                if ((uint8_t)(random >> (8 * bit)) < tear->a)
                    value |= (uint8_t)(1u << bit);
            bytes[i] = value;
        }
        flash_set(&state->flash, operation->address + done, bytes, NOR_SECTOR_SIZE);
    }
}

static void describe_partial(const struct tear *tear, uint32_t length, struct buffer *out) {
    (void)length;
    buffer_printf(out, "about %" PRIu32 " %% of its cells had come back to 1", tear->a * 100 / 256);
}

// ---- all back but weak: they may read 0 later, by `seed` ----------------------------------------

#define WEAK_ZERO_CHANCE 4u // of 256: a weak cell reads 0 now and then

static void apply_weak(struct nv_state *state, const struct journal_operation *operation,
                       const struct tear *tear) {
    nv_state_carry_out(state, operation);
    unstable_add_erased(&state->unstable, operation->address, operation->length, tear->seed,
                        WEAK_ZERO_CHANCE);
}

static void describe_weak(const struct tear *tear, uint32_t length, struct buffer *out) {
    (void)tear, (void)length;
    buffer_text(out, "its cells read 1, but weakly");
}

// ---- the row ------------------------------------------------------------------------------------

const struct fault_model fault_partial_erase = {
    .name = "partial-erase",
    .by_default = true,
    .plural = "erase stages",
    .meaning = "the stages of an interrupted erase",
    .tried = "see below",
    .source =
        "An erase first programs all cells to 0, then pulls them up (Infineon KBA223960; Numonyx J3: blocks "
        "are \"preconditioned\"). The zeros may start at the *end* of the block and leave a valid header "
        "above a zero tail (Linux commit 83c2099f). Field reports show such zeros on ESP32 boards "
        "(esp32.com topic 48048; ratgdo issue 354). Tried: zeros from the front and from the end, to every "
        "one of the first 32 bytes and then in powers of two; a sixteenth, a quarter, a half, three quarters "
        "and fifteen sixteenths of the cells back at 1 (two seeds each); all back but weak (two seeds): weak "
        "cells read 0 now and then.",
    .scope = FAULT_CUTS,
    .operations = FAULT_OF_ERASES,
    .finest = DETAIL_COARSE,
    .forms = {{.kind = TEAR_ERASE_ZERO_FRONT,
               .name = "zero-front",
               .has_a = true,
               .examples = {"zero-front:512"},
               .apply = apply_zero_front,
               .describe = describe_zero_front},
              {.kind = TEAR_ERASE_ZERO_BACK,
               .name = "zero-back",
               .has_a = true,
               .examples = {"zero-back:512"},
               .apply = apply_zero_back,
               .describe = describe_zero_back},
              {.kind = TEAR_ERASE_PARTIAL,
               .name = "partial",
               .has_a = true,
               .has_seed = true,
               .examples = {"partial:128,s7"},
               .apply = apply_partial,
               .describe = describe_partial},
              {.kind = TEAR_ERASE_WEAK,
               .name = "weak",
               .has_seed = true,
               .examples = {"weak:s7"},
               .apply = apply_weak,
               .describe = describe_weak}},
    .visit = visit_stages,
};
