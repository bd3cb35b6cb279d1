// The Test Anything Protocol, version 14: a test point for each scenario and release, diagnostics as YAML. No
// wall-clock times: equal results give equal bytes.
#ifndef SIM_REPORT_REPORT_TAP_H
#define SIM_REPORT_REPORT_TAP_H

#include "../base/buffer.h"
#include "result.h"

void report_tap(const struct result *result, const char *version, struct buffer *out);

#endif
