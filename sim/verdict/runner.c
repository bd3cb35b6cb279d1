#include "runner.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

#include "../base/utf8.h"
#include "../play/step_cursor.h"
#include "../provision/flash_file.h"
#include "exploration.h"
#include "known_violations.h"
#include "played_twice.h"
#include "runner_checks.h"
#include "runner_internal.h"
#include "runner_partitions.h"

// ---- steps --------------------------------------------------------------------------------------

static void execute(struct run *run, const struct step_cursor *cursor, const struct step *step) {
    if (step->kind == STEP_EXPECT) {
        run_check_expectations(run, step->expectations, step->expectation_count);
        return;
    }
    narrate(run->listener, 0, "step %u: %s", cursor->position + 1, step->title ? step->title : "");
    run->step = step;
    run->stepped = true;
    run->said.length = run->said_lines = 0;
    if (run->options->trace)
        trace_step_begins(&run->trace, step->title ? step->title : "");
    recorded_run_step(&run->recorded, cursor, step, &run->outcome);
    if (run->options->trace)
        trace_step_ends(&run->trace);
    run_check_outcome(run);
    run_check_expectations(run, step->expectations, step->expectation_count);
}

// What was planned has to have come: a fault that never strikes proves nothing.
static void check_leftovers(struct run *run) {
    struct source_mark last_fault = {0};
    struct step_cursor cursor = step_cursor_start(run->scenario);
    for (const struct step *step; (step = step_next(&cursor)) != NULL;)
        if (step->kind == STEP_IO_FAULT)
            last_fault = step->mark;
    uint32_t pending = board_io_faults_pending(run->recorded.execution.board);
    if (pending > 0)
        run_fail(run, "expect/io-fault-comes", last_fault, NULL, NULL, "%u planned I/O fault%s never came",
                 pending, pending == 1 ? "" : "s");
    if (run->recorded.execution.planned_cut)
        run_fail(run, "expect/power-loss-comes", run->step->mark, NULL, NULL,
                 "a power loss is planned, but no step follows it");
}

static void play(struct run *run) {
    struct step_cursor cursor = step_cursor_start(run->scenario);
    const struct step *step;
    while (!run->result->error && (step = step_next(&cursor)) != NULL)
        execute(run, &cursor, step);
    if (!run->result->error)
        check_leftovers(run);
    recorded_run_end(&run->recorded, &cursor);
}

// ---- the account --------------------------------------------------------------------------------

static void count_operations(struct run *run) {
    const struct board_statistics *statistics = board_statistics(run->recorded.execution.board);
    run->result->boots = statistics->boots;
    run->result->flash_size = board_flash(run->recorded.execution.board)->size;
    run->result->flash = (struct result_operation_counts){
        .reads = statistics->reads,
        .read_bytes = statistics->read_bytes,
        .programs = statistics->programs,
        .program_bytes = statistics->program_bytes,
        .sector_erases = statistics->sector_erases,
        .block_erases = statistics->block_erases,
        .efuse_burns = statistics->efuse_burns,
        .time_ns = board_time_ns(run->recorded.execution.board),
    };
}

// "<folder>/<name>.<release>.bin"
static void save_flash(struct run *run) {
    const char *file = strrchr(run->scenario->file, '/');
    file = file ? file + 1 : run->scenario->file;
    const char *dot = strrchr(file, '.');
    struct buffer path = {0};
    if (run->options->save_flash_name != NULL)
        buffer_printf(&path, "%s/%s.%s.bin", run->options->save_flash_folder, run->options->save_flash_name,
                      run->release);
    else
        buffer_printf(&path, "%s/%.*s.%s.bin", run->options->save_flash_folder,
                      dot ? (int)(dot - file) : (int)strlen(file), file, run->release);
    struct error error = {0};
    if (!flash_file_save(board_flash(run->recorded.execution.board), buffer_string(&path), &error) &&
        !run->result->error)
        run->result->error = memory_text(error.message);
    buffer_free(&path);
}

// ---- known bugs ---------------------------------------------------------------------------------

static void forget_failures(struct result_scenario *result) {
    struct result_scenario failures = {.failures = result->failures, .failure_count = result->failure_count};
    result->failures = NULL;
    result->failure_count = 0;
    result_scenario_free(&failures);
}

