#include "run_settings.h"

#include <errno.h>
#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <strings.h>
#include <sys/stat.h>

#include "../../sim/base/buffer.h"
#include "../../sim/base/words.h"
#include "commands.h"
#include "options.h"
#include "report_file.h"

#define SEED_MAX    (UINT64_MAX >> 1) // what JSON readers take for an integer
#define THREADS_MAX 256u
#define DEPTH_MAX   16u // CRASH_CUTS_MAX

enum run_option {
    RUN_OUTPUT,
    RUN_GITHUB,
    RUN_MATCH,
    RUN_LIST,
    RUN_VERBOSE,
    RUN_WATCH,
    RUN_SAVE_FLASH,
    RUN_BOOTLOADER,
    RUN_ROM,
    RUN_ELF,
    RUN_RELEASE,
    RUN_SEED,
    RUN_NO_EXPLORE,
    RUN_JOBS,
    RUN_DEPTH,
    RUN_FAULTS,
    RUN_CUTS_PER_HOUR,
    RUN_STRICT,
    RUN_MAX_TIME,
    RUN_MAX_STATES,
    RUN_MAX_MEMORY,
    RUN_FAIL_FAST,
    RUN_NO_MEMO,
    RUN_VERIFY_MEMO,
    RUN_TIMING,
    RUN_SHARD,
    RUN_HELP,
    RUN_OPTION_COUNT
};

static const struct command_option run_options[RUN_OPTION_COUNT] = {
    [RUN_OUTPUT] = {"output", 'o', "FILE", "write the report that the name's ending says"},
    [RUN_GITHUB] = {"github", 0, NULL, "annotations and job summary for GitHub Actions"},
    [RUN_MATCH] = {"match", 'k', "GLOB", "only scenarios whose path or name fits"},
    [RUN_LIST] = {"list", 'l', NULL, "list the scenarios, run nothing"},
    [RUN_VERBOSE] = {"verbose", 'v', NULL, "tell what happens in each step"},
    [RUN_WATCH] = {"watch", 'w', NULL, "run again whenever a scenario changes"},
    [RUN_SAVE_FLASH] = {"save-flash", 0, "DIR", "save each final flash as a file there"},
    [RUN_BOOTLOADER] = {"bootloader", 0, "FILE", "execute this genuine bootloader, as it is"},
    [RUN_ROM] = {"rom", 0, "FILE.elf", "and below it this genuine mask ROM"},
    [RUN_ELF] = {"elf", 0, "FILE.elf", "the bootloader's names and lines, for -v"},
    [RUN_RELEASE] = {"release", 'r', "NAME[,NAME...]", "run under these ESP-IDF releases"},
    [RUN_SEED] = {"seed", 0, "N", "seed of everything random"},
    [RUN_NO_EXPLORE] = {"no-explore", 0, NULL, "run the steps only, explore no power cuts"},
    [RUN_JOBS] = {"jobs", 'j', "N", "threads for exploring (default: all cores)"},
    [RUN_DEPTH] = {"depth", 0, "N", "at most N power cuts in a row; 0: any number"},
    [RUN_FAULTS] = {"faults", 0, "NAME[,NAME...]", "explore with these fault models"},
    [RUN_CUTS_PER_HOUR] = {"cuts-per-hour", 0, "RATE", "how often the power goes, for expected numbers"},
    [RUN_STRICT] = {"strict", 0, NULL, "hazards of ESP-IDF itself fail a run, too"},
    [RUN_MAX_TIME] = {"max-time", 0, "TIME", "end an exploration after 90s, 5min, 1h: incomplete"},
    [RUN_MAX_STATES] = {"max-states", 0, "N", "end an exploration after N distinct states"},
    [RUN_MAX_MEMORY] = {"max-memory", 0, "SIZE", "end it at 512M, 4G (default: 3/4 of what is there)"},
    [RUN_FAIL_FAST] = {"fail-fast", 0, NULL, "run nothing more after the first failure"},
    [RUN_NO_MEMO] = {"no-memo", 0, NULL, "recover from every crash state afresh (slow)"},
    [RUN_VERIFY_MEMO] = {"verify-memo", 0, "[=SHARE]", "run a share of what is remembered again; 0.01"},
    [RUN_TIMING] = {"timing", 0, NULL, "tell wall-clock times in reports"},
    [RUN_SHARD] = {"shard", 0, "K/N", "run only the K-th of N shares"},
    [RUN_HELP] = {"help", 'h', NULL, "show this help"},
};

