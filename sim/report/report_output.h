// The reports that can be asked for: one row each. Command line, help and file endings follow from the table.
#ifndef SIM_REPORT_REPORT_OUTPUT_H
#define SIM_REPORT_REPORT_OUTPUT_H

#include <stdbool.h>

#include "../base/buffer.h"
#include "result.h"

struct report_output {
    const char *name;   // of the option, without dashes: "json"
    const char *suffix; // how names of such files end: ".json"
    const char *help;   // one line, at most 50 characters
    const char *mark;   // stands in the first REPORT_MARK_WITHIN bytes of each
    bool draws_events;  // of the results (run_options.trace)
    // Appends the report. `version`: of the program, without "v". Equal results give equal bytes.
    void (*write)(const struct result *result, const char *version, struct buffer *out);
};

#define REPORT_OUTPUTS_MAX 16u
#define REPORT_MARK_WITHIN 1024u

// Ended by a NULL name; at most REPORT_OUTPUTS_MAX.
extern const struct report_output report_outputs[];

// The output that a file's name asks for: of all suffixes that fit, the longest ("x.trace.json" is a trace).
// NULL: none.
const struct report_output *report_output_of_file(const char *path);

#endif
