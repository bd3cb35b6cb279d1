// ota-sim run: scenarios to verdicts and reports.
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <time.h>

#include "../../sim/base/file.h"
#include "../../sim/report/report_console.h"
#include "../../sim/report/report_json.h"
#include "../../sim/report/report_junit.h"
#include "../../sim/report/report_text.h"
#include "../../sim/scenario/reader.h"
#include "../../sim/scenario/runner.h"
#include "commands.h"
#include "options.h"
#include "scenario_files.h"
#include "terminal.h"

#define RELEASES_MAX 16u
#define SEED_MAX     (UINT64_MAX >> 1) // what JSON readers take for an integer

struct settings {
    const char *json, *junit, *pattern, *save_flash;
    bool list, verbose;
    const struct release_profile *releases[RELEASES_MAX]; // those of --release
    size_t release_count;
    uint64_t seed; // 0: the scenario's
    struct scenario_files files;
};

struct session {
    struct settings settings;
    struct terminal terminal;
    struct result result;
    size_t looked_at, fitting; // files that were looked at, and those that -k lets through
    bool bad_input;
};

// ---- the command line ---------------------------------------------------------------------------

enum run_option {
    RUN_JSON,
    RUN_JUNIT,
    RUN_MATCH,
    RUN_LIST,
    RUN_VERBOSE,
    RUN_SAVE_FLASH,
    RUN_RELEASE,
    RUN_SEED,
    RUN_HELP
};

static const struct option run_options[] = {
    [RUN_JSON] = {"json", 0, "FILE", "write a JSON report (-: standard output)"},
    [RUN_JUNIT] = {"junit", 0, "FILE", "write a JUnit XML report (-: standard output)"},
    [RUN_MATCH] = {"match", 'k', "GLOB", "only scenarios whose path or name fits"},
    [RUN_LIST] = {"list", 'l', NULL, "list the scenarios, run nothing"},
    [RUN_VERBOSE] = {"verbose", 'v', NULL, "tell what happens in each step"},
    [RUN_SAVE_FLASH] = {"save-flash", 0, "DIR", "save each final flash as a file there"},
    [RUN_RELEASE] = {"release", 'r', "NAME[,NAME...]", "run under these ESP-IDF releases"},
    [RUN_SEED] = {"seed", 0, "N", "seed of everything random"},
    [RUN_HELP] = {"help", 'h', NULL, "show this help"},
    {NULL, 0, NULL, NULL},
};

static const char run_about[] =
    "Runs scenarios on simulated boards. FILE is a scenario; of a DIR, every *.yaml and\n"
    "*.yml below it. Exit status: 0 all expectations are met, 1 some are not, 2 bad\n"
    "usage or input, 3 internal error.";

static void list_releases(struct buffer *out) {
    for (const struct release_profile *profile = release_profiles; profile->name; profile++)
        buffer_printf(out, "%s%s", profile == release_profiles ? "" : ", ", profile->name);
}

static bool add_release(struct settings *settings, const char *name) {
    const struct release_profile *profile = release_profile_find(name);
    if (!profile) {
        struct buffer known = {0};
        list_releases(&known);
        usage_error("run", "no release `%s`; there are %s", name, buffer_string(&known));
        buffer_free(&known);
        return false;
    }
    for (size_t i = 0; i < settings->release_count; i++)
        if (settings->releases[i] == profile)
            return true;
    if (settings->release_count < RELEASES_MAX)
        settings->releases[settings->release_count++] = profile;
    return true;
}

static bool add_releases(struct settings *settings, const char *list) {
    char *names = memory_text(list), *rest = names, *name;
    bool fine = true;
    while (fine && (name = strsep(&rest, ",")) != NULL)
        fine = add_release(settings, name);
    free(names);
    return fine;
}

static bool set_save_folder(struct settings *settings, const char *path) {
    struct stat status;
    if (stat(path, &status) != 0 || !S_ISDIR(status.st_mode)) {
        usage_error("run", "--save-flash: there is no folder `%s`", path);
        return false;
    }
    settings->save_flash = path;
    return true;
}

static bool set_option(struct settings *settings, enum run_option option, const char *value) {
    switch (option) {
    case RUN_JSON:
        settings->json = value;
        return true;
    case RUN_JUNIT:
        settings->junit = value;
        return true;
    case RUN_MATCH:
        settings->pattern = value;
        return true;
    case RUN_LIST:
        settings->list = true;
        return true;
    case RUN_VERBOSE:
        settings->verbose = true;
        return true;
    case RUN_SAVE_FLASH:
        return set_save_folder(settings, value);
    case RUN_RELEASE:
        return add_releases(settings, value);
    case RUN_SEED:
        return option_number("run", "--seed", value, 1, SEED_MAX, &settings->seed);
    case RUN_HELP:
        break;
    }
    return true;
}

static bool is_stdout(const char *path) {
    return path && strcmp(path, "-") == 0;
}

// Reads the command line. A file that cannot be read is an error that does not stop the others.
static bool read_arguments(struct session *session, int argc, char **argv, bool *help) {
    struct settings *settings = &session->settings;
    struct option_parser parser = option_parser_start("run", run_options, argc, argv);
    size_t index, operands = 0;
    const char *value;
    for (enum option_event event; (event = option_next(&parser, &index, &value)) != OPTIONS_END;) {
        if (event == OPTION_WRONG ||
            (event == OPTION_FOUND && !set_option(settings, (enum run_option)index, value)))
            return false;
        *help |= event == OPTION_FOUND && index == RUN_HELP;
        struct error error = {0};
        if (event == OPERAND_FOUND && !scenario_files_add(&settings->files, value, &error)) {
            fprintf(stderr, "ota-sim run: %s\n", error.message);
            session->bad_input = true;
        }
        operands += event == OPERAND_FOUND;
    }
    if (*help)
        return true;
    if (operands == 0) {
        usage_error("run", "which scenarios? Name a file or a folder");
        return false;
    }
    if (is_stdout(settings->json) && is_stdout(settings->junit)) {
        usage_error("run", "only one report can go to standard output");
        return false;
    }
    return true;
}

