#include "step_cursor.h"

struct step_cursor step_cursor_start(const struct scenario *scenario) {
    return (struct step_cursor){
        .position = UINT32_MAX, // so that the first step gets 0
        .depth = 1,
        .frames = {{.steps = scenario->steps, .count = scenario->step_count, .rounds_left = 1}},
    };
}

// Past the end of a frame: the next round of it, or back to the frame that holds it.
static void wind(struct step_cursor *cursor) {
    while (cursor->depth > 0) {
        struct step_frame *frame = &cursor->frames[cursor->depth - 1];
        if (frame->next < frame->count)
            return;
        if (frame->count > 0 && --frame->rounds_left > 0)
            frame->next = 0;
        else
            cursor->depth--;
    }
}

const struct step *step_next(struct step_cursor *cursor) {
    for (;;) {
        wind(cursor);
        if (cursor->depth == 0)
            return NULL;
        struct step_frame *frame = &cursor->frames[cursor->depth - 1];
        if (cursor->depth == 1)
            cursor->top = (uint32_t)frame->next;
        const struct step *step = &frame->steps[frame->next++];
        if (step->kind != STEP_REPEAT) {
            cursor->position++;
            return step;
        }
        bool deeper = cursor->depth < sizeof cursor->frames / sizeof cursor->frames[0];
        if (deeper && step->as.repeat.count > 0 && step->as.repeat.step_count > 0)
            cursor->frames[cursor->depth++] = (struct step_frame){.steps = step->as.repeat.steps,
                                                                  .count = step->as.repeat.step_count,
                                                                  .rounds_left = step->as.repeat.count};
    }
}

const struct step *step_at(const struct scenario *scenario, uint32_t position, uint32_t *top) {
    struct step_cursor cursor = step_cursor_start(scenario);
    const struct step *step;
    while ((step = step_next(&cursor)) != NULL) {
        if (cursor.position == position) {
            if (top)
                *top = cursor.top;
            return step;
        }
    }
    return NULL;
}
