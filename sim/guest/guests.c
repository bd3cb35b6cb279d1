#include "guests.h"

#include <stdlib.h>

#include "../../ota/port.h"
#include "../../ota/rom_boot.h"
#include "../hw/board.h"

struct guests {
    struct guest **guests; // by the number of their file; NULL: it has not run yet
    uint64_t *epochs;      // of the board's retained memory, when they started last
    size_t count;
};

static void free_all(void *state) {
    struct guests *guests = state;
    for (size_t i = 0; i < guests->count; i++)
        if (guests->guests[i] != NULL)
            guest_free(guests->guests[i]);
    free(guests->guests);
    free(guests->epochs);
    free(guests);
}

static struct guests *of_board(const struct guest_files *files) {
    struct board_attachment *attachment = board_attachment(BOARD_GUESTS);
    if (attachment->state == NULL) {
        struct guests *guests = memory_zeroed(1, sizeof *guests);
        guests->guests = memory_zeroed(files->count, sizeof(struct guest *));
        guests->epochs = memory_zeroed(files->count, sizeof *guests->epochs);
        guests->count = files->count;
        *attachment = (struct board_attachment){guests, free_all};
    }
    return attachment->state;
}

struct guest *guests_start(const struct guest_file *file) {
    const struct board_config *config = board_running_config();
    struct guests *guests = of_board(config->guests);
    uint64_t epoch = board_retained_epoch();
    for (size_t i = 0; i < guests->count; i++) {
        if (config->guests->files[i] != file)
            continue;
        if (guests->guests[i] == NULL)
            guests->guests[i] = guest_new(file, config->guest_fill);
        guest_reset(guests->guests[i], epoch != guests->epochs[i]);
        guests->epochs[i] = epoch;
        return guests->guests[i];
    }
    abort(); // a bug: a file that is none of the board's
}

void guests_bootloader(void) {
    (void)rom_load_bootloader(); // what stands for it in flash
    const char *outer = port_call_begin("bootloader");
    struct guest *guest = guests_start(board_running_config()->guests->bootloader);
    guest_start_bootloader(guest, NULL);
    if (port_ram()->running_size == 0)
        port_halt(PORT_HALT_RESTART, "the bootloader has found nothing to start");
    port_call_end(outer);
}
