// Operations that the base's closure does not read: their tears are counted, and without memo some are run to check that.
#ifndef SIM_EXPLORE_COUNTED_TEARS_H
#define SIM_EXPLORE_COUNTED_TEARS_H

#include "walk.h"

// Without memo: recovers from `state`, which a counted tear makes, and compares. A difference is a defect.
void walk_check_tear(struct walk *walk, const struct nv_state *state, const struct promise *promise,
                     enum tear_detail detail, const struct closure *expected, const struct tear *tear);
void count_operation(struct walk *walk, const struct journal_operation *operation);
void count_whole_request(struct walk *walk, const struct journal_entry *entry);

#endif
