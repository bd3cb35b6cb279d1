#include "fault_model.h"

#include <assert.h>

// ---- the table ----------------------------------------------------------------------------------

#define NO_MODEL(NAME, symbol)
#define NO_TEAR(NAME, symbol)

static const struct fault_model *const models[] = {
#define MODEL_ROW(NAME, symbol) [FAULT_INDEX_##NAME] = &fault_##symbol,
    FAULT_MODELS(MODEL_ROW, NO_TEAR)
#undef MODEL_ROW
};

// By kind of tear: the model that makes it.
static const struct fault_model *const makers[] = {
#define TEAR_ROW(NAME, symbol) [TEAR_##NAME] = &fault_##symbol,
    FAULT_MODELS(NO_MODEL, TEAR_ROW)
#undef TEAR_ROW
};

const struct fault_model *fault_model(uint32_t index) {
    assert(index < FAULT_MODEL_COUNT);
    return models[index];
}

const struct fault_model *fault_model_of_tear(const struct tear *tear) {
    assert((uint32_t)tear->kind < TEAR_KIND_COUNT);
    return makers[tear->kind];
}

uint32_t fault_model_index(const struct tear *tear) {
    const struct fault_model *wanted = fault_model_of_tear(tear);
    uint32_t index = 0;
    while (models[index] != wanted)
        index++;
    return index;
}

const struct tear_form *tear_form(enum tear_kind kind) {
    const struct tear_form *form = makers[kind]->forms;
    while (form->kind != kind) {
        form++;
        assert(form < makers[kind]->forms + TEAR_FORMS_MAX);
    }
    return form;
}

static uint32_t models_that(bool (*fit)(const struct fault_model *model)) {
    uint32_t bits = 0;
    for (uint32_t i = 0; i < FAULT_MODEL_COUNT; i++)
        bits |= (uint32_t)fit(models[i]) << i;
    return bits;
}

static bool by_default(const struct fault_model *model) {
    return model->by_default;
}

static bool cutting(const struct fault_model *model) {
    return model->scope == FAULT_CUTS;
}

uint32_t fault_models_default(void) {
    return models_that(by_default);
}

uint32_t fault_models_cutting(void) {
    return models_that(cutting);
}

struct fault_word fault_word(uint32_t index) {
    if (index < FAULT_MODEL_COUNT)
        return (struct fault_word){models[index]->name, 1u << index};
    return index == FAULT_MODEL_COUNT ? (struct fault_word){"default", fault_models_default()}
                                      : (struct fault_word){"all", FAULT_MODELS_ALL};
}

void tear_examples(struct buffer *out) {
    const char *previous = NULL;
    for (uint32_t i = 0; i < FAULT_MODEL_COUNT; i++)
        for (uint32_t f = 0; models[i]->scope == FAULT_CUTS && f < TEAR_FORMS_MAX; f++)
            for (const char *const *example = models[i]->forms[f].examples; *example != NULL; example++) {
                if (previous != NULL)
                    buffer_printf(out, "%s%s", out->length == 0 ? "" : ", ", previous);
                previous = *example;
            }
    buffer_printf(out, " or %s", previous);
}

// ---- what a tear leaves -------------------------------------------------------------------------

void nv_state_apply_torn(struct nv_state *state, const struct journal_operation *operation,
                         const struct tear *tear) {
    const struct fault_model *model = fault_model_of_tear(tear);
    const struct tear_form *form = tear_form(tear->kind);
    if (form->apply == NULL)
        return;
    if (model->scope == FAULT_AT_REST || (model->operations >> operation->kind & 1) != 0)
        form->apply(state, operation, tear);
}

enum tear_detail detail_after(const struct tear *tear, enum tear_detail now) {
    bool pair = tear_form(tear->kind)->pair && tear->b != TEAR_NO_BIT;
    return pair || now == DETAIL_CLEAN ? DETAIL_CLEAN : DETAIL_COARSE;
}

// ---- the tears of an operation ------------------------------------------------------------------

// A cut right before an operation is always tried: whatever tears can also not happen at all.
static bool wants(const struct tear_choice *choice, uint32_t index) {
    return ((choice->models | FAULT_CLEAN) >> index & 1) != 0 && choice->detail <= models[index]->finest;
}

static bool makes_tears(const struct tear_choice *choice, uint32_t index, enum journal_kind kind) {
    return models[index]->visit != NULL && (models[index]->operations >> kind & 1) != 0 &&
           wants(choice, index);
}

void for_each_tear(const struct tear_choice *choice, const struct journal_operation *operation,
                   const struct flash *before, tear_visitor *visit, void *context) {
    for (uint32_t i = 0; i < FAULT_MODEL_COUNT; i++)
        if (makes_tears(choice, i, operation->kind))
            models[i]->visit(choice, operation, before, visit, context);
}

static void count_one(void *context, const struct tear *tear) {
    (void)tear;
    ++*(uint64_t *)context;
}

void count_tears(const struct tear_choice *choice, const struct journal_operation *operation,
                 const struct flash *before, uint64_t *counts) {
    for (uint32_t i = 0; i < FAULT_MODEL_COUNT; i++) {
        if (!makes_tears(choice, i, operation->kind))
            continue;
        if (models[i]->count != NULL)
            counts[i] += models[i]->count(choice, operation, before);
        else
            models[i]->visit(choice, operation, before, count_one, &counts[i]);
    }
}

// Operations come by the thousand: nothing is asked of them but what models look at.
void count_tears_of_entry(const struct tear_choice *choice, const struct journal *journal,
                          const struct journal_entry *entry, const struct flash *before, uint64_t *counts) {
    struct journal_operation operation = {
        .kind = entry->kind, .number = entry->first_operation, .entry = entry};
    if (entry->kind == JOURNAL_EFUSE) {
        operation.address = entry->address;
        operation.length = entry->length;
        count_tears(choice, &operation, before, counts);
        return;
    }
    for (uint32_t within = 0; within < entry->length; within += operation.length, operation.number++) {
        operation.address = entry->address + within;
        operation.length = journal_operation_length(entry->kind, entry->address, entry->length, within);
        if (entry->kind == JOURNAL_PROGRAM)
            operation.data = journal->data.bytes + entry->data + within;
        count_tears(choice, &operation, before, counts);
    }
}

void tear_reach(const struct tear_choice *choice, uint32_t *address, uint32_t *length) {
    for (uint32_t i = 0; i < FAULT_MODEL_COUNT; i++)
        if (models[i]->reach != NULL && wants(choice, i))
            models[i]->reach(address, length);
}
