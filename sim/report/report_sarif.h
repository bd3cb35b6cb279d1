// SARIF 2.1.0, as code scanning services read it: rules with help, a result for each failure and violation at
// the scenario's line. What a scenario declares as known is there too, suppressed, with the reason.
#ifndef SIM_REPORT_REPORT_SARIF_H
#define SIM_REPORT_REPORT_SARIF_H

#include "../base/buffer.h"
#include "result.h"

void report_sarif(const struct result *result, const char *version, struct buffer *out);

#endif
