// ota-sim merge: the reports of all shards of a run to the report of the run.
#include <stdio.h>
#include <stdlib.h>

#include "../../sim/base/file.h"
#include "../../sim/report/report_merge.h"
#include "../../sim/report/report_output.h"
#include "../../sim/report/report_text.h"
#include "commands.h"
#include "options.h"
#include "report_file.h"
#include "terminal.h"

#define REPORT_SIZE_MAX ((size_t)1 << 30)

enum { OPTION_JSON, OPTION_HELP };

static const struct command_option merge_options[] = {
    [OPTION_JSON] = {"json", 0, "FILE", "write the whole report there (-: standard output)"},
    [OPTION_HELP] = {"help", 'h', NULL, "show this help"},
    {NULL, 0, NULL, NULL},
};

static const char merge_about[] =
    "Joins the JSON reports that the shards of one run have written (ota-sim run --shard\n"
    "K/N --json FILE) into the report of the whole run, byte for byte, once all shards are\n"
    "there. The exit status is that of the whole run; 2 also when they do not belong together.";

struct merge {
    const char *json; // NULL: nowhere
    bool help;
    struct report_part *parts;
    size_t part_count;
};

// The whole report replaces none of its parts.
static bool check_target(const struct merge *merge) {
    struct error error = {0};
    bool fine = report_file_allowed(merge->json, report_outputs[0].mark, &error);
    for (size_t i = 0; i < merge->part_count && fine; i++)
        if (report_file_is(merge->json, merge->parts[i].name))
            fine = error_set(&error, "%s: is one of the reports to merge", merge->json);
    return fine || usage_error("merge", "%s", error.message) == EXIT_MET;
}

static bool read_command_line(int argc, char **argv, struct merge *out) {
    struct option_parser parser = option_parser_start("merge", merge_options, argc, argv);
    size_t index = 0;
    const char *value = NULL;
    out->parts = memory_zeroed((size_t)argc, sizeof out->parts[0]);
    for (enum option_event event; (event = option_next(&parser, &index, &value)) != OPTIONS_END;) {
        if (event == OPTION_WRONG)
            return false;
        if (event == OPERAND_FOUND)
            out->parts[out->part_count++].name = value;
        else if (index == OPTION_JSON)
            out->json = value;
        else
            out->help = true;
    }
    if (!out->help && out->part_count == 0)
        return usage_error("merge", "which reports? Name the JSON files of all shards") == EXIT_MET;
    return out->json == NULL || check_target(out);
}

static bool read_parts(struct merge *merge, struct error *error) {
    for (size_t i = 0; i < merge->part_count; i++)
        if (!file_read(merge->parts[i].name, REPORT_SIZE_MAX, &merge->parts[i].text, error))
            return false;
    return true;
}

static void show(struct terminal *terminal, const struct merge *merge, const struct report_merged *merged) {
    struct buffer text = {0};
    for (size_t i = 0; i < merged->notice_count; i++) {
        const struct report_merge_notice *notice = &merged->notices[i];
        buffer_text(&text, notice->verdict == VERDICT_FAIL ? "FAIL   " : "ERROR  ");
        text_terminal(&text, notice->file);
        if (notice->release[0] != '\0') {
            buffer_text(&text, " [");
            text_terminal(&text, notice->release);
            buffer_text(&text, "]");
        }
        buffer_text(&text, "\n");
    }
    const struct result_totals *totals = &merged->totals;
    buffer_printf(&text, "%zu scenario%s from %zu shard%s: %zu passed, %zu failed, %zu error%s%s\n",
                  totals->scenarios, totals->scenarios == 1 ? "" : "s", merge->part_count,
                  merge->part_count == 1 ? "" : "s", totals->passed, totals->failed, totals->errors,
                  totals->errors == 1 ? "" : "s", merged->status > EXIT_SIGNAL ? "; interrupted" : "");
    terminal_write(terminal, &text);
    buffer_free(&text);
}

static int merge(struct merge *merge) {
    struct error error = {0};
    struct report_merged merged = {0};
    if (!read_parts(merge, &error) || !report_merge(merge->parts, merge->part_count, &merged, &error)) {
        complain("merge", "%s", error.message);
        return EXIT_USAGE;
    }
    bool on_stdout = merge->json && merge->json[0] == '-' && merge->json[1] == '\0';
    struct terminal terminal = terminal_open(on_stdout);
    int status = merged.status;
    show(&terminal, merge, &merged);
    if (merge->json && !report_file_write(merge->json, report_outputs[0].mark, &merged.json, &error)) {
        complain("merge", "%s", error.message);
        status = EXIT_INTERNAL;
    }
    report_merged_free(&merged);
    return status;
}

int cmd_merge(int argc, char **argv) {
    struct merge wish = {0};
    int status = EXIT_USAGE;
    if (read_command_line(argc, argv, &wish)) {
        if (wish.help) {
            option_help("merge", "[options] REPORT.json...", merge_about, merge_options);
            status = EXIT_MET;
        } else {
            status = merge(&wish);
        }
    }
    for (size_t i = 0; i < wish.part_count; i++)
        buffer_free(&wish.parts[i].text);
    free(wish.parts);
    return status;
}
