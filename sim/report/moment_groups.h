// Operations of a long run put together, so that a picture of a hundred thousand of them stays small.
#ifndef SIM_REPORT_MOMENT_GROUPS_H
#define SIM_REPORT_MOMENT_GROUPS_H

#include "result.h"

struct moment_group {
    struct result_moment sum; // from the first one's start to the last one's end; all addresses; all states
    uint32_t count;           // operations in it, at least 1
    bool mixed;               // not all of one kind; sum.kind is the first one's
};

// Puts neighbours together until at most `most` (at least 1) groups are left: first those of the same step
// and call that lead to the same outcomes, and any neighbours only when that is not enough. `out` has room
// for `count` groups. Returns how many there are.
size_t moments_group(const struct result_moment *moments, size_t count, size_t most,
                     struct moment_group *out);

#endif
