#include "update_lookup.h"

#include "../language/call_row.h"
#include "../language/step_row.h"
#include "execution.h"
#include "step_cursor.h"

// Puts begin, writes and set_boot together as one update, call by call.
struct collected {
    struct update_step update;
    bool begun, written;
};

// True when `step` completes an update: then `*out` is it.
static bool collect(struct collected *collected, const struct step *step, struct update_step *out) {
    if (step->kind == STEP_UPDATE) {
        *out = step->as.update;
        return true;
    }
    if (step->kind != STEP_CALL)
        return false;
    const struct call_step *call = &step->as.call;
    switch (call_row(call->call)->part) {
    case OF_NO_UPDATE:
        break;
    case BEGINS_UPDATE:
        *collected = (struct collected){.begun = true};
        collected->update =
            (struct update_step){.partition = call->partition, .chunk = 4096, .size = call->size};
        break;
    case WRITES_UPDATE:
        collected->update.image = call->image;
        collected->written = true;
        break;
    case SELECTS_UPDATE:
        *out = collected->update;
        return collected->begun && collected->written;
    case ABORTS_UPDATE:
        *collected = (struct collected){0};
        break;
    }
    return false;
}

bool update_of_position(const struct scenario *scenario, uint32_t position, struct update_step *out) {
    struct step_cursor cursor = step_cursor_start(scenario);
    struct collected collected = {0};
    struct update_step update;
    bool found = false, inside = false;
    const struct step *step;
    while ((step = step_next(&cursor)) != NULL && (cursor.position <= position || inside)) {
        if (collect(&collected, step, &update)) {
            *out = update;
            found = true;
            inside = false;
            collected = (struct collected){0};
        } else if (cursor.position <= position) {
            inside = collected.begun; // the position lies within an update made of calls: look on to its end
        }
    }
    return found;
}
