#include "worker.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <xxhash.h>

#include "../base/buffer.h"
#include "witness.h"

void worker_open(struct worker *worker, const struct workload *workload,
                 const struct explorer_options *options, bool forgetful) {
    *worker = (struct worker){.workload = workload, .options = options};
    worker->context = workload->open(workload->shared, forgetful, &worker->board);
    worker->seals = workload->seals == NULL ? seals_new() : seals_copy(workload->seals);
    bool remember = options->memo && !forgetful; // else each seal is computed
    worker->questions = questions_new(board_new_like(worker->board), remember ? worker->seals : NULL);
    board_use_seals(worker->board, remember ? worker->seals : NULL);
    worker->recoveries = memo_new(worker->questions);
    worker->retries = memo_new(worker->questions);
}

void worker_close(struct worker *worker) {
    worker->workload->close(worker->context);
    canonical_otadata_free(worker->otadata);
    memo_free(worker->recoveries);
    memo_free(worker->retries);
    questions_free(worker->questions);
    seals_free(worker->seals);
    state_map_free(&worker->signatures);
    state_map_free(&worker->compared);
    watched_states_free(worker->watched);
    if (worker->witness != NULL)
        worker_close(worker->witness);
    free(worker->witness);
}

void worker_use_places(struct worker *worker, const struct otadata_places *places) {
    const struct explorer_options *options = worker->options;
    const struct tear_choice coarse = {options->models, DETAIL_COARSE, options->late_bit_samples,
                                       options->seed};
    worker->otadata = canonical_otadata_new(places, board_config(worker->board)->chip.size, &coarse);
    if (worker->otadata == NULL)
        return;
    worker->places = *places;
    memo_use_places(worker->recoveries, places);
    memo_use_places(worker->retries, places);
}

// ---- recovering ---------------------------------------------------------------------------------

static uint32_t erases_of_most_worn_sector(const struct board *board) {
    uint32_t most = 0;
    const struct journal *journal = board_journal(board);
    for (size_t i = 0; i < journal->count; i++) {
        const struct journal_entry *entry = &journal->entries[i];
        for (uint32_t at = 0; entry->kind == JOURNAL_ERASE && at < entry->length; at += NOR_SECTOR_SIZE) {
            uint32_t erases = board_erase_count(board, entry->address + at);
            most = erases > most ? erases : most;
        }
    }
    return most;
}

void copy_journal(struct journal *out, const struct journal *journal, const struct nor_chip *chip) {
    *out = (struct journal){.chip = chip, .count = journal->count, .capacity = journal->count};
    out->operations = journal->operations;
    if (journal->count != 0) {
        out->entries = memory_new(journal->count * sizeof *out->entries);
        memcpy(out->entries, journal->entries, journal->count * sizeof *out->entries);
        buffer_append(&out->data, journal->data.bytes, journal->data.length);
        buffer_append(&out->retained, journal->retained.bytes, journal->retained.length);
    }
}

// What survives on the board besides flash and eFuse, which the journal tells.
static void note_survivors(const struct board *board, struct memo_run *run) {
    struct nv_state left;
    board_save(board, &left);
    memcpy(run->retained, left.retained, sizeof run->retained);
    run->reset_reason = left.reset_reason;
    nv_state_free(&left);
}

static void note_not_modelled(struct worker *worker) {
    if (worker->not_modelled[0] == 0)
        (void)snprintf(worker->not_modelled, sizeof worker->not_modelled, "%s",
                       board_not_modelled(worker->board));
}

// What the canonical forms take for granted.
static const struct memo_run *check_gist(struct worker *worker, const struct memo_run *run) {
    bool beyond = run->beyond_gist;
    for (uint32_t i = 0; worker->otadata != NULL && i < worker->places.count; i++)
        beyond |= board_mixed_sector(worker->board, worker->places.sectors[i]);
    beyond |= worker->otadata != NULL && !canonical_otadata_fits(worker->otadata, &run->journal);
    worker->beyond_gist |= beyond;
    return run;
}

// Without what its recovery does not have yet: most of it is room for events.
static void begin_run(struct memo_run *run) {
    memset(run, 0, offsetof(struct memo_run, recovery));
    recovery_clear(&run->recovery);
}

