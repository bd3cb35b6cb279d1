// The JUnit report, in the dialect that Jenkins' junit-10.xsd describes and the readers of GitLab and GitHub
// take, too: a testsuite for each scenario and release, with properties; in it one testcase with a name that
// is unique in its class, at most one failure or error, and the commands to run and replay it. Times are
// whole seconds.
#ifndef SIM_REPORT_REPORT_JUNIT_H
#define SIM_REPORT_REPORT_JUNIT_H

#include "../base/buffer.h"
#include "result.h"

// `version`: of the program, without "v".
void report_junit(const struct result *result, const char *version, struct buffer *out);

#endif
