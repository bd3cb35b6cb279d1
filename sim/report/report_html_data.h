// What the HTML page shows, as JSON for its script: the scenarios of the JSON report, with what a page wants
// beside that. Private to the HTML report.
#ifndef SIM_REPORT_REPORT_HTML_DATA_H
#define SIM_REPORT_REPORT_HTML_DATA_H

#include "../base/buffer.h"
#include "result.h"

// Appends one line of JSON without any `<`, so that it may stand in a script element whatever it says.
void report_html_data(const struct result *result, const char *version, struct buffer *out);

#endif
