#include "report_output.h"

#include <string.h>

#include "report_json.h"
#include "report_junit.h"

const struct report_output report_outputs[] = {
    {"json", ".json", "write a JSON report (-: standard output)", report_json},
    {"junit", ".xml", "write a JUnit XML report", report_junit},
    {NULL, NULL, NULL, NULL},
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
