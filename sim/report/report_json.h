// The JSON report; docs/report.schema.json says what is in it. Stable: equal results give equal bytes.
//
// The number at the end of the format goes up when a reader of the old one would go wrong: something is taken
// away or means something else. New members may come at any time.
#ifndef SIM_REPORT_REPORT_JSON_H
#define SIM_REPORT_REPORT_JSON_H

#include <jansson.h>

#include "../base/buffer.h"
#include "result.h"

#define REPORT_JSON_FAMILY "ota-sim-report/"
#define REPORT_JSON_FORMAT REPORT_JSON_FAMILY "2"

// Appends the report, ending in a newline. `version`: of the program, without "v".
void report_json(const struct result *result, const char *version, struct buffer *out);

// One scenario of it, as a new object.
json_t *report_json_scenario(const struct result_scenario *scenario);

#endif
