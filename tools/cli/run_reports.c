#include "run_reports.h"

#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "../../sim/report/report_github.h"
#include "../../sim/report/report_markdown.h"
#include "options.h"
#include "report_file.h"

bool run_reports_need_events(const struct run_settings *settings) {
    for (size_t i = 0; i < settings->report_count; i++)
        if (settings->reports[i].output->draws_events)
            return true;
    return false;
}

static bool write_report(const struct report_request *request, const struct result *result) {
    struct buffer text = {0};
    struct error error = {0};
    request->output->write(result, OTA_SIM_VERSION, &text);
    bool fine = report_file_write(request->path, request->output->mark, &text, &error);
    if (!fine)
        complain("run", "%s", error.message);
    buffer_free(&text);
    return fine;
}

// The summary of a job is a file to which every step appends.
static bool append_summary(const char *path, const struct result *result) {
    struct buffer text = {0};
    report_markdown(result, OTA_SIM_VERSION, &text);
    FILE *file = fopen(path, "a");
    bool fine = file && fwrite(buffer_string(&text), 1, text.length, file) == text.length;
    fine = file && fclose(file) == 0 && fine;
    if (!fine)
        complain("run", "GITHUB_STEP_SUMMARY: %s: %s", path, strerror(errno));
    buffer_free(&text);
    return fine;
}

static bool tell_github(const struct result *result, struct terminal *terminal) {
    struct buffer text = {0};
    const char *summary = getenv("GITHUB_STEP_SUMMARY");
    report_github_annotations(result, OTA_SIM_VERSION, &text);
    terminal_write_commands(terminal, &text);
    buffer_free(&text);
    return !summary || !summary[0] || append_summary(summary, result);
}

bool run_reports_write(const struct run_settings *settings, const struct result *result,
                       struct terminal *terminal) {
    bool fine = !settings->github || tell_github(result, terminal);
    for (size_t i = 0; i < settings->report_count; i++)
        fine = write_report(&settings->reports[i], result) && fine;
    return fine;
}