// A bug that is declared for this release excuses the failures that it causes, and has to be there.
static void settle_known_bugs(struct run *run) {
    struct result_scenario *result = run->result;
    bool failed = result->failure_count > 0, excused = false;
    for (size_t i = 0; i < run->scenario->known_bug_count; i++) {
        const struct scenario_known_bug *bug = &run->scenario->known_bugs[i];
        if (!scenario_release_listed(bug->releases, bug->release_count, run->release))
            continue;
        if (!failed) {
            run_fail(run, "expect/known-bug", bug->mark, "the expectations fail", "all of them are met",
                     "the bug that is declared as known under %s is gone", run->release);
            continue;
        }
        struct buffer text = {0};
        buffer_printf(&text, "%s%s%s%s", bug->why, bug->link ? " (" : "", bug->link ? bug->link : "",
                      bug->link ? ")" : "");
        buffer_printf(&text, ": %s", result->failures[0].message);
        result->known_bugs =
            memory_resize(result->known_bugs, (result->known_bug_count + 1) * sizeof(char *));
        result->known_bugs[result->known_bug_count++] = memory_text(buffer_string(&text));
        buffer_free(&text);
        excused = true;
    }
    if (excused)
        forget_failures(result);
}

static enum verdict verdict_of(const struct result_scenario *result) {
    if (result->error)
        return VERDICT_ERROR;
    for (size_t i = 0; i < result->violation_count; i++)
        if (!result->violations[i].known)
            return VERDICT_FAIL;
    if (result->failure_count > 0)
        return VERDICT_FAIL;
    return result->exploration.partial ? VERDICT_INCOMPLETE : VERDICT_PASS;
}

// ---- the whole ----------------------------------------------------------------------------------

static char *copy_text(const char *text) {
    return text ? memory_text(text) : NULL;
}

static double seconds_now(void) {
    struct timespec now;
    clock_gettime(CLOCK_MONOTONIC, &now);
    return (double)now.tv_sec + (double)now.tv_nsec / 1e9;
}

static void introduce(struct run *run) {
    const struct scenario *scenario = run->scenario;
    *run->result = (struct result_scenario){
        .file = copy_text(scenario->file),
        .name = copy_text(scenario->name),
        .about = copy_text(scenario->about),
        .link = copy_text(scenario->link),
        .source = copy_text(buffer_string((struct buffer *)&scenario->text)),
        .release = copy_text(run->release),
        .seed = run->options->seed ? run->options->seed : scenario->seed,
    };
}

#define SAID_MAX 40u // lines: a boot or three; the next ones of a loop say the same

// A line of the step, for a failure to tell why. What the runner itself says stands outside of boots and calls.
static void keep_word(void *context, unsigned depth, const char *line) {
    struct run *run = context;
    if (run->said_lines < SAID_MAX) {
        buffer_printf(&run->said, "%s%*s", run->said_lines == 0 ? "" : "\n",
                      depth > 0 ? 2 * ((int)depth - 1) : 0, "");
        utf8_one_line(&run->said, line);
    } else if (run->said_lines == SAID_MAX)
        buffer_text(&run->said, "\n... and so on");
    run->said_lines++;
}

static void run_on_board(struct run *run) {
    struct board *board = run->recorded.board;
    run->narrator = (struct narrator){.line = run->options->narrate,
                                      .context = run->options->narrate_context,
                                      .word = keep_word,
                                      .word_context = run};
    run->recorded.execution.narrator = &run->narrator;
    run->recorded.heard.narrator = &run->narrator;
    run->listener = run->options->narrate != NULL ? &run->narrator : NULL;
    narrator_attach(&run->narrator, board);
    if (run->options->trace)
        trace_recorder_start(&run->trace, run->scenario, board);
    play(run);
    if (run->options->trace)
        trace_recorder_finish(&run->trace, run->result);
    settle_known_bugs(run);
    count_operations(run);
    run_describe_flash(run);
    if (run->options->save_flash_folder)
        save_flash(run);
}

void scenario_run(const struct scenario *scenario, const struct run_options *options,
                  struct result_scenario *result) {
    const struct release_profile *release = options->release ? options->release : scenario->board.app.profile;
    const struct explore_options *exploration = options->exploration;
    struct run run = {.scenario = scenario, .options = options, .release = release->name, .result = result};
    struct recording_wishes wishes = {.explored = true};
    wishes.remember = wishes.explored && !(exploration && exploration->no_memo);
    double start = seconds_now();
    introduce(&run);
    struct error error = {0};
    if (recorded_run_begin(scenario, options->release, wishes, &run.recorded, &error))
        run_on_board(&run);
    else
        result->error = memory_text(error.message);
    if (result->error == NULL && !played_twice_same(&run.recorded, &error))
        result->error = memory_text(error.message);
    if (scenario->explore.enabled && options->explore && result->error == NULL)
        exploration_run(&run.recorded, exploration, result);
    else if (result->error == NULL &&
             result->known_bug_count == 0) // a bug that is declared may break anything
        exploration_judge_run(&run.recorded, exploration, result);
    known_violations_refuse_unbound(scenario, result);
    recorded_run_free(&run.recorded);
    buffer_free(&run.said);
    result->verdict = verdict_of(result);
    result->elapsed_s = seconds_now() - start;
}