// All options: those of the reports, then those above; ended by a NULL name.
struct run_option_table {
    struct command_option options[REPORT_OUTPUTS_MAX + RUN_OPTION_COUNT + 1];
    size_t report_count;
};

static struct run_option_table all_options(void) {
    struct run_option_table table = {0};
    for (const struct report_output *output = report_outputs; output->name; output++)
        table.options[table.report_count++] = (struct command_option){output->name, 0, "FILE", output->help};
    memcpy(table.options + table.report_count, run_options, sizeof run_options);
    return table;
}

static const char run_about[] =
    "Runs scenarios on simulated boards. FILE is a scenario; of a DIR, every *.yaml\n"
    "and *.yml below it. Exit status: 0 all expectations are met, 1 some are not,\n"
    "2 bad usage or input, 3 internal error, 4 incomplete and nothing violated so\n"
    "far, 128 + its number after a signal.";

void run_settings_help(void) {
    struct run_option_table table = all_options();
    option_help("run", "[options] FILE|DIR...", run_about, table.options);
}

// ---- lists of names -----------------------------------------------------------------------------

// Calls `add` for each name of a list that is separated by commas.
static bool for_each_name(struct run_settings *settings, const char *list,
                          bool (*add)(struct run_settings *settings, const char *name)) {
    char *names = memory_text(list), *rest = names, *name;
    bool fine = true;
    while (fine && (name = strsep(&rest, ",")) != NULL)
        fine = add(settings, name);
    free(names);
    return fine;
}

// Tells that `name` is none of `names` (ended by NULL).
static bool no_such(const char *what, const char *name, const char *const *names) {
    struct buffer known = {0};
    for (size_t i = 0; names[i]; i++)
        buffer_printf(&known, "%s%s", i == 0 ? "" : ", ", names[i]);
    const char *near = nearest_word(name, names);
    usage_error("run", "there is no %s `%s`%s%s%s; there are %s", what, name, near ? " (did you mean " : "",
                near ? near : "", near ? "?)" : "", buffer_string(&known));
    buffer_free(&known);
    return false;
}

static bool add_release(struct run_settings *settings, const char *name) {
    const struct release_profile *profile = release_profile_find(name);
    if (!profile) {
        const char *names[RUN_RELEASES_MAX + 1] = {0};
        for (size_t i = 0; i < RUN_RELEASES_MAX && release_profiles[i].name; i++)
            names[i] = release_profiles[i].name;
        return no_such("release", name, names);
    }
    for (size_t i = 0; i < settings->release_count; i++)
        if (settings->releases[i] == profile)
            return true;
    if (settings->release_count < RUN_RELEASES_MAX)
        settings->releases[settings->release_count++] = profile;
    return true;
}

static bool add_fault_model(struct run_settings *settings, const char *name) {
    const char *names[FAULT_WORDS + 1] = {0};
    for (uint32_t i = 0; i < FAULT_WORDS; i++) {
        struct fault_word word = fault_word(i);
        names[i] = word.name;
        if (strcmp(name, word.name) == 0) {
            settings->exploration.models |= word.models;
            return true;
        }
    }
    return no_such("fault model", name, names);
}

// ---- reports ------------------------------------------------------------------------------------

static bool add_report(struct run_settings *settings, const struct report_output *output, const char *path) {
    bool on_stdout = strcmp(path, "-") == 0;
    struct error error = {0};
    if (!report_file_allowed(path, output->mark, &error)) {
        usage_error("run", "%s", error.message);
        return false;
    }
    for (size_t i = 0; i < settings->report_count; i++) {
        if (strcmp(settings->reports[i].path, path) != 0)
            continue;
        if (on_stdout)
            usage_error("run", "only one report can go to standard output");
        else
            usage_error("run", "two reports cannot go to the same file, `%s`", path);
        return false;
    }
    if (settings->report_count == RUN_REPORTS_MAX) {
        usage_error("run", "at most %u reports in one run", RUN_REPORTS_MAX);
        return false;
    }
    settings->reports[settings->report_count++] = (struct report_request){output, path};
    return true;
}

