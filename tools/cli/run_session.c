#include "run_session.h"

#include <inttypes.h>
#include <stdio.h>
#include <string.h>
#include <xxhash.h>

#include "../../sim/language/diagnostic_render.h"
#include "../../sim/language/reader.h"
#include "../../sim/report/report_console.h"
#include "../../sim/report/report_text.h"
#include "../../sim/verdict/runner.h"
#include "commands.h"
#include "options.h"
#include "run_reports.h"

// ---- what is shown meanwhile --------------------------------------------------------------------

static void show_line(void *context, unsigned depth, const char *line) {
    struct run_session *session = context;
    struct buffer text = {0};
    buffer_printf(&text, "%*s", (int)(2 * depth), "");
    text_terminal(&text, line);
    buffer_text(&text, "\n");
    terminal_write(&session->terminal, &text);
    buffer_free(&text);
}

static struct console_style style_of(const struct run_session *session) {
    return (struct console_style){.colour = session->terminal.colour};
}

static void show_diagnostics(struct run_session *session, const struct diagnostics *diagnostics) {
    struct buffer text = {0};
    if (diagnostics->count == 0)
        return;
    diagnostics_render(diagnostics, terminal_colour(stderr), &text);
    terminal_progress_end(&session->terminal);
    terminal_complain(&text);
    buffer_free(&text);
}

// ---- one scenario -------------------------------------------------------------------------------

static void announce(struct run_session *session, const struct scenario *scenario, const char *release) {
    run_progress_scenario(&session->progress, scenario->file, release, session->looked_at,
                          session->settings->files.count);
    if (!session->settings->verbose)
        return;
    struct buffer text = {0};
    buffer_printf(&text, "%s [%s]: %s", scenario->file, release, scenario->name);
    show_line(session, 0, buffer_string(&text));
    buffer_free(&text);
}

static void run_one(struct run_session *session, const struct scenario *scenario,
                    const struct release_profile *release) {
    const struct run_settings *settings = session->settings;
    struct explore_options exploration = settings->exploration;
    exploration.interrupted = session->interrupted;
    exploration.progress = session->terminal.progress ? run_progress_exploration : run_progress_heartbeat;
    exploration.progress_context = &session->progress;
    struct run_options options = {
        .release = release,
        .seed = settings->seed,
        .save_flash_folder = settings->save_flash,
        .save_flash_name = save_names_find(&session->save_names, scenario->file),
        .explore = !settings->no_explore,
        .exploration = &exploration,
        .trace = run_reports_need_events(settings),
        .narrate = settings->verbose ? show_line : NULL,
        .narrate_context = session,
    };
    announce(session, scenario, release ? release->name : scenario->board.app.profile->name);
    struct result_scenario *result = result_add(&session->result);
    scenario_run(scenario, &options, result);
    session->failed |= result->verdict == VERDICT_FAIL || result->verdict == VERDICT_ERROR;
    struct buffer text = {0};
    struct console_style style = style_of(session);
    console_scenario(result, &style, &text);
    terminal_write(&session->terminal, &text);
    buffer_free(&text);
}

static void list_one(struct run_session *session, const struct scenario *scenario) {
    struct buffer text = {0};
    text_terminal(&text, scenario->file);
    buffer_text(&text, ": ");
    text_terminal(&text, scenario->name);
    buffer_text(&text, "\n");
    terminal_write(&session->terminal, &text);
    buffer_free(&text);
}

// A unit is a scenario under one release, or a file that is no scenario. To be asked once for each.
static bool next_unit_is_ours(struct run_session *session) {
    return shard_has(&session->settings->shard, session->units++);
}

// True when no more is to be run: somebody asked for an end, or --fail-fast has seen a failure.
static bool is_over(struct run_session *session) {
    bool failed = session->failed || session->bad_input;
    bool over = *session->interrupted != 0 || (session->settings->fail_fast && failed);
    session->cut_short |= over;
    return over;
}

static void run_scenario(struct run_session *session, const struct scenario *scenario,
                         const struct diagnostics *diagnostics) {
    const struct run_settings *settings = session->settings;
    size_t runs = settings->release_count > 0 ? settings->release_count : 1;
    size_t ours = 0;
    for (size_t i = 0; i < runs && !is_over(session); i++) {
        if (!next_unit_is_ours(session))
            continue;
        if (ours++ == 0) {
            show_diagnostics(session, diagnostics);
            if (settings->list)
                list_one(session, scenario);
        }
        if (!settings->list)
            run_one(session, scenario, settings->release_count > 0 ? settings->releases[i] : NULL);
    }
}

// A file that is no scenario takes part in the reports as one that could not be run.
static void note_bad_file(struct run_session *session, const char *path,
                          const struct diagnostics *diagnostics) {
    const struct diagnostic *first = NULL;
    for (size_t i = 0; i < diagnostics->count && !first; i++)
        first = diagnostics->items[i].warning ? NULL : &diagnostics->items[i];
    struct source_mark mark = first ? first->mark : (struct source_mark){0};
    struct buffer text = {0};
    if (mark.line > 0)
        buffer_printf(&text, "%s:%u:%u: ", path, mark.line, mark.column);
    buffer_text(&text, first ? first->message : "not a scenario");
    struct result_scenario *result = result_add(&session->result);
    *result = (struct result_scenario){.file = memory_text(path),
                                       .name = memory_text(path),
                                       .source = memory_text(buffer_string(&diagnostics->text)),
                                       .release = memory_text(""),
                                       .verdict = VERDICT_ERROR,
                                       .error = memory_text(buffer_string(&text)),
                                       .error_line = mark.line,
                                       .error_column = mark.column};
    buffer_free(&text);
    session->bad_input = true;
}

