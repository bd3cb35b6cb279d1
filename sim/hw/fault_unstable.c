// Cells between the levels: those of the operation's range differ from read to read, by `seed` (NP-11).
#include "fault_model.h"

#define SEEDS       4u
#define ZERO_CHANCE 128u // of 256

static void visit_seeds(const struct tear_choice *choice, const struct journal_operation *operation,
                        const struct flash *before, tear_visitor *visit, void *context) {
    (void)operation, (void)before;
    for (uint32_t seed = 0; seed < SEEDS; seed++)
        visit(context, &(struct tear){.kind = TEAR_UNSTABLE, .seed = choice->seed + seed});
}

static uint64_t count_seeds(const struct tear_choice *choice, const struct journal_operation *operation,
                            const struct flash *before) {
    (void)choice, (void)operation, (void)before;
    return SEEDS;
}

// Cells that the program was driving to 0 stay between the levels.
static void apply_to_program(struct nv_state *state, const struct journal_operation *operation,
                             uint64_t seed) {
    struct unstable_region region = {.address = operation->address,
                                     .length = operation->length,
                                     .seed = seed,
                                     .zero_chance = ZERO_CHANCE,
                                     .mask_length = (uint8_t)operation->length};
    flash_read(&state->flash, operation->address, region.mask, operation->length);
    for (uint32_t i = 0; i < operation->length; i++)
        region.mask[i] &= (uint8_t)~operation->data[i];
    unstable_add(&state->unstable, &region);
}

static void apply_unstable(struct nv_state *state, const struct journal_operation *operation,
                           const struct tear *tear) {
    if (operation->kind == JOURNAL_PROGRAM) {
        apply_to_program(state, operation, tear->seed);
        return;
    }
    nv_state_carry_out(state, operation);
    unstable_add_erased(&state->unstable, operation->address, operation->length, tear->seed, ZERO_CHANCE);
}

static void describe_unstable(const struct tear *tear, uint32_t length, struct buffer *out) {
    (void)tear, (void)length;
    buffer_text(out, "its cells stood between the levels");
}

const struct fault_model fault_unstable = {
    .name = "unstable",
    .plural = "unstable cells",
    .meaning = "cells between the levels, which read differently from one read to the next",
    .tried = "four seeds an operation",
    .source = "Poudel and others (IEEE Transactions on Computers 68(2), 2019) draw random numbers from "
              "interrupted NOR cells; Zephyr PR 103452 and littlefs issue 671 met records that read as "
              "programmed first and as erased later.",
    .scope = FAULT_CUTS,
    .operations = FAULT_OF_PROGRAMS | FAULT_OF_ERASES,
    .finest = DETAIL_FULL,
    .forms = {{.kind = TEAR_UNSTABLE,
               .name = "unstable",
               .has_seed = true,
               .examples = {"unstable:s7"},
               .apply = apply_unstable,
               .describe = describe_unstable}},
    .visit = visit_seeds,
    .count = count_seeds,
};
