// Recoveries remembered by what they read.
//
// Firmware is deterministic: which place it reads next is a function of what it has read so far. So all runs
// of a program form a tree. A node is a place that the program reads; its branches are the contents that were
// found there; at the leaves stand the outcomes:
//
//      table at 0x8000
//        +--(contents A)--> otadata at 0xd000
//                             +--(seq 1 VALID)--> otadata at 0xe000
//                             |                     +--(blank)-----> image at 0x10000 --> outcome
//                             |                     +--(seq 2 NEW)-> ...
//                             +--(torn)--> ...
//
// To look a crash state up, walk the tree with the state's contents. The outcome at the leaf is exact, not a
// guess: every byte that decided was compared (by 128-bit hash).
#ifndef SIM_EXPLORE_MEMO_H
#define SIM_EXPLORE_MEMO_H

#include "../base/buffer.h"
#include "../hw/board.h"
#include "canonical_otadata.h"
#include "questions.h"
#include "read_set.h"
#include "workload.h"

// All that a run starts from: what the board holds and, when an app is entered rather than the power coming
// back, where that app lies and which update it tries again. There is nothing else: a board that is loaded has no memory of earlier runs.
struct memo_input {
    const struct nv_state *state;   // borrowed
    uint32_t app_address, app_size; // 0, 0: the board is off
    uint32_t update;                // its number; 0: none
};

// One remembered run. `journal` holds what it wrote; for a retry it is empty.
struct memo_run {
    struct journal journal; // operations from 0
    struct read_set reads;  // without those of questions
    uint32_t *questions;    // that it asked (questions.h); owned
    size_t question_count;
    uint8_t retained[PORT_RETAINED_SIZE]; // as it left them
    enum port_reset_reason reset_reason;  // of the last boot in it
    struct content_hash signature;        // identifies the path through the tree
    bool beyond_gist;         // it has learned more of one of the memo's places than a record's gist
    struct recovery recovery; // last, see there: copy it with recovery_copy
};

struct memo;

// `questions` (borrowed): answers them of states.
struct memo *memo_new(struct questions *questions);

// Sectors that are to be read as records only (canonical_otadata.h), and where the runs watched so far did so.
void memo_use_places(struct memo *memo, const struct otadata_places *places);
const struct otadata_places *memo_places_read(const struct memo *memo);
void memo_free(struct memo *memo);

// The remembered run that an input would repeat; NULL: none. A state whose unstable cells the run would read
// never matches.
const struct memo_run *memo_find(struct memo *memo, const struct memo_input *input);

// To be called around a run that starts from `input` (its state must live until memo_finish): begin sets the
// board's observer. finish stores the run (moved from `run`: its journal and reads) and returns it; it lives
// as long as the memo, or until the next begin when `keep` is false.
void memo_begin(struct memo *memo, struct board *board, const struct memo_input *input);
const struct memo_run *memo_finish(struct memo *memo, struct board *board, struct memo_run *run, bool keep);

// Tells where what `watching` saw of its last run, from the same input, parts from what `memo` remembers: the
// read that nobody saw lies there.
void memo_tell_unseen(struct memo *memo, const struct memo *watching, const struct memo_input *input,
                      struct buffer *out);

#endif
