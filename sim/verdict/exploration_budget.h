// Time and memory that an exploration may take.
#ifndef SIM_VERDICT_EXPLORATION_BUDGET_H
#define SIM_VERDICT_EXPLORATION_BUDGET_H

#include <stdint.h>

#include "../explore/budget.h"

struct exploration_budget {
    double deadline_s;   // of seconds_now(); 0: none
    uint64_t memory_max; // bytes that the process may hold; 0: any
    double looked_s;     // when memory was looked at last
};

// `time_us` 0: any time. `memory` 0: three quarters of the machine's memory, or of what the process's cgroup may
// have when that is less.
void exploration_budget_start(struct exploration_budget *budget, uint64_t time_us, uint64_t memory);

// For explorer_options.spent; `context` is the budget.
enum budget exploration_budget_spent(void *context);

#endif
