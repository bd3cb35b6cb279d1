// What a crash leads to, in one word: also the colours of the timeline.
#ifndef SIM_EXPLORE_OUTCOME_H
#define SIM_EXPLORE_OUTCOME_H

enum outcome {
    OUTCOME_OLD,   // the version before the update runs, or whatever ran when the power went
    OUTCOME_NEW,   // the version that the update brings
    OUTCOME_THIRD, // another one
    OUTCOME_BRICK, // nothing boots
    OUTCOME_LOOP   // it boots and boots
};
#define OUTCOME_COUNT 5u

const char *outcome_name(enum outcome outcome); // "old"

struct recovery;
struct promise;
enum outcome outcome_of_recovery(const struct recovery *recovery, const struct promise *promise);

#endif
