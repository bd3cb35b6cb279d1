// The operation is done, and a bit elsewhere in the sector lost its charge: bit `a` of sector offset `b`
// (NP-13).
#include <inttypes.h>

#include "fault_model.h"

#define NEIGHBOURS 8u

static void visit_neighbours(const struct tear_choice *choice, const struct journal_operation *operation,
                             const struct flash *before, tear_visitor *visit, void *context) {
    (void)before;
    for (uint32_t i = 0; i < NEIGHBOURS; i++) {
        uint64_t random = mix64(choice->seed ^ 0x4E45, operation->number * NEIGHBOURS + i);
        visit(context, &(struct tear){.kind = TEAR_NEIGHBOUR,
                                      .a = (uint32_t)(random % 8),
                                      // every other one where the records stand
                                      .b = (uint32_t)(random >> 32) % (i % 2 == 0 ? 32u : NOR_SECTOR_SIZE)});
    }
}

static uint64_t count_neighbours(const struct tear_choice *choice, const struct journal_operation *operation,
                                 const struct flash *before) {
    (void)choice, (void)operation, (void)before;
    return NEIGHBOURS;
}

static void reach_sectors(uint32_t *address, uint32_t *length) {
    uint32_t end = *address + *length;
    *address &= ~(NOR_SECTOR_SIZE - 1);
    *length = ((end + NOR_SECTOR_SIZE - 1) & ~(NOR_SECTOR_SIZE - 1)) - *address;
}

static void apply_neighbour(struct nv_state *state, const struct journal_operation *operation,
                            const struct tear *tear) {
    nv_state_carry_out(state, operation);
    uint32_t sector = operation->address & ~(NOR_SECTOR_SIZE - 1);
    uint8_t data = (uint8_t) ~(1u << (tear->a % 8));
    flash_program(&state->flash, sector + tear->b % NOR_SECTOR_SIZE, &data, 1);
}

static void describe_neighbour(const struct tear *tear, uint32_t length, struct buffer *out) {
    (void)length;
    buffer_printf(out, "bit %" PRIu32 " of byte %" PRIu32 " in its sector lost its charge", tear->a, tear->b);
}

const struct fault_model fault_neighbour = {
    .name = "neighbour",
    .plural = "neighbours",
    .meaning = "a bit elsewhere in the sector lost its charge",
    .tried = "eight places an operation, half of them among the first 32 bytes",
    .source = "A cut in a page program can disturb the whole sector (Microchip FAQ 3411 for SST26VF016B).",
    .scope = FAULT_CUTS,
    .operations = FAULT_OF_PROGRAMS | FAULT_OF_ERASES,
    .finest = DETAIL_FULL,
    .forms = {{.kind = TEAR_NEIGHBOUR,
               .name = "neighbour",
               .has_a = true,
               .has_b = true,
               .examples = {"neighbour:3,100"},
               .apply = apply_neighbour,
               .describe = describe_neighbour}},
    .visit = visit_neighbours,
    .count = count_neighbours,
    .reach = reach_sectors,
};
