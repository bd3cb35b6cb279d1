// A share of what is remembered, run again by somebody else and compared: the memo's standing check.
//
// The witness is a worker of its own: another board, with another history, and without remembered digests.
// When a run that was remembered comes out differently there, something decided it that no observer saw.
#ifndef SIM_EXPLORE_WITNESS_H
#define SIM_EXPLORE_WITNESS_H

#include "worker.h"

// Called for each remembered run that is about to be used; options->verify_share says how many are looked at,
// the seed and the input which. A difference is told in worker->defect, once.
void witness_recovery(struct worker *worker, const struct memo_input *input,
                      const struct memo_run *remembered);
void witness_retry(struct worker *worker, const struct memo_input *input, const struct memo_run *remembered);

// Called for each crash state that another one stands for (canonical_otadata.h), when it is met: of all of them without
// memo, else of that share, both are recovered by the witness and have to come to the same, and so have the states that
// cuts in their recoveries lead to.
void witness_canonical(struct worker *worker, const struct nv_state *state, const struct nv_state *canonical,
                       const struct promise *promise, enum tear_detail detail);

struct watched_states; // the last ones
void watched_states_free(struct watched_states *states);

#endif
