// The JSON report. Stable: equal results give equal bytes. The only wall-clock time in it is
// exploration.elapsed_s.
#ifndef SIM_REPORT_REPORT_JSON_H
#define SIM_REPORT_REPORT_JSON_H

#include <jansson.h>

#include "../base/buffer.h"
#include "result.h"

#define REPORT_JSON_FORMAT "ota-sim-report/1"

// Appends the report, ending in a newline. `version`: of the program, without "v".
void report_json(const struct result *result, const char *version, struct buffer *out);

// One scenario of it, as a new object.
json_t *report_json_scenario(const struct result_scenario *scenario);

#endif
