// ota-sim new: a scenario to start from.
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>

#include "../../sim/report/report_text.h"
#include "../../sim/starter/starter.h"
#include "commands.h"
#include "new_file.h"
#include "options.h"
#include "terminal.h"

#define SOURCES_MAX  8u
#define DEFAULT_NAME "update.yaml"

enum { OPTION_FROM, OPTION_RUN, OPTION_FORCE, OPTION_HELP };

static const struct command_option new_options[] = {
    [OPTION_FROM] = {"from", 0, "FILE", "sdkconfig, partition table, flash dump or build folder; again"},
    [OPTION_RUN] = {"run", 0, NULL, "run it when it is written, as ota-sim run does"},
    [OPTION_FORCE] = {"force", 0, NULL, "replace a file that is there"},
    [OPTION_HELP] = {"help", 'h', NULL, "show this help"},
    {NULL, 0, NULL, NULL},
};

static const char new_about[] =
    "Writes a scenario with comments to start from: an update, and the power cut at every\n"
    "instant of it. NAME.yaml is " DEFAULT_NAME " unless given; - is standard output.\n"
    "--from makes it fit a project: its sdkconfig, its partitions.csv, a dump of a device's\n"
    "flash, or its build folder, whose bootloader is executed as it is. What the scenario\n"
    "does is run before it is written, and passes.";

struct wish {
    const char *name;
    const char *sources[SOURCES_MAX];
    size_t source_count;
    bool force, run, help;
};

static bool read_command_line(int argc, char **argv, struct wish *out) {
    struct option_parser parser = option_parser_start("new", new_options, argc, argv);
    size_t index = 0;
    const char *value = NULL;
    for (enum option_event event; (event = option_next(&parser, &index, &value)) != OPTIONS_END;) {
        if (event == OPTION_WRONG)
            return false;
        if (event == OPERAND_FOUND && out->name)
            return usage_error("new", "one scenario at a time: `%s` is too much", value) == EXIT_MET;
        if (event == OPERAND_FOUND)
            out->name = value;
        else if (index == OPTION_FROM && out->source_count == SOURCES_MAX)
            return usage_error("new", "at most %u times --from", SOURCES_MAX) == EXIT_MET;
        else if (index == OPTION_FROM)
            out->sources[out->source_count++] = value;
        out->run = out->run || (event == OPTION_FOUND && index == OPTION_RUN);
        out->force = out->force || (event == OPTION_FOUND && index == OPTION_FORCE);
        out->help = out->help || (event == OPTION_FOUND && index == OPTION_HELP);
    }
    out->name = out->name ? out->name : DEFAULT_NAME;
    if (out->run && strcmp(out->name, "-") == 0)
        return usage_error("new", "--run needs a file to write the scenario to") == EXIT_MET;
    return true;
}

static void tell_next_step(const char *name) {
    struct terminal terminal = terminal_open(false);
    struct buffer text = {0};
    text_terminal(&text, name);
    buffer_text(&text, " is written; next: ota-sim run ");
    text_terminal(&text, name);
    buffer_text(&text, "\n");
    terminal_write(&terminal, &text);
    buffer_free(&text);
}

// What is there already is told before anything else is looked at.
static bool may_write(const struct wish *wish, struct error *error) {
    struct stat status;
    return wish->force || lstat(wish->name, &status) != 0 ||
           error_set(error, "%s exists already and stays as it is (--force replaces it)", wish->name);
}

static int write_new(const struct wish *wish) {
    struct error error = {0};
    struct buffer text = {0};
    size_t left_out = 0;
    bool fine =
        may_write(wish, &error) &&
        starter_make(wish->name, wish->sources, wish->source_count, wish->run, &text, &left_out, &error) &&
        new_file_write(wish->name, &text, wish->force, &error);
    if (!fine)
        complain("new", "%s", error.message);
    else if (strcmp(wish->name, "-") != 0 && !wish->run)
        tell_next_step(wish->name);
    if (fine && left_out > 0)
        complain("new", "%zu option%s of the sdkconfig %s not taken over; the file lists %s", left_out,
                 left_out == 1 ? "" : "s", left_out == 1 ? "is" : "are", left_out == 1 ? "it" : "them");
    buffer_free(&text);
    if (!fine || !wish->run)
        return fine ? EXIT_MET : error.unwritten ? EXIT_INTERNAL : EXIT_USAGE;
    (void)fflush(stderr);
    char command[] = "run", *name = memory_text(wish->name), *arguments[] = {command, name, NULL};
    int status = cmd_run(2, arguments);
    free(name);
    return status;
}

int cmd_new(int argc, char **argv) {
    struct wish wish = {0};
    if (!read_command_line(argc, argv, &wish))
        return EXIT_USAGE;
    if (!wish.help)
        return write_new(&wish);
    option_help("new", "[options] [NAME.yaml]", new_about, new_options);
    return EXIT_MET;
}
