#include "board_flash.h"

struct request_on_board {
    enum { CELLS_READ, CELLS_PROGRAM, CELLS_ERASE } kind;
    uint32_t address, length;
    void *into;
    const void *from;
    bool succeeded;
};

static void carry_out(void *context) {
    struct request_on_board *request = context;
    switch (request->kind) {
    case CELLS_READ:
        request->succeeded = port_flash_read(request->address, request->into, request->length);
        break;
    case CELLS_PROGRAM:
        request->succeeded = port_flash_write(request->address, request->from, request->length);
        break;
    case CELLS_ERASE:
        request->succeeded = port_flash_erase(request->address, request->length);
        break;
    }
}

// ---- planned cuts -------------------------------------------------------------------------------

void board_flash_cut_after(struct board_flash *flash, uint64_t operations) {
    flash->cut_planned = true;
    flash->cut_operation = board_operations(flash->board) + operations;
}

static struct tear half_way(enum journal_kind kind, uint32_t length, uint64_t seed) {
    if (kind == JOURNAL_PROGRAM)
        return (struct tear){.kind = TEAR_PREFIX, .a = length / 2};
    return (struct tear){.kind = TEAR_ERASE_PARTIAL, .a = 128, .seed = seed};
}

void board_flash_arm(struct board_flash *flash) {
    if (flash->cut_planned)
        board_cut_at_operation(flash->board, flash->cut_operation,
                               &(struct tear){.kind = TEAR_PREFIX, .a = 16});
}

// Finds the planned operation within a request, so that it is torn as one of its kind is.
static void arm_within(struct board_flash *flash, enum journal_kind kind, uint32_t address, uint32_t length) {
    uint64_t number = board_operations(flash->board);
    for (uint32_t within = 0; within < length; number++) {
        uint32_t part = journal_operation_length(kind, address, length, within);
        if (number == flash->cut_operation) {
            struct tear tear = half_way(kind, part, number);
            board_cut_at_operation(flash->board, number, &tear);
            return;
        }
        within += part;
    }
}

// ---- the chip's time ----------------------------------------------------------------------------

static uint64_t duration(const struct nor_chip *chip, const struct request_on_board *request) {
    if (request->kind == CELLS_READ)
        return (uint64_t)request->length * 1000 / chip->read_bytes_per_us;
    enum journal_kind kind = request->kind == CELLS_PROGRAM ? JOURNAL_PROGRAM : JOURNAL_ERASE;
    uint64_t ns = 0;
    for (uint32_t within = 0; within < request->length;) {
        uint32_t part = journal_operation_length(kind, request->address, request->length, within);
        ns += journal_operation_ns(chip, kind, part);
        within += part;
    }
    return ns;
}

// Waits as long as the request takes. True: the power went meanwhile, and the board will notice (a read is
// over by then).
static bool power_goes_while(struct board_flash *flash, const struct request_on_board *request) {
    if (flash->pass == NULL)
        return false;
    uint64_t ns = duration(&board_config(flash->board)->chip, request);
    uint64_t passed = flash->pass(flash->pass_context, ns);
    if (passed >= ns)
        return false;
    if (request->kind != CELLS_READ)
        board_cut_at_time(flash->board, board_time_ns(flash->board) + passed);
    return true;
}

// ---- access -------------------------------------------------------------------------------------

static enum flash_access_result run(struct board_flash *flash, struct request_on_board *request) {
    if (flash->cut_planned && request->kind != CELLS_READ)
        arm_within(flash, request->kind == CELLS_PROGRAM ? JOURNAL_PROGRAM : JOURNAL_ERASE, request->address,
                   request->length);
    bool power_goes = power_goes_while(flash, request);
    enum board_end end = board_run(flash->board, carry_out, request, NULL);
    if (power_goes && end != BOARD_POWER_LOST) {
        board_power_off(flash->board);
        end = BOARD_POWER_LOST;
    }
    if (end == BOARD_POWER_LOST) {
        flash->cut_planned = false;
        return FLASH_ACCESS_POWER_LOST;
    }
    return request->succeeded ? FLASH_ACCESS_DONE : FLASH_ACCESS_FAILED;
}

static enum flash_access_result read_on_board(void *context, uint32_t address, void *bytes, uint32_t length) {
    return run(context, &(struct request_on_board){
                            .kind = CELLS_READ, .address = address, .length = length, .into = bytes});
}

static enum flash_access_result program_on_board(void *context, uint32_t address, const void *bytes,
                                                 uint32_t length) {
    return run(context, &(struct request_on_board){
                            .kind = CELLS_PROGRAM, .address = address, .length = length, .from = bytes});
}

static enum flash_access_result erase_on_board(void *context, uint32_t address, uint32_t length) {
    return run(context,
               &(struct request_on_board){.kind = CELLS_ERASE, .address = address, .length = length});
}

struct flash_access board_flash_access(struct board_flash *flash) {
    return (struct flash_access){.context = flash,
                                 .size = board_config(flash->board)->chip.size,
                                 .read = read_on_board,
                                 .program = program_on_board,
                                 .erase = erase_on_board};
}
