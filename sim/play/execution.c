#include "execution.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "app_update_program.h"
#include "device_view.h"
#include "narration.h"
#include "rehearsal.h"

void execution_init(struct execution *execution, const struct scenario *scenario, struct board *board) {
    *execution = (struct execution){
        .scenario = scenario,
        .board = board,
        .boots_max = scenario->explore.boots_max ? scenario->explore.boots_max : RECOVERY_BOOTS_MAX_DEFAULT,
    };
}

void execution_reset(struct execution *execution) {
    execution->app_runs = false;
    execution->handle_count = 0;
}

__attribute__((format(printf, 2, 3))) static void impossible(struct step_outcome *out, const char *format,
                                                             ...) {
    va_list arguments;
    va_start(arguments, format);
    vsnprintf(out->problem, sizeof out->problem, format, arguments);
    va_end(arguments);
    out->end = STEP_IMPOSSIBLE;
}

// ---- boots that follow --------------------------------------------------------------------------

// Boots until rest, through planned power cuts as well: the power comes back after each.
static void boot_to_rest(struct execution *execution, enum port_reset_reason reason,
                         struct step_outcome *out) {
    struct recovery boot;
    recover(execution, reason, &boot);
    while (boot.end == RECOVERY_POWER_LOST) {
        out->end = STEP_POWER_CUT;
        out->cut_fired = true;
        recover(execution, PORT_RESET_POWER_ON, &boot);
    }
    out->booted = true;
}

// A program of the step has ended: unless it returned, the chip starts again.
static void after_program(struct execution *execution, enum board_end end, struct step_outcome *out) {
    out->program_end = end;
    if (end == BOARD_RETURNED)
        return;
    if (end == BOARD_POWER_LOST) {
        out->end = STEP_POWER_CUT;
        out->cut_fired = true;
    }
    narrate(execution->narrator, 1, "%s", out->program_why);
    boot_to_rest(execution, board_reset_reason_after(end), out);
}

static void restart_program(void *context) {
    (void)context;
    port_halt(PORT_HALT_RESTART, "the app restarts");
}

static void sleep_program(void *context) {
    (void)context;
    port_halt(PORT_HALT_DEEP_SLEEP, "the app goes to deep sleep, and wakes");
}

static void run_program(struct execution *execution, void (*program)(void *), struct step_outcome *out) {
    after_program(execution, board_run(execution->board, program, NULL, &out->program_why), out);
}

// ---- the bench: what is done to the board from outside ------------------------------------------

static void corrupt(struct execution *execution, const struct step *step, struct step_outcome *out) {
    struct flash *flash = board_flash(execution->board);
    const struct buffer *bytes = &step->as.corrupt.bytes;
    uint32_t address = step->as.corrupt.address;
    if (address > flash->size || bytes->length > flash->size - address) {
        impossible(out, "0x%08x + %zu bytes lies outside the flash", address, bytes->length);
        return;
    }
    if (!step->as.corrupt.xor_mask) {
        flash_set(flash, address, bytes->bytes, (uint32_t)bytes->length);
        return;
    }
    for (uint32_t i = 0; i < bytes->length; i++) {
        uint8_t byte;
        flash_read(flash, address + i, &byte, 1);
        byte ^= bytes->bytes[i];
        flash_set(flash, address + i, &byte, 1);
    }
}

static void set_otadata(struct execution *execution, const struct step *step, struct step_outcome *out) {
    struct device_view view;
    device_view_read(execution->board, &view);
    if (!view.otadata) {
        impossible(out, "the partition table in flash has no usable otadata partition");
        return;
    }
    const struct buffer *bytes = &step->as.otadata.bytes;
    flash_set(board_flash(execution->board), view.otadata->offset + step->as.otadata.index * NOR_SECTOR_SIZE,
              bytes->bytes, (uint32_t)bytes->length);
}

