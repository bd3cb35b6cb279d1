// The inside of libotasim: a caller's functions as what the explorer explores.
#ifndef SIM_LIBRARY_LIBRARY_BOARD_H
#define SIM_LIBRARY_LIBRARY_BOARD_H

#include "../explore/explorer.h"
#include "../hw/board.h"
#include "../provision/partition_layout.h"
#include "include/otasim.h"

struct otasim {
    struct board_config config;
    struct board *board;
    struct partition_table_layout table;
    bool has_app; // a bootloader starts it
    char error[OTASIM_TEXT_SIZE];
};

// Notes what went wrong, and returns the status.
__attribute__((format(printf, 3, 4))) otasim_status library_fail(otasim *library, otasim_status status,
                                                                 const char *format, ...);

// A start of the device up to where its app begins. BOARD_RETURNED: it does.
enum board_end library_start(const otasim *library, struct board *board, enum port_reset_reason reason,
                             const char **why);

// First start and update, without a cut: what is then cut.
struct library_recording {
    otasim *library;
    const otasim_check *check;
    struct board *board; // owns the journal
    struct checkpoint checkpoints[3];
    struct named_place *places;
    struct recording recording;
    struct workload workload;
};

// The library's board is only read. To be freed in any case.
otasim_status library_record(otasim *library, const otasim_check *check, struct library_recording *out);
void library_recording_free(struct library_recording *recording);

otasim_status library_explore(struct library_recording *recording, otasim_result *result);
otasim_status library_replay(struct library_recording *recording, const char *address, bool *holds);

#endif
