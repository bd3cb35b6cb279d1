// From what was observed to verdicts: what each step had to return, what was expected, and what to tell when
// it is not so.
#include <inttypes.h>
#include <stdlib.h>
#include <string.h>

#include "../language/step_row.h"
#include "../play/device_view.h"
#include "../play/expectation.h"
#include "runner_checks.h"
#include "runner_internal.h"

#define OPERATIONS_SHOWN 6u

// ---- a failure ----------------------------------------------------------------------------------

static char *taken(struct buffer *text) {
    char *copy = memory_text(buffer_string(text));
    buffer_free(text);
    return copy;
}

static char *source_line(const struct scenario *scenario, uint32_t line) {
    const char *text = buffer_string((struct buffer *)&scenario->text);
    for (uint32_t i = 1; i < line && text; i++) {
        text = strchr(text, '\n');
        text = text ? text + 1 : NULL;
    }
    if (line == 0 || !text)
        return NULL;
    struct buffer copy = {0};
    buffer_append(&copy, text, strcspn(text, "\r\n"));
    return taken(&copy);
}

static char *otadata_now(struct run *run) {
    struct device_view view;
    struct buffer text = {0};
    device_view_read(run->recorded.execution.board, &view);
    device_otadata_print(&view, &text);
    return taken(&text);
}

static char *last_operations(struct run *run) {
    const struct journal *journal = board_journal(run->recorded.execution.board);
    struct device_view view;
    struct buffer text = {0};
    device_view_read(run->recorded.execution.board, &view);
    size_t first = journal->count > OPERATIONS_SHOWN ? journal->count - OPERATIONS_SHOWN : 0;
    for (size_t i = first; i < journal->count; i++) {
        operation_print(&journal->entries[i], &view, &text);
        if (i + 1 < journal->count)
            buffer_text(&text, "\n");
    }
    return journal->count > 0 ? taken(&text) : NULL;
}

static char *step_text(const struct run *run) {
    if (!run->stepped)
        return NULL;
    struct buffer text = {0};
    buffer_printf(&text, "step %" PRIu32 ": %s", run->recorded.execution.position + 1,
                  run->step->title ? run->step->title : "");
    return taken(&text);
}

void run_fail(struct run *run, const char *kind, struct source_mark mark, const char *expected,
              const char *actual, const char *format, ...) {
    struct result_scenario *result = run->result;
    struct buffer message = {0};
    va_list arguments;
    va_start(arguments, format);
    buffer_vprintf(&message, format, arguments);
    va_end(arguments);
    narrate(run->listener, 1, "NOT MET: %s", buffer_string(&message));
    result->failures =
        memory_resize(result->failures, (result->failure_count + 1) * sizeof result->failures[0]);
    result->failures[result->failure_count++] = (struct result_failure){
        .kind = kind,
        .message = taken(&message),
        .expected = expected ? memory_text(expected) : NULL,
        .actual = actual ? memory_text(actual) : NULL,
        .line = mark.line,
        .column = mark.column,
        .length = mark.length,
        .source = source_line(run->scenario, mark.line),
        .step = step_text(run),
        .otadata = otadata_now(run),
        .operations = last_operations(run),
        .said = run->said.length == 0 ? NULL : memory_text(buffer_string(&run->said)),
    };
    result->expectations_failed++;
}

// ---- what a step returned -----------------------------------------------------------------------

static void check_cut(struct run *run) {
    const struct step_outcome *outcome = &run->outcome;
    if (outcome->cut_planned && !outcome->cut_fired)
        run_fail(run, "expect/power-loss-comes", run->step->mark,
                 outcome->cut_resets ? "a reset within the step" : "a loss of power within the step",
                 "the step ended before it came",
                 "the planned %s never came: this step has %" PRIu64 " operations and takes %.6f s",
                 outcome->cut_resets ? "reset" : "power loss",
                 outcome->end_operation - outcome->first_operation,
                 (double)(outcome->end_ns - outcome->start_ns) / 1e9);
}

