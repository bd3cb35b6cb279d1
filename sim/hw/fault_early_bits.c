// An erase has not got far, and one or two cells are back at 1 already (NP-12): the bits numbered `a` and
// (unless TEAR_NO_BIT) `b` from its start, least significant bit of byte 0 first.
#include <inttypes.h>

#include "fault_model.h"

// Of an erase, the bytes that a record takes: 32, as otadata's (OD-1). A sector has 32,768 cells; pairs of all
// of them are half a billion.
#define BYTES 32u

// ---- which -------------------------------------------------------------------------------------

static uint32_t bytes_of(const struct journal_operation *operation) {
    return operation->length < BYTES ? operation->length : BYTES;
}

// Numbers of the bits that are 0, and so can come back.
static uint32_t zero_bits(const struct journal_operation *operation, const struct flash *before,
                          uint16_t bits[BYTES * 8]) {
    uint8_t old[BYTES];
    flash_read(before, operation->address, old, bytes_of(operation));
    uint32_t count = 0;
    for (uint32_t bit = 0; bit < bytes_of(operation) * 8; bit++)
        if ((old[bit / 8] >> bit % 8 & 1) == 0)
            bits[count++] = (uint16_t)bit;
    return count;
}

static void visit_early_bits(const struct tear_choice *choice, const struct journal_operation *operation,
                             const struct flash *before, tear_visitor *visit, void *context) {
    uint16_t bits[BYTES * 8];
    uint32_t count = zero_bits(operation, before, bits);
    (void)choice;
    for (uint32_t i = 0; i < count; i++)
        visit(context, &(struct tear){.kind = TEAR_EARLY_BITS, .a = bits[i], .b = TEAR_NO_BIT});
    for (uint32_t i = 0; i < count; i++)
        for (uint32_t k = i + 1; k < count; k++)
            visit(context, &(struct tear){.kind = TEAR_EARLY_BITS, .a = bits[i], .b = bits[k]});
}

static uint64_t count_early_bits(const struct tear_choice *choice, const struct journal_operation *operation,
                                 const struct flash *before) {
    uint16_t bits[BYTES * 8];
    uint64_t count = zero_bits(operation, before, bits);
    (void)choice;
    return count + (count < 2 ? 0 : count * (count - 1) / 2);
}

// ---- what it leaves, and how it is told ---------------------------------------------------------

static void apply_early_bits(struct nv_state *state, const struct journal_operation *operation,
                             const struct tear *tear) {
    const uint32_t bits[] = {tear->a, tear->b};
    for (size_t i = 0; i < 2; i++) {
        uint8_t byte;
        if (bits[i] / 8 >= operation->length)
            continue;
        flash_read(&state->flash, operation->address + bits[i] / 8, &byte, 1);
        byte |= (uint8_t)(1u << bits[i] % 8);
        flash_set(&state->flash, operation->address + bits[i] / 8, &byte, 1);
    }
}

static void describe_early_bits(const struct tear *tear, uint32_t length, struct buffer *out) {
    (void)length;
    buffer_printf(out, "bit %" PRIu32 " of byte %" PRIu32, tear->a % 8, tear->a / 8);
    if (tear->b != TEAR_NO_BIT)
        buffer_printf(out, " and bit %" PRIu32 " of byte %" PRIu32, tear->b % 8, tear->b / 8);
    buffer_printf(out, " %s back at 1 already", tear->b == TEAR_NO_BIT ? "was" : "were");
}

const struct fault_model fault_early_bits = {
    .name = "early-bits",
    .by_default = true,
    .plural = "early bits",
    .meaning = "cells of an erase that are back at 1 already",
    .tried = "every cell and every pair of cells at 0 in its first 32 bytes",
    .source =
        "Within an erase, cells rise in no particular order (linux-mtd discussion of July 2009; Infineon "
        "KBA218817), and not every chip programs them to 0 first. An erase that has hardly begun leaves a "
        "record of which one or two cells are back at 1 while the rest still stands: a record that was "
        "rejected counts as good again when they are in its state.",
    .scope = FAULT_CUTS,
    .operations = FAULT_OF_ERASES,
    .finest = DETAIL_FULL,
    .forms = {{.kind = TEAR_EARLY_BITS,
               .name = "early",
               .has_a = true,
               .has_b = true,
               .pair = true,
               .examples = {"early:194", "early:192,194"},
               .apply = apply_early_bits,
               .describe = describe_early_bits}},
    .visit = visit_early_bits,
    .count = count_early_bits,
};
