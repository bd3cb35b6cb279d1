// Why an exploration ended before nothing new appeared.
#ifndef SIM_EXPLORE_BUDGET_H
#define SIM_EXPLORE_BUDGET_H

enum budget {
    BUDGET_LEFT,        // it did not
    BUDGET_INTERRUPTED, // somebody stopped it
    BUDGET_STATES,      // so many distinct states: the only end that is the same on every machine
    BUDGET_TIME,
    BUDGET_MEMORY
};

#endif
