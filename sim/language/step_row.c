#include "step_row.h"
#include "call_row.h"

#include <assert.h>
#include <string.h>

static const struct step_row *const rows[] = {
#define STEP_ROW(NAME, symbol) [STEP_##NAME] = &step_##symbol,
    STEPS(STEP_ROW)
#undef STEP_ROW
};
#define ROW_COUNT (sizeof rows / sizeof *rows)

const struct step_row *step_row(enum step_kind kind) {
    assert((size_t)kind < ROW_COUNT);
    return rows[kind];
}

const struct step_row *step_row_find(const char *verb) {
    for (size_t i = 0; i < ROW_COUNT; i++)
        if (rows[i]->read != NULL && strcmp(rows[i]->verb, verb) == 0)
            return rows[i];
    return NULL;
}

// ---- of a step ----------------------------------------------------------------------------------

bool step_returns_code(const struct step *step) {
    if (step->kind != STEP_CALL)
        return step_row(step->kind)->returns_code;
    return call_returns_code(call_row(step->as.call.call));
}

bool step_resets(const struct step *step) {
    return step->kind == STEP_CALL ? call_row(step->as.call.call)->resets : step_row(step->kind)->resets;
}

const char *step_word(const struct step *step) {
    return step->kind == STEP_CALL ? call_row(step->as.call.call)->word : step_row(step->kind)->verb;
}
