// A program is done but for one or two cells, which have not flipped yet (NP-12): the bits numbered `a` and
// (unless TEAR_NO_BIT) `b` of its data, least significant bit of byte 0 first.
#include <inttypes.h>
#include <string.h>

#include "fault_model.h"

#define EXHAUSTIVE 64u // bytes up to which every bit and every pair is tried

// ---- which -------------------------------------------------------------------------------------

// Numbers of the bits that the program drives from 1 to 0.
static uint32_t flipping_bits(const struct journal_operation *operation, const struct flash *before,
                              uint16_t bits[NOR_PAGE_SIZE * 8]) {
    uint8_t old[NOR_PAGE_SIZE];
    flash_read(before, operation->address, old, operation->length);
    uint32_t count = 0;
    for (uint32_t i = 0; i < operation->length; i++)
        for (uint32_t flips = old[i] & (uint8_t)~operation->data[i], bit = 0; flips != 0; flips >>= 1, bit++)
            if ((flips & 1) != 0)
                bits[count++] = (uint16_t)(i * 8 + bit);
    return count;
}

static uint64_t count_flipping_bits(const struct journal_operation *operation, const struct flash *before) {
    const uint8_t *old = flash_sector(before, operation->address) + operation->address % NOR_SECTOR_SIZE;
    uint64_t count = 0, a, b;
    uint32_t i = 0;
    for (; i + sizeof a <= operation->length; i += (uint32_t)sizeof a) {
        memcpy(&a, old + i, sizeof a);
        memcpy(&b, operation->data + i, sizeof b);
        count += (uint64_t)__builtin_popcountll(a & ~b);
    }
    for (; i < operation->length; i++)
        count += (uint64_t)__builtin_popcount((unsigned)(old[i] & (uint8_t)~operation->data[i]));
    return count;
}

static void visit_sampled_pairs(const struct tear_choice *choice, const struct journal_operation *operation,
                                const uint16_t *bits, uint32_t count, tear_visitor *visit, void *context) {
    for (uint32_t i = 0; i < choice->late_bit_samples && count >= 2; i++) {
        uint64_t random = mix64(choice->seed, operation->number * 0x10000 + i);
        uint32_t first = (uint32_t)(random % count), second = (uint32_t)((random >> 32) % (count - 1));
        second += second >= first;
        visit(context, &(struct tear){.kind = TEAR_LATE_BITS, .a = bits[first], .b = bits[second]});
    }
}

static void visit_late_bits(const struct tear_choice *choice, const struct journal_operation *operation,
                            const struct flash *before, tear_visitor *visit, void *context) {
    uint16_t bits[NOR_PAGE_SIZE * 8];
    uint32_t count = flipping_bits(operation, before, bits);
    for (uint32_t i = 0; i < count; i++)
        visit(context, &(struct tear){.kind = TEAR_LATE_BITS, .a = bits[i], .b = TEAR_NO_BIT});
    if (operation->length > EXHAUSTIVE) {
        visit_sampled_pairs(choice, operation, bits, count, visit, context);
        return;
    }
    for (uint32_t i = 0; i < count; i++)
        for (uint32_t k = i + 1; k < count; k++)
            visit(context, &(struct tear){.kind = TEAR_LATE_BITS, .a = bits[i], .b = bits[k]});
}

static uint64_t count_late_bits(const struct tear_choice *choice, const struct journal_operation *operation,
                                const struct flash *before) {
    uint64_t count = count_flipping_bits(operation, before);
    uint64_t pairs = count < 2 ? 0 : count * (count - 1) / 2;
    if (operation->length > EXHAUSTIVE)
        pairs = count >= 2 ? choice->late_bit_samples : 0;
    return count + pairs;
}

// ---- what it leaves, and how it is told ---------------------------------------------------------

static void apply_late_bits(struct nv_state *state, const struct journal_operation *operation,
                            const struct tear *tear) {
    uint8_t data[NOR_PAGE_SIZE];
    memcpy(data, operation->data, operation->length);
    const uint32_t bits[] = {tear->a, tear->b};
    for (size_t i = 0; i < 2; i++)
        if (bits[i] < operation->length * 8)
            data[bits[i] / 8] |= (uint8_t)(1u << (bits[i] % 8)); // not driven to 0 yet
    flash_program(&state->flash, operation->address, data, operation->length);
}

static void describe_late_bits(const struct tear *tear, uint32_t length, struct buffer *out) {
    (void)length;
    buffer_printf(out, "bit %" PRIu32 " of byte %" PRIu32, tear->a % 8, tear->a / 8);
    if (tear->b != TEAR_NO_BIT)
        buffer_printf(out, " and bit %" PRIu32 " of byte %" PRIu32, tear->b % 8, tear->b / 8);
    buffer_text(out, " had not flipped yet");
}

const struct fault_model fault_late_bits = {
    .name = "late-bits",
    .by_default = true,
    .plural = "late bits",
    .meaning = "cells of a program that have not flipped yet",
    .tried = "every cell and every pair of cells that the program drives to 0",
    .source =
        "Within a program, cells reach 0 in no particular order (linux-mtd discussion of July 2009; Infineon "
        "KBA218817: after an interrupted operation \"any stable or unstable data state is possible\", by its "
        "meaning if not its letter). A program in which all but one or two cells are down is the case that "
        "checks least expect: otadata's `state` is not covered by its CRC, so one late cell can turn NEW "
        "into VALID, or VALID into INVALID.",
    .scope = FAULT_CUTS,
    .operations = FAULT_OF_PROGRAMS,
    .finest = DETAIL_FULL,
    .forms = {{.kind = TEAR_LATE_BITS,
               .name = "late",
               .has_a = true,
               .has_b = true,
               .pair = true,
               .examples = {"late:3", "late:3,17"},
               .apply = apply_late_bits,
               .describe = describe_late_bits}},
    .visit = visit_late_bits,
    .count = count_late_bits,
};
