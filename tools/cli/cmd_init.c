// ota-sim init: what a project needs to run its scenarios on every push.
#include <ctype.h>
#include <stdio.h>
#include <string.h>

#include "../../sim/report/report_text.h"
#include "../../sim/starter/ci_file.h"
#include "commands.h"
#include "new_file.h"
#include "options.h"
#include "terminal.h"

enum { OPTION_SCENARIOS, OPTION_FROM, OPTION_OUTPUT, OPTION_FORCE, OPTION_HELP };

static const struct command_option init_options[] = {
    [OPTION_SCENARIOS] = {"scenarios", 0, "PATH", "what to run (default: scenarios)"},
    [OPTION_FROM] = {"from", 0, "WHERE", "package file, ota-sim==VERSION, index, git URL"},
    [OPTION_OUTPUT] = {"output", 'o', "FILE", "write it there, not where CI looks for it"},
    [OPTION_FORCE] = {"force", 0, NULL, "replace a file that is there"},
    [OPTION_HELP] = {"help", 'h', NULL, "show this help"},
    {NULL, 0, NULL, NULL},
};

static const char init_about[] =
    "Writes a CI file that runs the scenarios on every push and publishes the reports:\n"
    ".github/workflows/ota-sim.yml or .gitlab-ci.yml. A file that is there stays.\n"
    "--from says where the job gets ota-sim: a .deb, .whl or .tar.gz in the repository or\n"
    "at a URL (not .deb), ota-sim==VERSION from PyPI, an index of Python packages\n"
    "(https://.../simple), or a git URL with @TAG or @COMMIT.";

struct wish {
    const struct ci_system *system;
    const char *scenarios, *from, *output;
    bool ci, force, help;
};

// What goes into a shell command as it is must be plain.
static bool take_plain(const char *option, const char *value, const char **out) {
    bool plain = isalnum((unsigned char)value[0]) || value[0] == '.' || value[0] == '/';
    for (const char *c = value; *c; c++)
        plain = plain && (isalnum((unsigned char)*c) || strchr("._~:/@%+=-", *c));
    *out = value;
    return plain || usage_error("init", "--%s: letters, digits and ._~:/@%%+=- only, not `%s`", option,
                                value) == EXIT_MET;
}

static bool take_operand(const char *word, struct wish *out) {
    if (!out->ci) {
        out->ci = strcmp(word, "ci") == 0;
        return out->ci || usage_error("init", "there is only `init ci`, not `init %s`", word) == EXIT_MET;
    }
    if (out->system)
        return usage_error("init", "one CI system at a time: `%s` is too much", word) == EXIT_MET;
    for (const struct ci_system *system = ci_systems; system->name; system++)
        if (strcmp(system->name, word) == 0)
            out->system = system;
    return out->system ||
           usage_error("init", "no CI file is known for `%s`; there are github and gitlab", word) == EXIT_MET;
}

static bool take_option(size_t index, const char *value, struct wish *out) {
    switch (index) {
    case OPTION_SCENARIOS:
        return take_plain("scenarios", value, &out->scenarios);
    case OPTION_FROM:
        return take_plain("from", value, &out->from);
    case OPTION_OUTPUT:
        out->output = value;
        return true;
    case OPTION_FORCE:
        out->force = true;
        return true;
    default:
        out->help = true;
        return true;
    }
}

static bool read_command_line(int argc, char **argv, struct wish *out) {
    struct option_parser parser = option_parser_start("init", init_options, argc, argv);
    size_t index = 0;
    const char *value = NULL;
    for (enum option_event event; (event = option_next(&parser, &index, &value)) != OPTIONS_END;)
        if (event == OPTION_WRONG || (event == OPERAND_FOUND && !take_operand(value, out)) ||
            (event == OPTION_FOUND && !take_option(index, value, out)))
            return false;
    if (!out->help && !out->system)
        return usage_error("init", "for which CI? `ota-sim init ci github` or `ota-sim init ci gitlab`") ==
               EXIT_MET;
    return out->help || out->from ||
           usage_error("init",
                       "where does CI get ota-sim from? Give a package file, ota-sim==VERSION, an index or "
                       "a git URL with @TAG by --from") == EXIT_MET;
}

static void tell(const struct wish *wish, const char *path) {
    struct terminal terminal = terminal_open(false);
    struct buffer text = {0};
    text_terminal(&text, path);
    buffer_text(&text, " is written: it runs ");
    text_terminal(&text, wish->scenarios);
    buffer_text(&text, "\n");
    terminal_write(&terminal, &text);
    buffer_free(&text);
}

static int init(const struct wish *wish) {
    const char *path = wish->output ? wish->output : wish->system->path;
    struct error error = {0};
    struct buffer text = {0};
    struct ci_source source = {0};
    bool fine = ci_source_read(wish->from, &source, &error);
    if (fine) {
        wish->system->print(&source, wish->scenarios, &text);
        fine = new_file_write(path, &text, wish->force, &error);
        ci_source_free(&source);
    }
    if (!fine)
        complain("init", "%s", error.message);
    else if (strcmp(path, "-") != 0)
        tell(wish, path);
    buffer_free(&text);
    return fine ? EXIT_MET : error.unwritten ? EXIT_INTERNAL : EXIT_USAGE;
}

int cmd_init(int argc, char **argv) {
    struct wish wish = {.scenarios = "scenarios"};
    if (!read_command_line(argc, argv, &wish))
        return EXIT_USAGE;
    if (!wish.help)
        return init(&wish);
    option_help("init", "ci github|gitlab [options]", init_about, init_options);
    return EXIT_MET;
}
