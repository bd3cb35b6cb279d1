// Operations that the base's closure does read: each tear is a state of its own.
#ifndef SIM_EXPLORE_TORN_OPERATIONS_H
#define SIM_EXPLORE_TORN_OPERATIONS_H

#include "walk.h"

void tear_operation(struct walk *walk, const struct journal_operation *operation);

#endif
