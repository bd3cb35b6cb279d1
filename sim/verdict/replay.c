#include "replay.h"

#include <inttypes.h>
#include <stdlib.h>
#include <string.h>

#include "../explore/crash_address.h"
#include "../play/narration.h"
#include "../provision/flash_file.h"
#include "exploration.h"
#include "explored_device.h"
#include "recorded_run.h"
#include "violation_story.h"

struct teller {
    const struct recorded_run *run;
    void (*line)(void *context, unsigned depth, const char *text);
    void *context;
};

static void tell(const struct teller *teller, unsigned depth, const struct buffer *text) {
    char *copy = memory_text(buffer_string(text));
    for (char *line = copy, *end; line != NULL && *line != 0; line = end) {
        end = strchr(line, '\n');
        if (end != NULL)
            *end++ = 0;
        teller->line(teller->context, depth, line);
    }
    free(copy);
}

// ---- the cut ------------------------------------------------------------------------------------

static void tell_cut(const struct teller *teller, const struct crash_path *path) {
    struct buffer text = {0}, before = {0}, after = {0};
    violation_cuts(teller->run, path, &text);
    tell(teller, 0, &text);
    if (path->count != 0) {
        violation_bytes(teller->run, path, &before, &after);
        teller->line(teller->context, 0, "before the cut:");
        tell(teller, 1, &before);
        teller->line(teller->context, 0, "what it left:");
        tell(teller, 1, &after);
    }
    buffer_free(&text);
    buffer_free(&before);
    buffer_free(&after);
}

// ---- a start ------------------------------------------------------------------------------------

// The board on which a start is told.
struct stage {
    struct board *board;
    struct narrator narrator;
    struct heard heard; // on its network
};

static void stage_open(struct stage *stage, const struct teller *teller, const struct nv_state *state) {
    *stage = (struct stage){.board = board_new(board_config(teller->run->board)),
                            .narrator = {.line = teller->line, .context = teller->context}};
    board_load(stage->board, state);
    narrator_attach(&stage->narrator, stage->board);
    heard_listen(&stage->heard, stage->board, &stage->narrator);
}

static void stage_close(struct stage *stage) {
    narrator_detach(&stage->narrator);
    heard_free(&stage->heard);
    board_free(stage->board);
}

static const char *what_comes_back(const struct nv_state *state) {
    return state->reset_reason == PORT_RESET_POWER_ON ? "the power comes back:" : "the power stays:";
}

static void start(struct stage *stage, const struct teller *teller, struct recovery *outcome) {
    struct execution execution;
    execution_init(&execution, teller->run->scenario, stage->board);
    execution.narrator = &stage->narrator;
    recover(&execution, board_next_reset_reason(stage->board), outcome);
}

// The device comes back from `state`, until `cut` takes the power away again.
static void tell_cut_recovery(const struct teller *teller, const struct nv_state *state,
                              const struct crash_cut *cut) {
    struct stage stage;
    struct recovery ignored;
    stage_open(&stage, teller, state);
    board_cut_at_operation(stage.board, cut->operation, &cut->tear);
    teller->line(teller->context, 0, what_comes_back(state));
    start(&stage, teller, &ignored);
    stage_close(&stage);
}

// On the board as the start left it, its app just entered: what the explorer tried.
static void tell_retry(const struct teller *teller, struct stage *stage, const struct judged_start *judged) {
    struct nv_state rest;
    char story[96];
    board_save(stage->board, &rest);
    narrator_detach(&stage->narrator);
    board_load(stage->board, &rest);
    board_enter_app(stage->board, judged->recovery.address, judged->recovery.size);
    stage->narrator.entries_told = 0;
    narrator_attach(&stage->narrator, stage->board);
    teller->line(teller->context, 0, "the update again:");
    (void)update_again(teller->run, stage->board, judged->update, &stage->narrator, story);
    nv_state_free(&rest);
}

static void tell_retry_outcome(const struct teller *teller, const struct judged_start *judged) {
    struct buffer text = {0};
    buffer_printf(&text, "the update again: %s: %s", judged->recovery.retry_succeeded ? "succeeds" : "fails",
                  judged->recovery.retry_story);
    tell(teller, 0, &text);
    buffer_free(&text);
}

// ---- until it is at rest, and the verdict -------------------------------------------------------

struct verdict_so_far {
    const struct teller *teller;
    struct recovery last;
    uint32_t broken, first_of[INVARIANT_CUSTOM + INVARIANTS_CUSTOM_MAX]; // the start that broke it first
};

// Whether a later start shows anything that the one before it did not.
static bool shows_something(const struct verdict_so_far *verdict, const struct judged_start *judged) {
    return judged->writes || judged->recovery.end != verdict->last.end ||
           judged->recovery.address != verdict->last.address || (judged->broken & ~verdict->broken) != 0;
}