static void at_the_bench(struct execution *execution, const struct step *step, struct step_outcome *out) {
    struct board *board = execution->board;
    switch (step->kind) {
    case STEP_WAIT:
        board_time_pass(board, step->as.wait.us * 1000);
        break;
    case STEP_IO_FAULT:
        board_io_fault(board, step->as.io_fault.kind, step->as.io_fault.nth);
        break;
    case STEP_CORRUPT:
        corrupt(execution, step, out);
        break;
    case STEP_SET_OTADATA:
        set_otadata(execution, step, out);
        break;
    case STEP_SET_EFUSE:
        board_efuse_set(board, step->as.efuse.field, step->as.efuse.value);
        break;
    case STEP_HOLD_PIN:
        execution->pins[step->as.pin.pin] = step->as.pin.ms;
        board_pin_hold(board, step->as.pin.pin, step->as.pin.ms);
        break;
    default: // STEP_POWER_LOSS
        execution->planned_cut = &step->as.power_loss;
    }
}

// ---- steps that run firmware --------------------------------------------------------------------

static bool needs_app(enum step_kind kind) {
    return kind == STEP_UPDATE || kind == STEP_CALL || kind == STEP_RESTART || kind == STEP_DEEP_SLEEP;
}

static bool runs_firmware(enum step_kind kind) {
    return needs_app(kind) || kind == STEP_BOOT || kind == STEP_POWER_CYCLE;
}

static void run_firmware(struct execution *execution, const struct step *step, struct step_outcome *out) {
    if (needs_app(step->kind) && !execution->powered)
        boot_to_rest(execution, PORT_RESET_POWER_ON,
                     out); // the first step that needs an app switches the board on
    if (out->end == STEP_POWER_CUT)
        return;
    if (needs_app(step->kind) && !execution->app_runs) {
        impossible(out, "no app runs: the last boot ended with %s", recovery_end_name(execution->boot.end));
        out->end = STEP_NO_APP;
        return;
    }
    switch (step->kind) {
    case STEP_UPDATE:
        after_program(execution, run_update(execution, &step->as.update, false, out), out);
        break;
    case STEP_CALL:
        after_program(execution, run_call(execution, &step->as.call, out), out);
        break;
    case STEP_RESTART:
        run_program(execution, restart_program, out);
        break;
    case STEP_DEEP_SLEEP:
        run_program(execution, sleep_program, out);
        break;
    case STEP_POWER_CYCLE:
        boot_to_rest(execution, PORT_RESET_POWER_ON, out);
        break;
    default: // STEP_BOOT
        if (!execution->app_runs)
            boot_to_rest(execution, PORT_RESET_POWER_ON, out);
    }
}

// The power goes after the step's last operation: what a cut at 100 % means.
static void cut_at_end(struct execution *execution, struct step_outcome *out) {
    narrate(execution->narrator, 1, "the power goes at the end of the step");
    out->end = STEP_POWER_CUT;
    out->cut_fired = true;
    boot_to_rest(execution, PORT_RESET_POWER_ON, out);
}

static void run_with_cut(struct execution *execution, const struct step *step, struct step_outcome *out) {
    struct planned_cut cut = rehearse_cut(execution, step);
    execution->planned_cut = NULL;
    out->cut_planned = true;
    if (cut.place == CUT_BEFORE_OPERATION)
        board_cut_at_operation(execution->board, cut.operation, &cut.tear);
    else if (cut.place == CUT_BEFORE_TIME)
        board_cut_at_time(execution->board, cut.time_ns);
    run_firmware(execution, step, out);
    if (out->cut_fired || out->end != STEP_DONE)
        return;
    if (cut.place == CUT_AFTER_STEP)
        cut_at_end(execution, out);
    else // it never came: nothing of it may reach the next step
        board_cut_cancel(execution->board);
}

void execution_step(struct execution *execution, uint32_t position, const struct step *step,
                    struct step_outcome *out) {
    struct board *board = execution->board;
    memset(out, 0, sizeof *out);
    execution->position = position;
    board_step_set(board, position);
    out->before = *board_statistics(board);
    out->start_ns = board_time_ns(board);
    out->first_operation = board_operations(board);
    if (!runs_firmware(step->kind)) {
        if (step->kind != STEP_EXPECT)
            at_the_bench(execution, step, out);
    } else if (execution->planned_cut) {
        run_with_cut(execution, step, out);
    } else {
        run_firmware(execution, step, out);
    }
    out->after = *board_statistics(board);
    out->end_ns = board_time_ns(board);
    out->end_operation = board_operations(board);
    narrate_operations(execution->narrator);
}
