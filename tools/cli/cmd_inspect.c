// ota-sim inspect and ota-sim diff: flash dumps.
#include <signal.h>
#include <stdio.h>
#include <string.h>

#include "../../sim/inspect/guest_view.h"
#include "../../sim/inspect/next_update.h"
#include "../../sim/report/report_console.h"
#include "../../sim/report/report_text.h"
#include "../../sim/report/report_words.h"
#include "../../sim/verdict/exploration.h"
#include "../../sim/verdict/replay.h"
#include "../../sim/verdict/runner.h"
#include "commands.h"
#include "host_files.h"
#include "options.h"
#include "terminal.h"

enum option {
    OPTION_JSON,
    OPTION_TARGET,
    OPTION_TABLE_OFFSET,
    OPTION_SECURE_VERSION,
    OPTION_WHAT_IF,
    OPTION_REPLAY,
    OPTION_RELEASE,
    OPTION_ROLLBACK,
    OPTION_ANTI_ROLLBACK,
    OPTION_HELP
};

static const struct command_option inspect_options[] = {
    {"json", 'j', "FILE", "write JSON there (-: standard output)"},
    {"target", 0, "NAME", "the chip, when no image says which"},
    {"table-offset", 'o', "OFFSET", "where the table lies (else: found)"},
    {"secure-version", 0, "N", "burned in the chip's eFuse (0)"},
    {"what-if-power-fails", 'p', NULL, "explore the next update from this very dump"},
    {"replay", 0, "ADDRESS", "play one crash state of that exploration, slowly"},
    {"release", 0, "NAME", "... under that ESP-IDF release (v6.0)"},
    {"rollback", 0, NULL, "... with firmware built with rollback"},
    {"anti-rollback", 0, NULL, "... with firmware built with anti-rollback"},
    {"help", 'h', NULL, "show this"},
    {NULL, 0, NULL, NULL},
};

struct settings {
    const char *command;
    const char *files[2];
    size_t file_count, files_wanted;
    struct dump_options dump;
    const char *json; // file; NULL: none
    bool what_if, help;
    const char *replay;                    // crash address; NULL: none
    const struct release_profile *release; // of the exploration
    enum dump_build build;
};

static volatile sig_atomic_t interrupted;

static void interrupt(int signal_number) {
    interrupted = 1;
    signal(signal_number, SIG_DFL);
}

// ---- command line -------------------------------------------------------------------------------

static bool take_option(struct settings *settings, size_t index, const char *value) {
    uint64_t number;
    switch ((enum option)index) {
    case OPTION_JSON:
        settings->json = value;
        return true;
    case OPTION_TARGET:
        return host_target(settings->command, value, &settings->dump.target);
    case OPTION_TABLE_OFFSET:
        if (!option_number(settings->command, "--table-offset", value, 0, HOST_FLASH_SIZE_MAX - 1, &number))
            return false;
        settings->dump.table_offset_set = true;
        settings->dump.table_offset = (uint32_t)number;
        return true;
    case OPTION_SECURE_VERSION:
        if (!option_number(settings->command, "--secure-version", value, 0, 32, &number))
            return false;
        settings->dump.secure_version = (uint32_t)number;
        return true;
    case OPTION_WHAT_IF:
        settings->what_if = true;
        return true;
    case OPTION_REPLAY:
        settings->replay = value;
        return true;
    case OPTION_RELEASE:
        return host_release(settings->command, value, &settings->release);
    case OPTION_ROLLBACK:
        settings->build = DUMP_ROLLBACK;
        return true;
    case OPTION_ANTI_ROLLBACK:
        settings->build = DUMP_ANTI_ROLLBACK;
        return true;
    case OPTION_HELP:
        settings->help = true;
        return true;
    }
    return false;
}

static bool read_command_line(struct settings *settings, const struct command_option *table,
                              const size_t *meaning, int argc, char **argv) {
    struct option_parser parser = option_parser_start(settings->command, table, argc, argv);
    size_t index;
    const char *value;
    enum option_event event;
    while ((event = option_next(&parser, &index, &value)) != OPTIONS_END) {
        if (event == OPTION_WRONG ||
            (event == OPTION_FOUND && !take_option(settings, meaning ? meaning[index] : index, value)))
            return false;
        if (event == OPERAND_FOUND && settings->file_count == settings->files_wanted) {
            usage_error(settings->command, "`%s` is one file too many", value);
            return false;
        }
        if (event == OPERAND_FOUND)
            settings->files[settings->file_count++] = value;
    }
    if (settings->json && !host_report_allowed(settings->command, settings->json, INSPECTION_JSON_MARK))
        return false;
    if (settings->help || settings->file_count == settings->files_wanted)
        return true;
    usage_error(settings->command, settings->files_wanted == 1 ? "which dump?" : "which two dumps?");
    return false;
}

