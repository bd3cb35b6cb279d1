// Where exactly a planned power cut falls. A cut "after 30 % of the update" needs to know how many operations
// the update has: the step is rehearsed on a copy of the board, which has no other effect.
#ifndef SIM_PLAY_REHEARSAL_H
#define SIM_PLAY_REHEARSAL_H

#include "execution.h"

struct planned_cut {
    enum {
        CUT_BEFORE_OPERATION, // or inside it: as `tear` says
        CUT_BEFORE_TIME,
        CUT_AFTER_STEP, // 100 %
        CUT_NOWHERE     // the step does not get that far
    } place;
    uint64_t operation; // as board_operations() counts
    uint64_t time_ns;
    struct tear tear;
};

// Resolves execution->planned_cut for `step`, which comes next. `step` must run firmware.
struct planned_cut rehearse_cut(struct execution *execution, const struct step *step);

#endif
