// Tears of one operation that lead to the same.
#ifndef SIM_EXPLORE_ALIKE_TEARS_H
#define SIM_EXPLORE_ALIKE_TEARS_H

#include "walk.h"

struct cut_list { // zero-initialise; `cuts` is to be freed
    struct first_cut *cuts;
    size_t count, capacity;
};
void cut_list_add(void *list, const struct tear *tear); // a tear_visitor

// Says of each cut which earlier one it is like.
void find_alike(struct walk *walk, const struct journal_operation *operation, const struct promise *clean,
                const struct promise *torn, struct cut_list *list);

#endif