static void tell_start(void *context, const struct judged_start *judged) {
    struct verdict_so_far *verdict = context;
    const struct teller *teller = verdict->teller;
    uint32_t fresh = judged->broken & ~verdict->broken;
    for (uint32_t i = 0; i < INVARIANT_CUSTOM + INVARIANTS_CUSTOM_MAX; i++)
        if ((fresh >> i & 1) != 0)
            verdict->first_of[i] = judged->number;
    if (judged->number == 0 || shows_something(verdict, judged)) {
        struct stage stage;
        struct recovery outcome;
        stage_open(&stage, teller, judged->state);
        teller->line(teller->context, 0,
                     judged->number == 0 ? what_comes_back(judged->state)
                                         : "at rest; and when it is switched off and on once more:");
        start(&stage, teller, &outcome);
        if (judged->recovery.retried && (fresh >> INVARIANT_RETRY_SUCCEEDS & 1) != 0)
            tell_retry(teller, &stage, judged);
        if (judged->recovery.retried)
            tell_retry_outcome(teller, judged);
        stage_close(&stage);
    }
    verdict->broken |= judged->broken;
    recovery_copy(&verdict->last, &judged->recovery);
}

static const char *name_of(const struct scenario *scenario, uint32_t invariant) {
    return invariant < INVARIANT_CUSTOM ? invariant_name((enum invariant)invariant)
                                        : scenario->explore.custom[invariant - INVARIANT_CUSTOM].name;
}

static void tell_broken(const struct verdict_so_far *verdict, uint32_t invariant) {
    const struct teller *teller = verdict->teller;
    struct buffer text = {0}, help = {0};
    buffer_printf(&text, "verdict: %s is violated", name_of(teller->run->scenario, invariant));
    if (verdict->first_of[invariant] > 0)
        buffer_text(&text, ", once it is switched off and on again");
    tell(teller, 0, &text);
    if (invariant < INVARIANT_COUNT)
        buffer_text(&help, invariant_row(invariant)->help);
    tell(teller, 1, &help);
    buffer_free(&text);
    buffer_free(&help);
}

static void tell_verdict(const struct verdict_so_far *verdict) {
    const struct teller *teller = verdict->teller;
    const struct recovery *last = &verdict->last;
    struct buffer text = {0};
    buffer_printf(&text, "the end: %s after %u boot%s", recovery_end_name(last->end), last->boots,
                  last->boots == 1 ? "" : "s");
    if (last->label[0] != 0)
        buffer_printf(&text, ", %s in %s", last->words, last->label);
    if (verdict->broken == 0)
        buffer_text(&text, "\nverdict: every invariant that is checked holds");
    tell(teller, 0, &text);
    for (uint32_t i = 0; i < INVARIANT_CUSTOM + INVARIANTS_CUSTOM_MAX; i++)
        if ((verdict->broken >> i & 1) != 0)
            tell_broken(verdict, i);
    buffer_free(&text);
}

// ---- the path -----------------------------------------------------------------------------------

// Cut by cut: what it found, what it left, how the device comes back.
static void tell_path(const struct teller *teller, const struct crash_path *path) {
    const struct recorded_run *run = teller->run;
    struct explorer_options options;
    struct verdict_so_far verdict = {.teller = teller};
    exploration_asks(run, &options);
    for (uint32_t i = 0; i + 1 < path->count; i++) {
        struct crash_path so_far = *path;
        struct nv_state state;
        so_far.count = i + 1;
        if (!explore_materialise(&run->workload, &run->recording, &so_far, &state))
            return;
        tell_cut(teller, &so_far);
        tell_cut_recovery(teller, &state, &path->cuts[i + 1]);
        nv_state_free(&state);
    }
    tell_cut(teller, path);
    (void)explore_judge(&run->workload, &run->recording, &options, path, tell_start, &verdict);
    if (path->count == 0)
        verdict.broken |=
            explore_judge_step(&run->workload, &run->recording, &options, path->cuts[0].checkpoint);
    tell_verdict(&verdict);
}

bool exploration_replay(const struct scenario *scenario, const struct release_profile *release,
                        const char *address, const char *flash_file,
                        void (*line)(void *context, unsigned depth, const char *text), void *context,
                        struct error *error) {
    struct recorded_run run;
    struct crash_path path;
    struct nv_state state;
    struct teller teller = {&run, line, context};
    bool good = recorded_run_make(scenario, release, true, &run, error) &&
                crash_address_parse(&run.recording, address, &path, error);
    if (good && !explore_materialise(&run.workload, &run.recording, &path, &state))
        good = error_set(error, "`%s`: there is no such operation in the run", address);
    if (good) {
        tell_path(&teller, &path);
        if (flash_file != NULL)
            good = flash_file_save(&state.flash, flash_file, error);
        nv_state_free(&state);
    }
    recorded_run_free(&run);
    return good;
}