static bool inspect_file(const struct settings *settings, const char *path, struct inspection *out) {
    struct buffer bytes = {0};
    struct error error = {0};
    bool fine = host_file_read(settings->command, path, HOST_FLASH_SIZE_MAX, &bytes);
    if (fine && !inspect(bytes.bytes, bytes.length, &settings->dump, out, &error)) {
        complain(settings->command, "%s: %s", path, error.message);
        fine = false;
    }
    buffer_free(&bytes);
    return fine;
}

// ---- inspect ------------------------------------------------------------------------------------

// Explores the next update. False: it cannot be tried, which `error` explains.
static bool what_if(const struct settings *settings, const struct inspection *inspection,
                    struct result *result, struct error *error) {
    struct scenario scenario;
    if (!next_update_scenario(inspection, settings->files[0], settings->release, settings->build, &scenario,
                              error))
        return false;
    struct explore_options exploration = {.interrupted = &interrupted};
    struct run_options options = {.explore = true, .exploration = &exploration};
    signal(SIGINT, interrupt);
    scenario_run(&scenario, &options, result_add(result));
    result->partial = interrupted != 0;
    scenario_free(&scenario);
    return true;
}

static const char *build_option(enum dump_build build) {
    return build == DUMP_PLAIN ? "" : build == DUMP_ROLLBACK ? "--rollback " : "--anti-rollback ";
}

// The console names `ota-sim replay`, which plays scenarios; a dump's crash states are played by this
// command.
static void adapt_replay_lines(const struct settings *settings, const char *text, struct buffer *out) {
    struct buffer told = {0};
    buffer_printf(&told, "ota-sim replay --release %s ", settings->release->name);
    words_shell_file(&told, settings->files[0]);
    buffer_text(&told, " ");
    for (const char *found; (found = strstr(text, buffer_string(&told))) != NULL;) {
        buffer_append(out, text, (size_t)(found - text));
        buffer_printf(out, "ota-sim inspect --release %s %s", settings->release->name,
                      build_option(settings->build));
        words_shell_file(out, settings->files[0]);
        buffer_text(out, " --replay ");
        text = found + told.length;
    }
    buffer_text(out, text);
    buffer_free(&told);
}

static void print_what_if(const struct settings *settings, const struct result *result, struct buffer *out) {
    struct console_style style = {.colour = terminal_colour(stdout)};
    struct buffer told = {0};
    buffer_printf(out,
                  "\nwhat if the power fails during the next update (%s, %s; the new app confirms itself)\n",
                  settings->release->name, dump_build_name(settings->build));
    for (size_t i = 0; i < result->count; i++) {
        console_scenario(&result->scenarios[i], &style, &told);
        console_details(&result->scenarios[i], &style, &told);
    }
    adapt_replay_lines(settings, buffer_string(&told), out);
    buffer_free(&told);
}

static void print_line(void *context, unsigned depth, const char *line) {
    struct buffer *text = context;
    buffer_printf(text, "%*s", (int)(2 * depth), "");
    text_terminal(text, line);
    buffer_text(text, "\n");
}

static int replay(const struct settings *settings, const struct inspection *inspection) {
    struct scenario scenario;
    struct error error = {0};
    struct buffer text = {0};
    if (!next_update_scenario(inspection, settings->files[0], settings->release, settings->build, &scenario,
                              &error))
        return host_error(settings->command, &error);
    bool fine =
        exploration_replay(&scenario, settings->release, settings->replay, NULL, print_line, &text, &error);
    host_print(&text);
    buffer_free(&text);
    scenario_free(&scenario);
    return fine ? EXIT_MET : host_error(settings->command, &error);
}

