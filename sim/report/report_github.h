// For GitHub Actions: annotations on the lines of scenarios, and a job summary.
#ifndef SIM_REPORT_REPORT_GITHUB_H
#define SIM_REPORT_REPORT_GITHUB_H

#include "../base/buffer.h"
#include "result.h"

// Workflow commands, a line each, to be printed on standard output or standard error: an ::error for each
// failure and violation, a ::notice for each one that is declared as known. GitHub shows at most ten of a
// kind for a step; when there are more, the tenth says how many were left out.
// https://docs.github.com/en/actions/reference/workflows-and-actions/workflow-commands
void report_github_annotations(const struct result *result, const char *version, struct buffer *out);

#endif
