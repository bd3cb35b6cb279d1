// ota-sim run: scenarios to verdicts and reports.
#include <inttypes.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>
#include <xxhash.h>

#include "../../sim/base/file.h"
#include "../../sim/report/report_console.h"
#include "../../sim/report/report_output.h"
#include "../../sim/report/report_text.h"
#include "../../sim/scenario/reader.h"
#include "../../sim/scenario/runner.h"
#include "commands.h"
#include "options.h"
#include "run_settings.h"
#include "terminal.h"

#define PROGRESS_INTERVAL_S 0.1

struct session {
    struct run_settings settings;
    struct terminal terminal;
    struct result result;
    size_t looked_at, fitting; // files that were looked at, and those that -k lets through
    uint64_t units;            // of the whole run, those of other shards too
    uint64_t inputs;           // digest of all files that were looked at
    bool bad_input;
    const char *now;          // the file whose turn it is
    double progress_shown_at; // seconds
};

// Set by Ctrl-C: what is under way ends early, reports are written of what there is. A second one kills.
static volatile sig_atomic_t interrupted;

static void interrupt(int signal_number) {
    interrupted = 1;
    signal(signal_number, SIG_DFL);
}

static double seconds_now(void) {
    struct timespec now;
    clock_gettime(CLOCK_MONOTONIC, &now);
    return (double)now.tv_sec + (double)now.tv_nsec / 1e9;
}

// ---- what is shown meanwhile --------------------------------------------------------------------

static void show_line(void *context, unsigned depth, const char *line) {
    struct session *session = context;
    struct buffer text = {0};
    buffer_printf(&text, "%*s", (int)(2 * depth), "");
    text_terminal(&text, line);
    buffer_text(&text, "\n");
    terminal_write(&session->terminal, &text);
    buffer_free(&text);
}

static void show_progress(void *context, const struct explore_progress *progress) {
    struct session *session = context;
    double now = seconds_now();
    if (now - session->progress_shown_at < PROGRESS_INTERVAL_S)
        return;
    session->progress_shown_at = now;
    uint64_t share = progress->operations > 0 ? 100 * progress->operation / progress->operations : 0;
    terminal_progress(&session->terminal,
                      "[%zu/%zu] %s: %" PRIu64 " %%, %" PRIu64 " crash states, %" PRIu64 " distinct, %" PRIu64
                      " to do",
                      session->looked_at, session->settings.files.count, session->now, share,
                      progress->crash_states, progress->distinct_states, progress->frontier);
}

static struct console_style style_of(const struct session *session) {
    return (struct console_style){.colour = session->terminal.colour};
}

static void show_diagnostics(struct session *session, const struct diagnostics *diagnostics) {
    struct buffer text = {0};
    if (diagnostics->count == 0)
        return;
    diagnostics_render(diagnostics, terminal_colour(stderr), &text);
    terminal_progress_end(&session->terminal);
    fputs(buffer_string(&text), stderr);
    buffer_free(&text);
}

// ---- one scenario -------------------------------------------------------------------------------

static void announce(struct session *session, const struct scenario *scenario, const char *release) {
    terminal_progress(&session->terminal, "[%zu/%zu] %s [%s]", session->looked_at,
                      session->settings.files.count, scenario->file, release);
    if (!session->settings.verbose)
        return;
    struct buffer text = {0};
    buffer_printf(&text, "%s [%s]: %s", scenario->file, release, scenario->name);
    show_line(session, 0, buffer_string(&text));
    buffer_free(&text);
}

static void run_one(struct session *session, const struct scenario *scenario,
                    const struct release_profile *release) {
    const struct run_settings *settings = &session->settings;
    struct explore_options exploration = settings->exploration;
    exploration.interrupted = &interrupted;
    if (session->terminal.progress) {
        exploration.progress = show_progress;
        exploration.progress_context = session;
    }
    struct run_options options = {
        .release = release,
        .seed = settings->seed,
        .save_flash_folder = settings->save_flash,
        .explore = !settings->no_explore,
        .exploration = &exploration,
        .narrate = settings->verbose ? show_line : NULL,
        .narrate_context = session,
    };
    announce(session, scenario, release ? release->name : scenario->board.app.profile->name);
    struct result_scenario *result = result_add(&session->result);
    scenario_run(scenario, &options, result);
    struct buffer text = {0};
    struct console_style style = style_of(session);
    console_scenario(result, &style, &text);
    terminal_write(&session->terminal, &text);
    buffer_free(&text);
}

static void list_one(struct session *session, const struct scenario *scenario) {
    struct buffer text = {0};
    text_terminal(&text, scenario->file);
    buffer_text(&text, ": ");
    text_terminal(&text, scenario->name);
    buffer_text(&text, "\n");
    terminal_write(&session->terminal, &text);
    buffer_free(&text);
}

// A unit is a scenario under one release, or a file that is no scenario. To be asked once for each.
static bool next_unit_is_ours(struct session *session) {
    return shard_has(&session->settings.shard, session->units++);
}

