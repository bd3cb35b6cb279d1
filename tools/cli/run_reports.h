// Writes the reports that a command line asks for.
#ifndef TOOLS_CLI_RUN_REPORTS_H
#define TOOLS_CLI_RUN_REPORTS_H

#include <stdbool.h>

#include "../../sim/report/result.h"
#include "run_settings.h"
#include "terminal.h"

// True when some report draws the results' events.
bool run_reports_need_events(const struct run_settings *settings);

// All of them. False: some could not be written; the reason has been told, the others are there.
bool run_reports_write(const struct run_settings *settings, const struct result *result,
                       struct terminal *terminal);

#endif