static void watch_files(struct run_session *session, const char *path,
                        const struct diagnostics *diagnostics) {
    if (!session->watch)
        return;
    watch_file(session->watch, path);
    for (size_t i = 0; i < diagnostics->file_count; i++)
        watch_file(session->watch, diagnostics->files[i]);
}

static void run_file(struct run_session *session, const char *path) {
    const char *pattern = session->settings->pattern;
    struct diagnostics diagnostics = {0};
    struct scenario scenario = {0};
    session->looked_at++;
    const struct scenario_wishes wishes = {session->settings->bootloader, session->settings->rom,
                                           session->settings->elf};
    bool fine = scenario_read_as(path, &wishes, &diagnostics, &scenario);
    watch_files(session, path, &diagnostics);
    session->inputs = XXH3_64bits_withSeed(path, strlen(path) + 1, session->inputs);
    session->inputs = XXH3_64bits_withSeed(diagnostics.text.bytes, diagnostics.text.length, session->inputs);
    if (!pattern || scenario_fits(pattern, path, fine ? scenario.name : NULL)) {
        session->fitting++;
        if (fine) {
            run_scenario(session, &scenario, &diagnostics);
        } else if (next_unit_is_ours(session)) {
            show_diagnostics(session, &diagnostics);
            note_bad_file(session, path, &diagnostics);
        }
    }
    if (fine)
        scenario_free(&scenario);
    diagnostics_free(&diagnostics);
}

// ---- the end ------------------------------------------------------------------------------------

static void show_end(struct run_session *session, double elapsed_s) {
    struct buffer text = {0};
    struct console_style style = style_of(session);
    console_matrix(&session->result, &style, &text);
    console_table(&session->result, &style, &text);
    for (size_t i = 0; i < session->result.count; i++)
        console_details(&session->result.scenarios[i], &style, &text);
    console_summary(&session->result, elapsed_s, &style, &text);
    terminal_write(&session->terminal, &text);
    buffer_free(&text);
}

static bool met_a_defect(const struct result *result) {
    for (size_t i = 0; i < result->count; i++)
        if (result->scenarios[i].defect)
            return true;
    return false;
}

static int status_of(const struct run_session *session) {
    struct result_totals totals = result_totals(&session->result);
    if (met_a_defect(&session->result))
        return EXIT_INTERNAL;
    if (*session->interrupted != 0)
        return EXIT_SIGNAL + (int)*session->interrupted;
    if (session->bad_input || totals.errors > 0)
        return EXIT_USAGE;
    if (totals.failed > 0)
        return EXIT_NOT_MET;
    return totals.incomplete > 0 ? EXIT_INCOMPLETE : EXIT_MET;
}

static void note_shard(struct run_session *session) {
    struct result *result = &session->result;
    result->shard = session->settings->shard.index;
    result->shards = session->settings->shard.count;
    result->shard_facts = (struct result_shard_facts){
        .units = result->partial ? 0 : session->units,
        .command = memory_text(buffer_string(&session->settings->command)),
        .inputs = result->partial ? 0 : session->inputs,
        .status = status_of(session),
    };
}

// Few results, or none at all, must not look as if the others had been forgotten.
static void show_shard(struct run_session *session) {
    const struct shard *shard = &session->settings->shard;
    struct buffer text = {0};
    if (shard->count == 0)
        return;
    buffer_printf(&text, "shard %u/%u (%s): ", shard->index, shard->count, shard->source);
    if (session->result.count == 0)
        buffer_text(&text, "nothing falls to it, ");
    buffer_printf(&text, "%zu of %" PRIu64 " runs\n", session->result.count, session->units);
    terminal_write(&session->terminal, &text);
    buffer_free(&text);
}

static void run_files(struct run_session *session) {
    const struct run_settings *settings = session->settings;
    bool wanted = settings->report_count > 0 || settings->github; // even when nobody reads the console
    session->progress.terminal = &session->terminal;
    session->bad_input = settings->bad_input;
    session->result.seed = settings->seed;
    for (size_t i = 0; i < settings->files.count && !is_over(session); i++)
        if (wanted || terminal_delivers(&session->terminal))
            run_file(session, settings->files.paths[i]);
    session->result.partial = session->cut_short || *session->interrupted != 0;
    terminal_progress_end(&session->terminal);
}

int run_session(struct run_session *session) {
    const struct run_settings *settings = session->settings;
    struct error error = {0};
    if (settings->save_flash && !save_names_make(&session->save_names, &settings->files, &error))
        return usage_error("run", "--save-flash: %s", error.message);
    double start = seconds_now();
    run_files(session);
    if (session->fitting == 0 && !session->bad_input && !session->result.partial)
        return usage_error("run", "no scenario fits `%s`; %zu looked at", settings->pattern,
                           session->looked_at);
    if (settings->list)
        return status_of(session);
    if (session->result.count > 0)
        show_end(session, seconds_now() - start);
    note_shard(session);
    show_shard(session);
    if (!settings->timing)
        result_forget_time(&session->result);
    return run_reports_write(settings, &session->result, &session->terminal) ? status_of(session)
                                                                             : EXIT_INTERNAL;
}

void run_session_free(struct run_session *session) {
    result_free(&session->result);
    save_names_free(&session->save_names);
}
