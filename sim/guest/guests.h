// The instances of the user's own code that belong to a board: one of each file, made when it first runs there.
#ifndef SIM_GUEST_GUESTS_H
#define SIM_GUEST_GUESTS_H

#include "guest.h"

// Of the running board, whose memory is new: nothing of an earlier start is in it, unless it is retained and the power stayed.
struct guest *guests_start(const struct guest_file *file);

// For board_config.boot: the bootloader that is the user's own.
void guests_bootloader(void);

#endif
