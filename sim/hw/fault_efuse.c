// An eFuse burn got only some of its bits down: those in mask `a` (EF-14).
#include <inttypes.h>

#include "fault_model.h"

#define SUBSETS_MAX 8u // bits burned together up to which every subset is tried

static void visit_subsets(const struct tear_choice *choice, const struct journal_operation *operation,
                          const struct flash *before, tear_visitor *visit, void *context) {
    (void)choice, (void)before;
    uint32_t bits = operation->address, count = (uint32_t)__builtin_popcount(bits);
    if (count > SUBSETS_MAX) { // every single one missing, every single one there
        for (uint32_t rest = bits; rest != 0; rest &= rest - 1) {
            visit(context, &(struct tear){.kind = TEAR_EFUSE_BITS, .a = rest & -rest});
            visit(context, &(struct tear){.kind = TEAR_EFUSE_BITS, .a = bits & ~(rest & -rest)});
        }
        return;
    }
    for (uint32_t subset = (bits - 1) & bits; subset != 0; subset = (subset - 1) & bits) // proper, not empty
        visit(context, &(struct tear){.kind = TEAR_EFUSE_BITS, .a = subset});
}

static void apply_subset(struct nv_state *state, const struct journal_operation *operation,
                         const struct tear *tear) {
    state->efuse[operation->entry->field] |= operation->address & tear->a;
}

static void describe_subset(const struct tear *tear, uint32_t length, struct buffer *out) {
    (void)length;
    buffer_printf(out, "only the bits 0x%" PRIx32 " were burned", tear->a);
}

const struct fault_model fault_efuse = {
    .name = "efuse",
    .by_default = true,
    .plural = "eFuse subsets",
    .meaning = "a burn that got only some of its bits down",
    .tried = "every proper subset of up to 8 bits; of more, each bit alone and each one missing",
    .source = "Bits of one burn transaction are taken as independent. This is an assumption; no document was "
              "found that says more.",
    .scope = FAULT_CUTS,
    .operations = FAULT_OF_EFUSE,
    .finest = DETAIL_COARSE,
    .forms = {{.kind = TEAR_EFUSE_BITS,
               .name = "efuse",
               .has_a = true,
               .examples = {"efuse:4"},
               .apply = apply_subset,
               .describe = describe_subset}},
    .visit = visit_subsets,
};
