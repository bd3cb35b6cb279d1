// The HTML report: one page that holds everything it needs, for a browser without a network.
#ifndef SIM_REPORT_REPORT_HTML_H
#define SIM_REPORT_REPORT_HTML_H

#include "../base/buffer.h"
#include "result.h"

// Appends the page. Below 2 MB whatever the number of crash states: long runs have their operations put
// together. Texts of the result end up as text only, never as markup or script.
void report_html(const struct result *result, const char *version, struct buffer *out);

#endif
