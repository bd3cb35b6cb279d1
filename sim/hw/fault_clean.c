// The cut falls between two operations: nothing of the next one has happened.
#include "fault_model.h"

static void visit_clean(const struct tear_choice *choice, const struct journal_operation *operation,
                        const struct flash *before, tear_visitor *visit, void *context) {
    (void)choice, (void)operation, (void)before;
    visit(context, &(struct tear){.kind = TEAR_CLEAN});
}

static void describe_clean(const struct tear *tear, uint32_t length, struct buffer *out) {
    (void)tear, (void)length;
    buffer_text(out, "right before it");
}

const struct fault_model fault_clean = {
    .name = "clean",
    .by_default = true,
    .plural = "clean",
    .meaning = "the cut falls between two operations",
    .tried = "every boundary",
    .source = "The driver issues operations one after another, and between two of them nothing is under way.",
    .scope = FAULT_CUTS,
    .operations = FAULT_OF_ANY,
    .finest = DETAIL_CLEAN,
    .forms = {{.kind = TEAR_CLEAN, .name = "clean", .examples = {"clean"}, .describe = describe_clean}},
    .visit = visit_clean,
};
