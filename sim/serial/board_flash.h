// The board's flash for the loader: every request runs on the board, with its operations, wear, time and
// power cuts.
#ifndef SIM_SERIAL_BOARD_FLASH_H
#define SIM_SERIAL_BOARD_FLASH_H

#include <stdbool.h>
#include <stdint.h>

#include "../hw/board.h"
#include "flash_access.h"

struct board_flash {
    struct board *board; // borrowed
    bool cut_planned;
    uint64_t cut_operation; // number of the operation that is torn
    // Lets the chip's time pass (NULL: as fast as can be). Returns how much of `ns` passed before the power
    // went: `ns` when it stayed.
    uint64_t (*pass)(void *context, uint64_t ns);
    void *pass_context;
};

// `flash` must outlive the result.
struct flash_access board_flash_access(struct board_flash *flash);

// The power goes in the middle of the operation that follows after `operations` more of them: a program stops
// half-way, an erased sector has half of its cells back at 1.
void board_flash_cut_after(struct board_flash *flash, uint64_t operations);

// The same for programs that run on the board by themselves (a boot): arms the board. There, an erase is cut
// right before it begins.
void board_flash_arm(struct board_flash *flash);

#endif