const struct memo_run *worker_run_recovery(struct worker *worker, const struct nv_state *state, bool keep) {
    struct memo_run run;
    begin_run(&run);
    struct board *board = worker->board;
    board_load(board, state);
    memo_begin(worker->recoveries, board, &(struct memo_input){.state = state});
    worker->workload->recover(worker->context, &run.recovery);
    note_not_modelled(worker);
    run.recovery.erases_max = erases_of_most_worn_sector(board);
    copy_journal(&run.journal, board_journal(board), &board_config(board)->chip);
    run.journal.operations = board_operations(board);
    note_survivors(board, &run);
    return check_gist(worker, memo_finish(worker->recoveries, board, &run, keep));
}

// What the recovered device holds, its app still running.
static void recovered_state(const struct nv_state *state, const struct memo_run *run, struct nv_state *out) {
    nv_state_copy(out, state);
    struct journal_cursor cursor = {.journal = &run->journal};
    struct journal_operation operation;
    while (journal_next(&cursor, &operation))
        nv_state_apply(out, &operation);
    memcpy(out->retained, run->retained, sizeof out->retained);
    out->reset_reason = run->reset_reason;
}

// A retry is a run of its own. All that it starts from is what the recovered device holds and where its app
// lies: the app's RAM is made anew, so it has to find out the rest by asking the board.
const struct memo_run *worker_run_retry(struct worker *worker, const struct memo_input *input, bool keep) {
    struct memo_run run;
    begin_run(&run);
    struct board *board = worker->board;
    board_load(board, input->state);
    board_enter_app(board, input->app_address, input->app_size);
    board_journal_enable(board, false);
    memo_begin(worker->retries, board, input);
    worker->workload->retry(worker->context, input->update, &run.recovery.retry_succeeded,
                            run.recovery.retry_story);
    note_not_modelled(worker);
    board_journal_enable(board, true);
    return check_gist(worker, memo_finish(worker->retries, board, &run, keep));
}

static void retry(struct worker *worker, const struct nv_state *state, uint32_t update,
                  struct recovered *out) {
    struct nv_state after;
    recovered_state(state, out->run, &after);
    struct memo_input input = {&after, out->recovery.address, out->recovery.size, update};
    const struct memo_run *run = worker->options->memo ? memo_find(worker->retries, &input) : NULL;
    if (run == NULL)
        run = worker_run_retry(worker, &input, worker->options->memo);
    else
        witness_retry(worker, &input, run);
    out->recovery.retried = true;
    out->recovery.retry_succeeded = run->recovery.retry_succeeded;
    memcpy(out->recovery.retry_story, run->recovery.retry_story, sizeof out->recovery.retry_story);
    out->retry = run;
    memcpy(out->retry_efuse, after.efuse, sizeof out->retry_efuse);
    nv_state_free(&after);
}

static void note_signature(struct worker *worker, struct content_hash signature) {
    signature.low |= 1;
    if (state_map_find(&worker->signatures, signature) == NULL)
        (void)state_map_add(&worker->signatures, signature);
}

void worker_recover(struct worker *worker, const struct nv_state *state, enum tear_detail detail,
                    uint32_t update, struct recovered *out) {
    bool memo = worker->options->memo;
    const struct memo_input input = {.state = state};
    out->run = memo ? memo_find(worker->recoveries, &input) : NULL;
    out->retry = NULL;
    memcpy(out->efuse, state->efuse, sizeof out->efuse);
    if (out->run == NULL)
        out->run = worker_run_recovery(worker, state, memo && detail != DETAIL_CLEAN);
    else
        witness_recovery(worker, &input, out->run);
    note_signature(worker, out->run->signature);
    recovery_copy(&out->recovery, &out->run->recovery);
    bool wanted = update != 0 && detail != DETAIL_CLEAN && worker->workload->retry != NULL;
    if (wanted && out->recovery.end == RECOVERY_SETTLED)
        retry(worker, state, update, out);
}

// ---- cutting a recovery -------------------------------------------------------------------------

void lose_power(struct nv_state *state) {
    memset(state->retained, 0, sizeof state->retained);
    state->reset_reason = PORT_RESET_POWER_ON;
}

void end_cut(struct nv_state *state, const struct tear *tear) {
    enum port_reset_reason reason = fault_reset_reason(tear);
    if (reason == PORT_RESET_POWER_ON)
        lose_power(state);
    else
        state->reset_reason = reason;
}

void worker_crash(const struct worker *worker, const struct tear *tear, struct nv_state *state) {
    end_cut(state, tear);
    if (worker->otadata != NULL)
        (void)canonical_otadata_replace(worker->otadata, state);
}

