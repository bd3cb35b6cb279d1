// What can go wrong with a board, planned from outside.
#include "board_internal.h"

#include <assert.h>

#include "../base/buffer.h"

void board_cut_at_operation(struct board *board, uint64_t number, const struct tear *tear) {
    board->cut_at_operation = true;
    board->cut_end = BOARD_POWER_LOST;
    board->cut_operation = number;
    board->cut_tear = *tear;
}

void board_cut_at_time(struct board *board, uint64_t time_ns) {
    board->cut_at_time = true;
    board->cut_end = BOARD_POWER_LOST;
    board->cut_time_ns = time_ns;
}

void board_cut_is_reset(struct board *board, enum board_end end) {
    assert(board_cut_pending(board) && end != BOARD_POWER_LOST && end != BOARD_RETURNED);
    board->cut_end = end;
}

void board_cut_cancel(struct board *board) {
    board->cut_at_operation = board->cut_at_time = false;
}

bool board_cut_pending(const struct board *board) {
    return board->cut_at_operation || board->cut_at_time;
}

void board_io_fault(struct board *board, enum io_fault_kind kind, uint64_t nth) {
    assert(nth != 0);
    uint64_t tried = 0;
    switch (kind) {
    case IO_READ_ERROR:
        tried = board->io_reads;
        break;
    case IO_PROGRAM_ERROR:
    case IO_PROGRAM_DROPPED:
        tried = board->io_programs;
        break;
    case IO_ERASE_ERROR:
    case IO_ERASE_DROPPED:
        tried = board->io_erases;
        break;
    }
    board->io_faults =
        memory_resize(board->io_faults, (board->io_fault_count + 1) * sizeof *board->io_faults);
    board->io_faults[board->io_fault_count++] = (struct io_fault){kind, tried + nth};
}

uint32_t board_io_faults_pending(const struct board *board) {
    return board->io_fault_count;
}

void board_stuck_bits(struct board *board, uint32_t address, uint8_t mask, bool value) {
    assert(address < board->config.chip.size);
    board->stuck = memory_resize(board->stuck, (board->stuck_count + 1) * sizeof *board->stuck);
    board->stuck[board->stuck_count++] = (struct stuck_bits){address, mask, value};
}

void board_unstable_bits(struct board *board, uint32_t address, uint8_t mask, uint64_t seed) {
    struct unstable_region region = {
        .address = address, .length = 1, .seed = seed, .zero_chance = 128, .mask = {mask}, .mask_length = 1};
    unstable_add(&board->nv.unstable, &region);
}
