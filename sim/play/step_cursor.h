// The order in which a scenario's steps are executed.
#ifndef SIM_PLAY_STEP_CURSOR_H
#define SIM_PLAY_STEP_CURSOR_H

#include <stddef.h>
#include <stdint.h>

#include "../language/scenario.h"

// Walks the steps in the order in which they are executed; `repeat` is unrolled and never returned itself.
// Start with step_cursor_start(). A step's *position* numbers executed steps from 0 and is what the board's
// journal records.
struct step_cursor {
    uint32_t position; // of the step that step_next returned last
    uint32_t top;      // index of the top-level step that it belongs to
    uint32_t depth;
    struct step_frame {
        const struct step *steps;
        size_t count, next;
        uint32_t rounds_left;
    } frames[24]; // SCENARIO_DEPTH_MAX
};
struct step_cursor step_cursor_start(const struct scenario *scenario);
const struct step *step_next(struct step_cursor *cursor); // NULL: that was all

// The step at a position; NULL: there is none. `top` (may be NULL) gets the index of its top-level step.
const struct step *step_at(const struct scenario *scenario, uint32_t position, uint32_t *top);

#endif
