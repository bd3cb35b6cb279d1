// The JUnit report, in the dialect that Jenkins, GitLab and GitHub actions read alike: one testsuite a file,
// one testcase a scenario and release with a name that is unique, at most one failure or error in it.
#ifndef SIM_REPORT_REPORT_JUNIT_H
#define SIM_REPORT_REPORT_JUNIT_H

#include "../base/buffer.h"
#include "result.h"

// `version`: of the program, without "v".
void report_junit(const struct result *result, const char *version, struct buffer *out);

#endif
