#include "report_output.h"

#include <string.h>

#include "report_html.h"
#include "report_json.h"
#include "report_junit.h"
#include "report_markdown.h"
#include "report_sarif.h"
#include "report_tap.h"
#include "report_trace.h"

const struct report_output report_outputs[] = {
    {"json", ".json", "write a JSON report (-: standard output)", "\"format\": \"" REPORT_JSON_FAMILY, false,
     report_json},
    {"html", ".html", "write a page for the browser, pictures included",
     "<meta name=\"generator\" content=\"ota-sim\">", true, report_html},
    {"junit", ".xml", "write a JUnit XML report", "<testsuites name=\"ota-sim\"", false, report_junit},
    {"sarif", ".sarif", "write a SARIF 2.1.0 report for code scanning", "\"name\": \"ota-sim\"", false,
     report_sarif},
    {"tap", ".tap", "write a TAP 14 report", "TAP version 14\n# ota-sim ", false, report_tap},
    {"trace", ".trace.json", "write the runs as a trace for Perfetto", "{\"program\":\"ota-sim\"", true,
     report_trace},
    {"markdown", ".md", "write a summary in Markdown", "## ota-sim: ", false, report_markdown},
    {NULL, NULL, NULL, NULL, false, NULL},
};

const struct report_output *report_output_of_file(const char *path) {
    const struct report_output *best = NULL;
    size_t length = strlen(path), best_length = 0;
    for (const struct report_output *output = report_outputs; output->name; output++) {
        size_t suffix = strlen(output->suffix);
        if (suffix > best_length && length >= suffix && strcmp(path + length - suffix, output->suffix) == 0) {
            best = output;
            best_length = suffix;
        }
    }
    return best;
}
