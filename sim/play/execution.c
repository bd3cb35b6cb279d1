#include "execution.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "../language/step_row.h"
#include "heard.h"
#include "narration.h"
#include "play.h"
#include "rehearsal.h"

void execution_init(struct execution *execution, const struct scenario *scenario, struct board *board) {
    memset(execution, 0, offsetof(struct execution, boot));
    recovery_clear(&execution->boot);
    execution->scenario = scenario;
    execution->board = board;
    execution->boots_max =
        scenario->explore.boots_max ? scenario->explore.boots_max : RECOVERY_BOOTS_MAX_DEFAULT;
}

void execution_reset(struct execution *execution) {
    execution->app_runs = false;
    execution->guest = NULL;
    execution->handle_count = 0;
    execution->https_handle = NULL;
}

void play_impossible(struct step_outcome *out, const char *format, ...) {
    va_list arguments;
    va_start(arguments, format);
    vsnprintf(out->problem, sizeof out->problem, format, arguments);
    va_end(arguments);
    out->end = STEP_IMPOSSIBLE;
}

// ---- boots that follow --------------------------------------------------------------------------

// Boots until rest, through planned power cuts as well: the power comes back after each.
void play_boot_to_rest(struct execution *execution, enum port_reset_reason reason, struct step_outcome *out) {
    struct recovery boot;
    recover(execution, reason, &boot);
    while (boot.end == RECOVERY_POWER_LOST) {
        out->end = STEP_POWER_CUT;
        out->cut_fired = true;
        recover(execution, PORT_RESET_POWER_ON, &boot);
    }
    out->booted = true;
}

void play_after_program(struct execution *execution, enum board_end end, struct step_outcome *out) {
    play_after_reset(execution, end, board_reset_reason_after(end), out);
}

void play_after_reset(struct execution *execution, enum board_end end, enum port_reset_reason reason,
                      struct step_outcome *out) {
    out->program_end = end;
    if (end == BOARD_RETURNED)
        return;
    if (end == BOARD_POWER_LOST) {
        out->end = STEP_POWER_CUT;
        out->cut_fired = true;
    }
    narrate(execution->narrator, 1, "%s", out->program_why);
    play_boot_to_rest(execution, reason, out);
}

// ---- a step -------------------------------------------------------------------------------------

// By kind; a step without one does not link.
static play_step *const plays[] = {
#define PLAY_STEP(NAME, symbol) [STEP_##NAME] = play_##symbol,
    STEPS(PLAY_STEP)
#undef PLAY_STEP
};

// The first step that needs an app switches the board on.
static void run_step(struct execution *execution, const struct step *step, struct step_outcome *out) {
    bool needs_app = step_row(step->kind)->needs_app;
    if (needs_app && !execution->powered)
        play_boot_to_rest(execution, PORT_RESET_POWER_ON, out);
    if (out->end == STEP_POWER_CUT)
        return;
    if (needs_app && !execution->app_runs) {
        play_impossible(out, "no app runs: the last boot ended with %s",
                        recovery_end_name(execution->boot.end));
        out->end = STEP_NO_APP;
        return;
    }
    plays[step->kind](execution, step, out);
}

// The power goes, or a reset comes, after the step's last operation: what a cut at 100 % means.
static void cut_at_end(struct execution *execution, enum board_end how, struct step_outcome *out) {
    narrate(execution->narrator, 1, "%s at the end of the step",
            how == BOARD_POWER_LOST ? "the power goes" : "a reset comes");
    out->end = STEP_POWER_CUT;
    out->cut_fired = true;
    play_boot_to_rest(execution, board_reset_reason_after(how), out);
}

static void run_with_cut(struct execution *execution, const struct step *step, struct step_outcome *out) {
    bool half_way =
        execution->planned_cut->place == CUT_AT_BYTE || execution->planned_cut->place == CUT_AT_SHARE;
    if (half_way && board_is_online(execution->board)) {
        play_impossible(
            out, "a cut by bytes or per cent is found by a rehearsal, and a download that is under way "
                 "cannot be rehearsed: say `after` a number of operations, or `https_ota` in one step");
        return;
    }
    struct planned_cut cut = rehearse_cut(execution, step);
    enum board_end how = execution->planned_cut->end;
    execution->planned_cut = NULL;
    out->cut_planned = true;
    out->cut_resets = how != BOARD_POWER_LOST;
    if (cut.place == CUT_BEFORE_OPERATION)
        board_cut_at_operation(execution->board, cut.operation, &cut.tear);
    else if (cut.place == CUT_BEFORE_TIME)
        board_cut_at_time(execution->board, cut.time_ns);
    if (how != BOARD_POWER_LOST && board_cut_pending(execution->board))
        board_cut_is_reset(execution->board, how);
    run_step(execution, step, out);
    if (how != BOARD_POWER_LOST && cut.place != CUT_AFTER_STEP && cut.place != CUT_NOWHERE &&
        !board_cut_pending(execution->board)) {
        out->cut_fired = true;
        out->end = out->end == STEP_DONE ? STEP_POWER_CUT : out->end;
    }
    if (out->cut_fired || out->end != STEP_DONE)
        return;
    if (cut.place == CUT_AFTER_STEP)
        cut_at_end(execution, how, out);
    else // it never came: nothing of it may reach the next step
        board_cut_cancel(execution->board);
}

void execution_step(struct execution *execution, uint32_t position, const struct step *step,
                    struct step_outcome *out) {
    struct board *board = execution->board;
    memset(out, 0, sizeof *out);
    execution->position = position;
    board_step_set(board, position);
    heard_clear(execution->heard);
    out->before = *board_statistics(board);
    out->start_ns = board_time_ns(board);
    out->first_operation = board_operations(board);
    if (execution->planned_cut && step_row(step->kind)->runs_firmware)
        run_with_cut(execution, step, out);
    else
        run_step(execution, step, out);
    out->after = *board_statistics(board);
    out->end_ns = board_time_ns(board);
    out->end_operation = board_operations(board);
    narrate_operations(execution->narrator);
}