void worker_crash_checked(struct worker *worker, const struct tear *tear, struct nv_state *state,
                          const struct promise *promise, enum tear_detail detail) {
    bool checked = !worker->options->memo || worker->options->verify_share > 0;
    struct nv_state as_it_was;
    end_cut(state, tear);
    if (worker->otadata == NULL)
        return;
    if (!checked || worker->is_witness) {
        (void)canonical_otadata_replace(worker->otadata, state);
        return;
    }
    nv_state_copy(&as_it_was, state);
    if (canonical_otadata_replace(worker->otadata, state))
        witness_canonical(worker, &as_it_was, state, promise, detail);
    nv_state_free(&as_it_was);
}

void fold_events(struct promise *promise, const struct event *events, size_t count,
                 const struct crash_cut *cut) {
    for (size_t i = 0; i < count && events[i].operation <= cut->operation; i++) {
        // Right before the first operation of a confirmation, nothing of it has happened yet, and what is about
        // to be overwritten still stands.
        bool begins = events[i].kind == EVENT_CONFIRMING || events[i].kind == EVENT_OVERWRITTEN;
        bool not_yet = begins && events[i].operation == cut->operation && cut->tear.kind == TEAR_CLEAN;
        if (!not_yet)
            promise_fold(promise, &events[i]);
    }
}

struct content_hash crash_key(const struct nv_state *state, const struct promise *promise,
                              enum tear_detail detail) {
    struct {
        struct content_hash contents;
        struct promise promise;
        uint32_t detail;
    } all;
    memset(&all, 0, sizeof all);
    all.contents = nv_state_hash(state);
    all.promise = *promise;
    all.detail = (uint32_t)detail;
    XXH128_hash_t hash = XXH3_128bits(&all, sizeof all);
    return (struct content_hash){hash.low64 | 1, hash.high64};
}

struct children { // of one operation of a run
    struct worker *worker;
    enum tear_detail detail;
    const struct memo_run *run;
    const struct promise *promise;
    const struct nv_state *base; // before the operation
    const struct journal_operation *operation;
    uint64_t number;
    uint64_t share_ns;
    child_visitor *visit;
    void *context;
};

static void visit_child(void *context, const struct tear *tear) {
    const struct children *children = context;
    struct crash_child child = {.cut = {.operation = children->number, .tear = *tear},
                                .share_ns = children->share_ns};
    struct promise promise = *children->promise;
    struct nv_state state;
    nv_state_copy(&state, children->base);
    if (children->operation != NULL)
        nv_state_apply_torn(&state, children->operation, tear);
    fold_events(&promise, children->run->recovery.events, children->run->recovery.event_count, &child.cut);
    worker_crash_checked(children->worker, tear, &state, &promise, detail_after(tear, children->detail));
    child.state = &state;
    child.promise = &promise;
    children->visit(children->context, &child);
    nv_state_free(&state);
}

void for_each_child(struct worker *worker, const struct nv_state *state, const struct promise *promise,
                    const struct memo_run *run, enum tear_detail detail, child_visitor *visit,
                    void *context) {
    const struct explorer_options *options = worker->options;
    const struct tear_choice choice = {options->models, detail, options->late_bit_samples, options->seed};
    struct nv_state base;
    nv_state_copy(&base, state);
    struct children children = {.worker = worker,
                                .detail = detail,
                                .run = run,
                                .promise = promise,
                                .base = &base,
                                .visit = visit,
                                .context = context};
    struct journal_cursor cursor = {.journal = &run->journal};
    struct journal_operation operation;
    while (journal_next(&cursor, &operation)) {
        uint64_t counts[FAULT_MODEL_COUNT] = {0}, tears = 0;
        count_tears(&choice, &operation, &base.flash, counts);
        for (uint32_t i = 0; i < FAULT_MODEL_COUNT; i++)
            tears += counts[i];
        children.operation = &operation;
        children.number = operation.number;
        children.share_ns = tears == 0 ? 0 : operation.duration_ns / tears;
        for_each_tear(&choice, &operation, &base.flash, visit_child, &children);
        nv_state_apply(&base, &operation);
    }
    children.operation = NULL; // at rest: the power goes, and comes back
    children.number = run->journal.operations;
    children.share_ns = 0;
    visit_child(&children, &(struct tear){.kind = TEAR_CLEAN});
    nv_state_free(&base);
}
