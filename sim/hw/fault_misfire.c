// No cut: the chip does not carry out an operation, and says so or not. The firmware goes on; the power goes
// when all is done. sim/explore/misfires.c runs the steps again with each.
#include "fault_model.h"

static void describe_error(const struct tear *tear, uint32_t length, struct buffer *out) {
    (void)tear, (void)length;
    buffer_text(out, "the chip reported an error");
}

static void describe_dropped(const struct tear *tear, uint32_t length, struct buffer *out) {
    (void)tear, (void)length;
    buffer_text(out, "the chip did nothing and reported success");
}

#define CAUSE                                                                                                \
    "A brown-out can make a chip ignore a command while its answer still looks good; commands sent while "   \
    "it is busy are ignored (littlefs issue 986). Nothing is cut here: the firmware goes on, the run is "    \
    "played to its end, then the power goes."

const struct fault_model fault_io_error = {
    .name = "io-error",
    .plural = "errors",
    .meaning = "an operation reports an error and did nothing",
    .tried = "the first operation of each request",
    .source = CAUSE,
    .scope = FAULT_MISFIRES,
    .result = JOURNAL_FAILED,
    .operations = FAULT_OF_PROGRAMS | FAULT_OF_ERASES,
    .finest = DETAIL_FULL,
    .forms =
        {{.kind = TEAR_IO_ERROR, .name = "io-error", .examples = {"io-error"}, .describe = describe_error}},
};

const struct fault_model fault_io_dropped = {
    .name = "io-dropped",
    .plural = "dropped operations",
    .meaning = "an operation reports success and did nothing",
    .tried = "the first operation of each request",
    .source = CAUSE,
    .scope = FAULT_MISFIRES,
    .result = JOURNAL_DROPPED,
    .operations = FAULT_OF_PROGRAMS | FAULT_OF_ERASES,
    .finest = DETAIL_FULL,
    .forms = {{.kind = TEAR_IO_DROPPED,
               .name = "io-dropped",
               .examples = {"io-dropped"},
               .describe = describe_dropped}},
};
