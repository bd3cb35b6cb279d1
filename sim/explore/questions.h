// The answers of questions about crash states (port_ask), and what they depend on.
//
// A recovery that asks "is this image whole?" has learned one answer, not a megabyte. So the memo's tree holds the
// question, and a lookup asks it again of the state that is looked up. What was found is remembered by the
// contents of the region that the question is about.
#ifndef SIM_EXPLORE_QUESTIONS_H
#define SIM_EXPLORE_QUESTIONS_H

#include "../hw/board.h"
#include "../hw/seals.h"
#include "read_set.h"

struct found_answer {
    bool lasting; // false: there is no answer that stands for its reads, or cells in its region are unstable
    struct board_answer answer;
    struct read_set reads; // flash and eFuse, but for what a seal stands for; owned
    bool sealed;           // a seal was looked at:
    uint32_t seal_start, seal_length;
    bool seal_whole;
};

struct questions;

// `board`: on which they are asked, of no other use; owned from now on. `seals` (borrowed): what is known of them
// beforehand; NULL: each is computed.
struct questions *questions_new(struct board *board, struct seals *seals);
void questions_free(struct questions *questions);

// The number of a question about a subject, asked by a run that has burned some eFuse bits; the same one has
// always the same.
uint32_t questions_number(struct questions *questions, const struct port_question *question,
                          const struct port_subject *subject, const uint32_t burned[PORT_EFUSE_FIELDS]);
const struct port_subject *questions_subject(const struct questions *questions, uint32_t number);

// Asks it of the state in which the run starts, whose eFuse may be given apart. What comes out lives as long as `questions`.
const struct found_answer *questions_ask(struct questions *questions, uint32_t number,
                                         const struct nv_state *state, const uint32_t *efuse);

// The same for states that nobody will ask about again: nothing is remembered, only the answer is told.
bool questions_ask_once(struct questions *questions, uint32_t number, const struct nv_state *state,
                        const uint32_t *efuse, struct board_answer *answer);

#endif