static int show(const struct settings *settings, const struct inspection *inspection) {
    struct result result = {0};
    struct buffer text = {0};
    struct error error = {0};
    bool explored = settings->what_if && what_if(settings, inspection, &result, &error);
    bool written = true;
    if (settings->json) {
        inspection_json(inspection, explored ? &result : NULL, &text);
        written = host_report_write(settings->command, settings->json, INSPECTION_JSON_MARK, &text);
        text.length = 0;
    }
    if (!settings->json || strcmp(settings->json, "-") != 0) {
        inspection_text(inspection, &text);
        if (explored)
            print_what_if(settings, &result, &text);
        host_print(&text);
    }
    int status = EXIT_MET;
    if (!written)
        status = EXIT_INTERNAL;
    else if (settings->what_if && !explored)
        status = host_error(settings->command, &error);
    else if (result.partial)
        status = EXIT_INTERRUPTED;
    else if (explored && result_totals(&result).errors > 0)
        status = EXIT_INTERNAL;
    else if (explored && result_totals(&result).failed > 0)
        status = EXIT_NOT_MET;
    result_free(&result);
    buffer_free(&text);
    return status;
}

// A shared object with code for the board. Status 1: it lacks something.
static int show_guest(const struct settings *settings) {
    struct guest_file file;
    struct error error = {0};
    struct buffer text = {0};
    bool written = true;
    if (settings->what_if || settings->replay) {
        (void)usage_error(settings->command, "code for the board is no flash dump: only --json goes with it");
        return EXIT_USAGE;
    }
    int status = EXIT_USAGE;
    if (guest_file_read(settings->files[0], &file, &error)) {
        if (settings->json != NULL) {
            guest_view_json(&file, &text);
            written = host_report_write(settings->command, settings->json, INSPECTION_JSON_MARK, &text);
            text.length = 0;
        }
        if (settings->json == NULL || strcmp(settings->json, "-") != 0) {
            guest_view_text(&file, &text);
            host_print(&text);
        }
        status = !written ? EXIT_INTERNAL : file.missing_count != 0 ? EXIT_NOT_MET : EXIT_MET;
    } else {
        (void)host_error(settings->command, &error);
    }
    buffer_free(&text);
    guest_file_free(&file);
    return status;
}

int cmd_inspect(int argc, char **argv) {
    struct settings settings = {
        .command = "inspect", .files_wanted = 1, .release = release_profile_default()};
    struct inspection inspection;
    if (!read_command_line(&settings, inspect_options, NULL, argc, argv))
        return EXIT_USAGE;
    if (settings.help) {
        option_help(
            "inspect", "[options] DUMP",
            "Says what a flash dump of any size tells (`-`: standard input): the partition table and\n"
            "its problems, otadata, images, what boots next and why under each ESP-IDF release, and\n"
            "what the update API then answers. Of a shared object with code for the board: what it\n"
            "offers, calls and lacks.",
            inspect_options);
        return EXIT_MET;
    }
    if (guest_view_is_one(settings.files[0]))
        return show_guest(&settings);
    if (!inspect_file(&settings, settings.files[0], &inspection))
        return EXIT_USAGE;
    int status = settings.replay ? replay(&settings, &inspection) : show(&settings, &inspection);
    inspection_free(&inspection);
    return status;
}

// ---- diff ---------------------------------------------------------------------------------------

static const struct command_option diff_options[] = {
    {"target", 0, "NAME", "the chip, when no image says which"},
    {"table-offset", 'o', "OFFSET", "where the tables lie (else: found)"},
    {"secure-version", 0, "N", "burned in the chips' eFuse (0)"},
    {"help", 'h', NULL, "show this"},
    {NULL, 0, NULL, NULL},
};
static const size_t diff_meaning[] = {OPTION_TARGET, OPTION_TABLE_OFFSET, OPTION_SECURE_VERSION, OPTION_HELP};

static int show_diff(const struct inspection *a, const struct inspection *b) {
    struct buffer text = {0};
    bool same = inspection_diff(a, b, &text);
    host_print(&text);
    buffer_free(&text);
    return same ? EXIT_MET : EXIT_NOT_MET;
}

int cmd_diff(int argc, char **argv) {
    struct settings settings = {.command = "diff", .files_wanted = 2, .release = release_profile_default()};
    struct inspection a, b;
    if (!read_command_line(&settings, diff_options, diff_meaning, argc, argv))
        return EXIT_USAGE;
    if (settings.help) {
        option_help("diff", "[options] DUMP DUMP",
                    "Tells two flash dumps apart: partition tables, otadata, images, what boots.\n"
                    "Exit status: 0 the same bytes, 1 different.",
                    diff_options);
        return EXIT_MET;
    }
    if (!inspect_file(&settings, settings.files[0], &a))
        return EXIT_USAGE;
    int status = EXIT_USAGE;
    if (inspect_file(&settings, settings.files[1], &b)) {
        status = show_diff(&a, &b);
        inspection_free(&b);
    }
    inspection_free(&a);
    return status;
}
