// A program stopped after its first `a` bytes, in ascending order (NP-12 ordered).
#include <inttypes.h>

#include "fault_model.h"

static void visit_prefixes(const struct tear_choice *choice, const struct journal_operation *operation,
                           const struct flash *before, tear_visitor *visit, void *context) {
    (void)choice, (void)before;
    for (uint32_t n = 1; n < operation->length; n++)
        visit(context, &(struct tear){.kind = TEAR_PREFIX, .a = n});
}

static uint64_t count_prefixes(const struct tear_choice *choice, const struct journal_operation *operation,
                               const struct flash *before) {
    (void)choice, (void)before;
    return operation->length - 1;
}

static void apply_prefix(struct nv_state *state, const struct journal_operation *operation,
                         const struct tear *tear) {
    uint32_t done = tear->a < operation->length ? tear->a : operation->length;
    flash_program(&state->flash, operation->address, operation->data, done);
}

static void describe_prefix(const struct tear *tear, uint32_t length, struct buffer *out) {
    buffer_printf(out, "%" PRIu32 " of its %" PRIu32 " bytes had been written", tear->a, length);
}

const struct fault_model fault_prefix = {
    .name = "prefix",
    .by_default = true,
    .plural = "prefix",
    .meaning = "a program stopped after n bytes",
    .tried = "every n",
    .source = "A program fills its bytes in ascending order: the natural reading of a cut, and what most "
              "simulators stop at.",
    .scope = FAULT_CUTS,
    .operations = FAULT_OF_PROGRAMS,
    .finest = DETAIL_COARSE,
    .forms = {{.kind = TEAR_PREFIX,
               .name = "prefix",
               .has_a = true,
               .examples = {"prefix:12"},
               .apply = apply_prefix,
               .describe = describe_prefix}},
    .visit = visit_prefixes,
    .count = count_prefixes,
};