// -o FILE: the ending says which report.
static bool add_report_by_name(struct run_settings *settings, const char *path) {
    const struct report_output *output = report_output_of_file(path);
    if (output)
        return add_report(settings, output, path);
    struct buffer endings = {0};
    for (output = report_outputs; output->name; output++)
        buffer_printf(&endings, "%s%s", output == report_outputs ? "" : ", ", output->suffix);
    usage_error("run", "--output: the ending of `%s` does not say which report; there are %s", path,
                buffer_string(&endings));
    buffer_free(&endings);
    return false;
}

// ---- single values ------------------------------------------------------------------------------

static bool set_save_folder(struct run_settings *settings, const char *path) {
    struct stat status;
    if (stat(path, &status) != 0 || !S_ISDIR(status.st_mode)) {
        usage_error("run", "--save-flash: there is no folder `%s`", path);
        return false;
    }
    settings->save_flash = path;
    return true;
}

static bool set_threads(struct run_settings *settings, const char *text) {
    uint64_t threads;
    if (!option_number("run", "--jobs", text, 1, THREADS_MAX, &threads))
        return false;
    settings->exploration.threads = (unsigned)threads;
    return true;
}

static bool set_depth(struct run_settings *settings, const char *text) {
    uint64_t depth;
    if (!option_number("run", "--depth", text, 0, DEPTH_MAX, &depth))
        return false;
    settings->exploration.depth = (uint32_t)depth;
    settings->exploration.depth_set = true;
    return true;
}

#define VERIFY_SHARE_DEFAULT 0.01

static bool set_verify_share(struct run_settings *settings, const char *text) {
    char *end = NULL;
    double share = text == NULL ? VERIFY_SHARE_DEFAULT : strtod(text, &end);
    if (text != NULL && (end == text || *end != '\0' || !(share > 0 && share <= 1))) {
        usage_error("run", "--verify-memo takes a share above 0 and at most 1, not `%s`", text);
        return false;
    }
    settings->exploration.verify_share = share;
    return true;
}

static bool set_rate(struct run_settings *settings, const char *text) {
    char *end;
    errno = 0;
    double rate = strtod(text, &end);
    if (end == text || *end != '\0' || errno != 0 || !isfinite(rate) || rate <= 0) {
        usage_error("run", "--cuts-per-hour takes a number above 0, not `%s`", text);
        return false;
    }
    settings->exploration.cuts_per_hour = rate;
    return true;
}

// A number with one of the units behind it.
static bool set_measure(const char *option, const char *text, const char *const *units, const uint64_t *worth,
                        const char *example, uint64_t *out) {
    char *end;
    errno = 0;
    double number = strtod(text, &end);
    for (size_t i = 0; units[i]; i++) {
        double value = number * (double)worth[i];
        if (end != text && errno == 0 && strcasecmp(end, units[i]) == 0 && value >= 1 && value < 1e18) {
            *out = (uint64_t)value;
            return true;
        }
    }
    usage_error("run", "%s takes %s, not `%s`", option, example, text);
    return false;
}

static bool set_time_max(struct run_settings *settings, const char *text) {
    static const char *const units[] = {"ms", "s", "min", "h", NULL};
    static const uint64_t worth[] = {1000, 1000000, 60000000, 3600000000u};
    return set_measure("--max-time", text, units, worth, "a time such as 90s, 5min or 1h",
                       &settings->exploration.time_max_us);
}

static bool set_memory_max(struct run_settings *settings, const char *text) {
    static const char *const units[] = {"K", "KiB", "M", "MiB", "G", "GiB", "", NULL};
    static const uint64_t worth[] = {1u << 10, 1u << 10, 1u << 20, 1u << 20, 1u << 30, 1u << 30, 1};
    return set_measure("--max-memory", text, units, worth, "a size such as 512M or 4G",
                       &settings->exploration.memory_max);
}

// ---- the whole ----------------------------------------------------------------------------------

