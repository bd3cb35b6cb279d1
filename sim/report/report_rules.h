// The rules that a scenario can break: invariants (from their table), and kinds of expectations. Reports name them, code
// scanning shows their help.
#ifndef SIM_REPORT_REPORT_RULES_H
#define SIM_REPORT_REPORT_RULES_H

#include <stddef.h>

#include "result.h"

struct report_rule {
    const char *id;    // "invariant/old-or-new", "expect/booted"
    const char *title; // what holds when it is kept: "No third version ever runs"
    const char *help;  // what it means when it is broken, and where to look
};

size_t report_rule_count(void);
struct report_rule report_rule(size_t index); // below report_rule_count

// The index of a rule. An id that is not there is a defect: the process ends.
size_t report_rule_index(const char *id);

// The rule of an invariant by its name; a scenario's own invariants share one.
size_t report_rule_of_invariant(const char *name);

#define REPORT_RULE_RUNS "scenario/runs" // of scenarios that could not be run

#endif
