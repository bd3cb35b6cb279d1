// What each kind of step does on a board: one function a step, in the files play_*.c. Private to this folder.
#ifndef SIM_PLAY_PLAY_H
#define SIM_PLAY_PLAY_H

#include "execution.h"

// Carries a step out. Where the step's row says that an app is needed, one runs.
typedef void play_step(struct execution *execution, const struct step *step, struct step_outcome *out);

#define PLAY_STEP(NAME, symbol) play_step play_##symbol;
STEPS(PLAY_STEP)
#undef PLAY_STEP

// ---- what they have in common (execution.c) -----------------------------------------------------

// Boots until rest, through planned power cuts as well: the power comes back after each.
void play_boot_to_rest(struct execution *execution, enum port_reset_reason reason, struct step_outcome *out);

// A program of the step has ended: unless it returned, the chip starts again.
void play_after_program(struct execution *execution, enum board_end end, struct step_outcome *out);

// The same with the reset that follows, where the program's end does not tell it.
void play_after_reset(struct execution *execution, enum board_end end, enum port_reset_reason reason,
                      struct step_outcome *out);

// The scenario asks for what cannot be done.
__attribute__((format(printf, 2, 3))) void play_impossible(struct step_outcome *out, const char *format, ...);

#endif
