// The update API's questions, as the app of a dump would ask them. Used by forecast.c.
#ifndef SIM_INSPECT_QUESTIONS_H
#define SIM_INSPECT_QUESTIONS_H

#include "../base/buffer.h"
#include "../hw/board.h"

struct question {
    const char *call;                   // as app code writes it
    void (*ask)(struct buffer *answer); // runs on the board, as app code
};

// Ended by a NULL call.
extern const struct question questions[];

// Asks on a board that has booted: start-up code first. The answer also says when the call ends the program.
void question_ask(const struct question *question, struct board *board, struct buffer *answer);

#endif