static bool set_option(struct run_settings *settings, enum run_option option, const char *value) {
    switch (option) {
    case RUN_OUTPUT:
        return add_report_by_name(settings, value);
    case RUN_GITHUB:
        settings->github = true;
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
    case RUN_WATCH:
        settings->watch = true;
        return true;
    case RUN_SAVE_FLASH:
        return set_save_folder(settings, value);
    case RUN_BOOTLOADER:
        settings->bootloader = value;
        return true;
    case RUN_ROM:
        settings->rom = value;
        return true;
    case RUN_ELF:
        settings->elf = value;
        return true;
    case RUN_RELEASE:
        return for_each_name(settings, value, add_release);
    case RUN_SEED:
        return option_number("run", "--seed", value, 1, SEED_MAX, &settings->seed);
    case RUN_NO_EXPLORE:
        settings->no_explore = true;
        return true;
    case RUN_JOBS:
        return set_threads(settings, value);
    case RUN_DEPTH:
        return set_depth(settings, value);
    case RUN_FAULTS:
        return for_each_name(settings, value, add_fault_model);
    case RUN_CUTS_PER_HOUR:
        return set_rate(settings, value);
    case RUN_STRICT:
        settings->exploration.strict = true;
        return true;
    case RUN_MAX_TIME:
        return set_time_max(settings, value);
    case RUN_MAX_STATES:
        return option_number("run", "--max-states", value, 1, SEED_MAX, &settings->exploration.states_max);
    case RUN_MAX_MEMORY:
        return set_memory_max(settings, value);
    case RUN_FAIL_FAST:
        settings->fail_fast = true;
        return true;
    case RUN_TIMING:
        settings->timing = true;
        return true;
    case RUN_NO_MEMO:
        settings->exploration.no_memo = true;
        return true;
    case RUN_VERIFY_MEMO:
        return set_verify_share(settings, value);
    case RUN_SHARD:
        return shard_read(value, &settings->shard);
    case RUN_HELP:
        settings->help = true;
        return true;
    case RUN_OPTION_COUNT:
        break;
    }
    return false;
}

static bool take_option(struct run_settings *settings, const struct run_option_table *table, size_t index,
                        const char *value) {
    if (index < table->report_count)
        return add_report(settings, &report_outputs[index], value);
    return set_option(settings, (enum run_option)(index - table->report_count), value);
}

// True for options that say how to run and what to show, and leave every result as it is.
static bool leaves_results_alone(enum run_option option) {
    return option == RUN_OUTPUT || option == RUN_GITHUB || option == RUN_VERBOSE || option == RUN_WATCH ||
           option == RUN_SAVE_FLASH || option == RUN_JOBS || option == RUN_SHARD || option == RUN_VERIFY_MEMO;
}

static void note_word(struct run_settings *settings, const char *dashes, const char *word) {
    buffer_printf(&settings->command, "%s%s%s", settings->command.length > 0 ? " " : "", dashes, word);
}

static void note_option(struct run_settings *settings, const struct run_option_table *table, size_t index,
                        const char *value) {
    if (index < table->report_count || leaves_results_alone((enum run_option)(index - table->report_count)))
        return;
    note_word(settings, "--", table->options[index].name);
    if (value)
        note_word(settings, "", value);
}

// A file that cannot be read does not stop the others.
static void add_operand(struct run_settings *settings, const char *path) {
    struct error error = {0};
    note_word(settings, "", path);
    if (scenario_files_add(&settings->files, path, &error))
        return;
    complain("run", "%s", error.message);
    settings->bad_input = true;
}

bool run_settings_report_on_stdout(const struct run_settings *settings) {
    for (size_t i = 0; i < settings->report_count; i++)
        if (strcmp(settings->reports[i].path, "-") == 0)
            return true;
    return false;
}

bool run_settings_read(int argc, char **argv, struct run_settings *out) {
    *out = (struct run_settings){0};
    struct run_option_table table = all_options();
    struct option_parser parser = option_parser_start("run", table.options, argc, argv);
    size_t index, operands = 0;
    const char *value;
    for (enum option_event event; (event = option_next(&parser, &index, &value)) != OPTIONS_END;) {
        if (event == OPTION_WRONG)
            return false;
        if (event == OPTION_FOUND && !take_option(out, &table, index, value))
            return false;
        if (event == OPTION_FOUND)
            note_option(out, &table, index, value);
        if (event == OPERAND_FOUND)
            add_operand(out, value);
        operands += event == OPERAND_FOUND;
    }
    if (!out->help && operands == 0) {
        usage_error("run", "which scenarios? Name a file or a folder");
        return false;
    }
    return out->help || out->shard.count > 0 || shard_of_environment(&out->shard);
}

void run_settings_free(struct run_settings *settings) {
    scenario_files_free(&settings->files);
    buffer_free(&settings->command);
}