// ---- one scenario -------------------------------------------------------------------------------

static void narrate(void *context, unsigned depth, const char *line) {
    struct session *session = context;
    struct buffer text = {0};
    buffer_printf(&text, "%*s", (int)(2 * depth), "");
    text_terminal(&text, line);
    buffer_text(&text, "\n");
    terminal_write(&session->terminal, &text);
    buffer_free(&text);
}

static struct console_style style_of(const struct session *session) {
    return (struct console_style){.colour = session->terminal.colour};
}

static void show_result(struct session *session, const struct result_scenario *result) {
    struct buffer text = {0};
    struct console_style style = style_of(session);
    console_scenario(result, &style, &text);
    terminal_write(&session->terminal, &text);
    buffer_free(&text);
}

static void run_one(struct session *session, const struct scenario *scenario,
                    const struct release_profile *release) {
    const struct settings *settings = &session->settings;
    struct run_options options = {
        .release = release,
        .seed = settings->seed,
        .save_flash_folder = settings->save_flash,
        .explore = true,
    };
    const char *name = release ? release->name : scenario->board.app.profile->name;
    terminal_progress(&session->terminal, "[%zu/%zu] %s [%s]", session->looked_at, settings->files.count,
                      scenario->file, name);
    if (settings->verbose) {
        struct buffer text = {0};
        buffer_printf(&text, "%s [%s]: %s", scenario->file, name, scenario->name);
        narrate(session, 0, buffer_string(&text));
        buffer_free(&text);
        options.narrate = narrate;
        options.narrate_context = session;
    }
    struct result_scenario *result = result_add(&session->result);
    scenario_run(scenario, &options, result);
    show_result(session, result);
}

// A file that is no scenario takes part in the reports as one that could not be run.
static void note_bad_file(struct session *session, const char *path, const struct diagnostics *diagnostics) {
    struct buffer text = {0};
    diagnostics_render(diagnostics, terminal_colour(stderr), &text);
    terminal_progress_end(&session->terminal);
    fputs(buffer_string(&text), stderr);
    buffer_free(&text);
    session->bad_input = true;
    const struct diagnostic *first = NULL;
    for (size_t i = 0; i < diagnostics->count && !first; i++)
        first = diagnostics->items[i].warning ? NULL : &diagnostics->items[i];
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

static void run_scenario(struct session *session, const struct scenario *scenario) {
    const struct settings *settings = &session->settings;
    if (settings->list)
        list_one(session, scenario);
    else if (settings->release_count == 0)
        run_one(session, scenario, NULL);
    for (size_t i = 0; i < settings->release_count && !settings->list; i++)
        run_one(session, scenario, settings->releases[i]);
}

static void run_file(struct session *session, const char *path) {
    const char *pattern = session->settings.pattern;
    struct diagnostics diagnostics = {0};
    struct scenario scenario;
    session->looked_at++;
    if (scenario_read(path, &diagnostics, &scenario)) {
        if (!pattern || scenario_fits(pattern, path, scenario.name)) {
            session->fitting++;
            run_scenario(session, &scenario);
        }
        scenario_free(&scenario);
    } else if (!pattern || scenario_fits(pattern, path, NULL)) {
        session->fitting++;
        note_bad_file(session, path, &diagnostics);
    }
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
    struct buffer text = {0};
    bool fine = true;
    if (session->settings.json) {
        report_json(&session->result, OTA_SIM_VERSION, &text);
        fine = write_report(session->settings.json, &text);
        text.length = 0;
    }
    if (session->settings.junit) {
        report_junit(&session->result, &text);
        fine = write_report(session->settings.junit, &text) && fine;
    }
    buffer_free(&text);
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
    if (session->bad_input || totals.errors > 0)
        return EXIT_USAGE;
    return totals.failed > 0 ? EXIT_NOT_MET : EXIT_MET;
}

static double seconds_now(void) {
    struct timespec now;
    clock_gettime(CLOCK_MONOTONIC, &now);
    return (double)now.tv_sec + (double)now.tv_nsec / 1e9;
}

static int run_session(struct session *session) {
    const struct settings *settings = &session->settings;
    double start = seconds_now();
    bool reports = settings->json || settings->junit;
    session->result.seed = settings->seed;
    for (size_t i = 0; i < settings->files.count; i++)
        if (reports || terminal_delivers(&session->terminal))
            run_file(session, settings->files.paths[i]);
    terminal_progress_end(&session->terminal);
    if (session->fitting == 0 && !session->bad_input)
        return usage_error("run", "no scenario fits `%s`; %zu looked at", settings->pattern,
                           session->looked_at);
    if (settings->list)
        return session->bad_input ? EXIT_USAGE : EXIT_MET;
    if (session->result.count > 0)
        show_end(session, seconds_now() - start);
    return write_reports(session) ? status_of(session) : EXIT_INTERNAL;
}

int cmd_run(int argc, char **argv) {
    struct session session = {0};
    bool help = false;
    int status = EXIT_USAGE;
    if (read_arguments(&session, argc, argv, &help)) {
        if (help) {
            option_help("run", "[options] FILE|DIR...", run_about, run_options);
            status = EXIT_MET;
        } else {
            const struct settings *settings = &session.settings;
            session.terminal = terminal_open(is_stdout(settings->json) || is_stdout(settings->junit));
            status = run_session(&session);
        }
    }
    scenario_files_free(&session.settings.files);
    result_free(&session.result);
    return status;
}