static void run_scenario(struct session *session, const struct scenario *scenario,
                         const struct diagnostics *diagnostics) {
    const struct run_settings *settings = &session->settings;
    size_t runs = settings->release_count > 0 ? settings->release_count : 1;
    size_t ours = 0;
    for (size_t i = 0; i < runs && !interrupted; i++) {
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
static void note_bad_file(struct session *session, const char *path, const struct diagnostics *diagnostics) {
    const struct diagnostic *first = NULL;
    for (size_t i = 0; i < diagnostics->count && !first; i++)
        first = diagnostics->items[i].warning ? NULL : &diagnostics->items[i];
    struct buffer text = {0};
    if (first && first->mark.line > 0)
        buffer_printf(&text, "%s:%u:%u: ", path, first->mark.line, first->mark.column);
    buffer_text(&text, first ? first->message : "not a scenario");
    struct result_scenario *result = result_add(&session->result);
    *result = (struct result_scenario){.file = memory_text(path),
                                       .name = memory_text(path),
                                       .release = memory_text(""),
                                       .verdict = VERDICT_ERROR,
                                       .error = memory_text(buffer_string(&text))};
    buffer_free(&text);
    session->bad_input = true;
}

static void run_file(struct session *session, const char *path) {
    const char *pattern = session->settings.pattern;
    struct diagnostics diagnostics = {0};
    struct scenario scenario = {0};
    session->looked_at++;
    session->now = path;
    bool fine = scenario_read(path, &diagnostics, &scenario);
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

static bool write_report(const char *path, const struct buffer *text) {
    struct error error = {0};
    if (file_write(path, text->bytes, text->length, &error))
        return true;
    fprintf(stderr, "ota-sim run: %s\n", error.message);
    return false;
}

static bool write_reports(const struct session *session) {
    bool fine = true;
    for (size_t i = 0; i < session->settings.report_count; i++) {
        const struct report_request *request = &session->settings.reports[i];
        struct buffer text = {0};
        request->output->write(&session->result, OTA_SIM_VERSION, &text);
        fine = write_report(request->path, &text) && fine;
        buffer_free(&text);
    }
    return fine;
}

static void show_end(struct session *session, double elapsed_s) {
    struct buffer text = {0};
    struct console_style style = style_of(session);
    for (size_t i = 0; i < session->result.count; i++)
        console_details(&session->result.scenarios[i], &style, &text);
    console_matrix(&session->result, &style, &text);
    console_summary(&session->result, elapsed_s, &style, &text);
    terminal_write(&session->terminal, &text);
    buffer_free(&text);
}

static int status_of(const struct session *session) {
    struct result_totals totals = result_totals(&session->result);
    if (session->result.partial)
        return EXIT_INTERRUPTED;
    if (session->bad_input || totals.errors > 0)
        return EXIT_USAGE;
    return totals.failed > 0 ? EXIT_NOT_MET : EXIT_MET;
}

static void note_shard(struct session *session) {
    struct result *result = &session->result;
    result->shard = session->settings.shard.index;
    result->shards = session->settings.shard.count;
    result->shard_facts = (struct result_shard_facts){
        .units = result->partial ? 0 : session->units,
        .command = memory_text(buffer_string(&session->settings.command)),
        .inputs = result->partial ? 0 : session->inputs,
        .status = status_of(session),
    };
}

// Few results, or none at all, must not look as if the others had been forgotten.
static void show_shard(struct session *session) {
    const struct shard *shard = &session->settings.shard;
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

static int run_session(struct session *session) {
    const struct run_settings *settings = &session->settings;
    double start = seconds_now();
    bool reports = settings->report_count > 0;
    session->result.seed = settings->seed;
    for (size_t i = 0; i < settings->files.count && !interrupted; i++)
        if (reports || terminal_delivers(&session->terminal))
            run_file(session, settings->files.paths[i]);
    session->result.partial = interrupted != 0;
    terminal_progress_end(&session->terminal);
    if (session->fitting == 0 && !session->bad_input && !interrupted)
        return usage_error("run", "no scenario fits `%s`; %zu looked at", settings->pattern,
                           session->looked_at);
    if (settings->list)
        return status_of(session);
    if (session->result.count > 0)
        show_end(session, seconds_now() - start);
    note_shard(session);
    show_shard(session);
    return write_reports(session) ? status_of(session) : EXIT_INTERNAL;
}

int cmd_run(int argc, char **argv) {
    struct session session = {0};
    int status = EXIT_USAGE;
    if (run_settings_read(argc, argv, &session.settings)) {
        if (session.settings.help) {
            run_settings_help();
            status = EXIT_MET;
        } else if (shard_touch_status_file(&session.settings.shard)) {
            signal(SIGINT, interrupt);
            session.bad_input = session.settings.bad_input;
            session.terminal = terminal_open(run_settings_report_on_stdout(&session.settings));
            status = run_session(&session);
        }
    }
    run_settings_free(&session.settings);
    result_free(&session.result);
    return status;
}
