#include "boot_decision.h"

#include "../play/narration.h"

#define LINES_MAX 40u // a boot or three; the next ones of a loop say the same

struct listener {
    struct buffer *out;
    uint32_t lines;
};

// The narrator tells a boot one step in, as part of a scenario's step; here it stands by itself.
static void add_line(void *context, unsigned depth, const char *line) {
    struct listener *listener = context;
    int indent = depth > 0 ? 2 * ((int)depth - 1) : 0;
    if (listener->lines == LINES_MAX)
        buffer_text(listener->out, "... and so on\n");
    else if (listener->lines < LINES_MAX)
        buffer_printf(listener->out, "%*s%s\n", indent, "", line);
    listener->lines++;
}

void boot_decision(const struct recorded_run *run, const struct crash_path *path, struct buffer *out) {
    struct nv_state state;
    if (!explore_materialise(&run->workload, &run->recording, path, &state))
        return;
    struct board *board = board_new(board_config(run->board));
    struct listener listener = {.out = out};
    struct narrator narrator = {.line = add_line, .context = &listener};
    struct execution execution;
    struct recovery outcome;
    board_load(board, &state);
    execution_init(&execution, run->scenario, board);
    execution.narrator = &narrator;
    narrator_attach(&narrator, board);
    recover(&execution, PORT_RESET_POWER_ON, &outcome);
    narrator_detach(&narrator);
    board_free(board);
    nv_state_free(&state);
}
