// The run as a trace in Chrome's JSON format, for ui.perfetto.dev and chrome://tracing: a process for each
// scenario and release, a track each for steps, firmware calls, flash, boots and power. Simulated time;
// within a track events are strictly nested.
#ifndef SIM_REPORT_REPORT_TRACE_H
#define SIM_REPORT_REPORT_TRACE_H

#include "../base/buffer.h"
#include "result.h"

// Draws the results' events; without them (run_options.trace) the tracks are empty.
void report_trace(const struct result *result, const char *version, struct buffer *out);

#endif
