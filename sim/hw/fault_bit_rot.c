// Flipped bits at rest, in either direction: `a` and (unless TEAR_NO_BIT) `b` of the flash, numbered
// address * 8 + bit. Which ones are tried is said by a scenario's `bit_rot`; sim/explore/bit_rot.c walks them.
#include <inttypes.h>

#include "fault_model.h"

static void apply_rot(struct nv_state *state, const struct journal_operation *operation,
                      const struct tear *tear) {
    (void)operation;
    const uint32_t bits[] = {tear->a, tear->b};
    for (size_t i = 0; i < 2; i++) {
        uint32_t address = bits[i] / 8;
        if (bits[i] == TEAR_NO_BIT || address >= state->flash.size)
            continue;
        uint8_t byte;
        flash_read(&state->flash, address, &byte, 1);
        byte ^= (uint8_t)(1u << (bits[i] % 8));
        flash_set(&state->flash, address, &byte, 1);
    }
}

static void describe_rot(const struct tear *tear, uint32_t length, struct buffer *out) {
    (void)length;
    buffer_printf(out, "bit %" PRIu32 " at 0x%08" PRIx32, tear->a % 8, tear->a / 8);
    if (tear->b != TEAR_NO_BIT)
        buffer_printf(out, " and bit %" PRIu32 " at 0x%08" PRIx32, tear->b % 8, tear->b / 8);
    buffer_text(out, " had flipped at rest");
}

const struct fault_model fault_bit_rot = {
    .name = "bit-rot",
    .needs = "bit_rot",
    .plural = "rotten bits",
    .meaning = "flipped bits at rest",
    .tried = "every single bit of the regions; every pair where `pairs: true`",
    .source = "No single source: charge leaks, and radiation flips bits. Its use is to see what a record's "
              "checks are worth.",
    .scope = FAULT_AT_REST,
    .finest = DETAIL_FULL,
    .forms = {{.kind = TEAR_BIT_ROT,
               .name = "rot",
               .has_a = true,
               .has_b = true,
               .pair = true,
               .examples = {"rot:426176"},
               .apply = apply_rot,
               .describe = describe_rot}},
};