// The program of the step was stopped instead of returning; whether that is all right depends on what it was
// to do.
static void check_stopped(struct run *run) {
    const struct step_outcome *outcome = &run->outcome;
    bool restarted = outcome->program_end == BOARD_RESTARTED || outcome->program_end == BOARD_SLEEPING;
    // A call that resets has to have got as far as that; the user's own code may restart when it likes.
    bool asked_to = (step_resets(run->step) && run->step->kind != STEP_CALL) ||
                    (restarted && (step_resets(run->step) || run->step->kind == STEP_GUEST_CALL));
    if (run->step->returns_set)
        run_fail(run, "expect/returns", run->step->mark, esp_err_to_name(run->step->returns),
                 board_end_name(outcome->program_end), "expected %s, but the app %s: %s",
                 esp_err_to_name(run->step->returns), board_end_name(outcome->program_end),
                 outcome->program_why);
    else if (!asked_to)
        run_fail(run, "expect/returns", run->step->mark, "ESP_OK", board_end_name(outcome->program_end),
                 "the app %s: %s", board_end_name(outcome->program_end), outcome->program_why);
}

static void check_return(struct run *run) {
    const struct step *step = run->step;
    const struct step_outcome *outcome = &run->outcome;
    esp_err_t wanted = step->returns_set ? step->returns : ESP_OK;
    if (!outcome->returned)
        return;
    if (outcome->code != wanted)
        run_fail(run, "expect/returns", step->mark, esp_err_to_name(wanted), esp_err_to_name(outcome->code),
                 "%s: expected %s, got %s", outcome->call, esp_err_to_name(wanted),
                 esp_err_to_name(outcome->code));
    else if (step->returns_set)
        run->result->expectations_met++;
}

void run_check_outcome(struct run *run) {
    const struct step_outcome *outcome = &run->outcome;
    const char *not_modelled = board_not_modelled(run->recorded.board);
    if (not_modelled[0] != 0) {
        struct buffer text = {0};
        buffer_printf(&text, "%s:%" PRIu32 ": the bootloader cannot be executed to its end: %s",
                      run->scenario->file, run->step->mark.line, not_modelled);
        run->result->error = taken(&text);
        return;
    }
    check_cut(run);
    switch (outcome->end) {
    case STEP_IMPOSSIBLE: {
        struct buffer text = {0};
        buffer_printf(&text, "%s:%" PRIu32 ": %s", run->scenario->file, run->step->mark.line,
                      outcome->problem);
        run->result->error = taken(&text);
        run->result->error_line = run->step->mark.line;
        run->result->error_column = run->step->mark.column;
        return;
    }
    case STEP_NO_APP:
        if (!run->outage_told)
            run_fail(run, "expect/app-runs", run->step->mark, "a running app", "none",
                     "this step cannot run: %s", outcome->problem);
        run->outage_told = true;
        return;
    case STEP_POWER_CUT:
        break; // what it would have returned, nobody knows
    case STEP_DONE:
        if (run->step->returns_any)
            break;
        if (outcome->program_end != BOARD_RETURNED)
            check_stopped(run);
        else
            check_return(run);
    }
    run->outage_told = run->outage_told && !run->recorded.execution.app_runs;
}

// ---- what was expected --------------------------------------------------------------------------

void run_check_expectations(struct run *run, const struct expectation *expectations, size_t count) {
    for (size_t i = 0; i < count && !run->result->error; i++) {
        const struct expectation *expectation = &expectations[i];
        if (!scenario_release_listed(expectation->releases, expectation->release_count, run->release))
            continue;
        struct buffer actual = {0};
        if (expectation_holds(&run->recorded.execution, expectation, run->stepped ? &run->outcome : NULL,
                              &actual)) {
            run->result->expectations_met++;
            narrate(run->listener, 1, "as expected: %s", expectation->text);
        } else {
            run_fail(run, expectation->rule, expectation->mark, expectation->text, buffer_string(&actual),
                     "expected %s, got %s", expectation->text, buffer_string(&actual));
        }
        buffer_free(&actual);
    }
}
