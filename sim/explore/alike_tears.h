// Tears of one operation that lead to the same.
#ifndef SIM_EXPLORE_ALIKE_TEARS_H
#define SIM_EXPLORE_ALIKE_TEARS_H

#include "walk.h"

struct cut_list { // zero-initialise; `cuts` is to be freed
    struct first_cut *cuts;
    size_t count, capacity;
};
void cut_list_add(void *list, const struct tear *tear); // a tear_visitor

// Classes of tears of one operation: each has the closure of its first one.
struct alike_tears {
    struct tear_class *classes; // owned
    size_t count;
    uint32_t start, end; // of the bytes in which tears differ
};

// Says of each cut which earlier one it is like, and which are like what was explored before.
void find_alike(struct walk *walk, const struct journal_operation *operation, const struct promise *clean,
                const struct promise *torn, struct cut_list *list, struct alike_tears *alike);

// The cuts have been explored: their classes will be recognised.
void alike_tears_explored(struct walk *walk, const struct alike_tears *alike, const struct cut_list *list);
void alike_tears_free(struct alike_tears *alike);

#endif
