#include "worker.h"

#include <stdlib.h>
#include <string.h>

#include <xxhash.h>

#include "../base/buffer.h"

void worker_open(struct worker *worker, const struct workload *workload,
                 const struct explorer_options *options) {
    *worker = (struct worker){.workload = workload, .options = options};
    worker->context = workload->open(workload->shared, &worker->board);
    worker->recoveries = memo_new();
}

void worker_close(struct worker *worker) {
    worker->workload->close(worker->context);
    memo_free(worker->recoveries);
    for (size_t i = 0; i < worker->retry_count; i++)
        memo_free(worker->retries[i].memo);
    free(worker->retries);
    state_map_free(&worker->signatures);
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

static void copy_journal(struct journal *out, const struct journal *journal, const struct nor_chip *chip) {
    *out = (struct journal){.chip = chip, .count = journal->count, .capacity = journal->count};
    out->operations = journal->operations;
    if (journal->count != 0) {
        out->entries = memory_new(journal->count * sizeof *out->entries);
        memcpy(out->entries, journal->entries, journal->count * sizeof *out->entries);
        buffer_append(&out->data, journal->data.bytes, journal->data.length);
    }
}

static const struct memo_run *run_recovery(struct worker *worker, const struct nv_state *state, bool keep) {
    struct memo_run run = {0};
    struct board *board = worker->board;
    board_load(board, state);
    memo_begin(worker->recoveries, board, state);
    worker->workload->recover(worker->context, &run.recovery);
    run.recovery.erases_max = erases_of_most_worn_sector(board);
    copy_journal(&run.journal, board_journal(board), &board_config(board)->chip);
    run.journal.operations = board_operations(board);
    return memo_finish(worker->recoveries, board, &run, keep);
}

static struct memo *retries_of(struct worker *worker, uint32_t address) {
    for (size_t i = 0; i < worker->retry_count; i++)
        if (worker->retries[i].address == address)
            return worker->retries[i].memo;
    worker->retries = memory_resize(worker->retries, (worker->retry_count + 1) * sizeof *worker->retries);
    worker->retries[worker->retry_count] = (struct retries){address, memo_new()};
    return worker->retries[worker->retry_count++].memo;
}

// What the recovered device holds, its app still running.
static void recovered_state(const struct nv_state *state, const struct memo_run *run, struct nv_state *out) {
    nv_state_copy(out, state);
    struct journal_cursor cursor = {.journal = &run->journal};
    struct journal_operation operation;
    while (journal_next(&cursor, &operation))
        nv_state_apply(out, &operation);
}

static const struct memo_run *run_retry(struct worker *worker, struct memo *memo,
                                        const struct nv_state *state, const struct nv_state *after,
                                        bool live) {
    struct memo_run run = {0};
    struct board *board = worker->board;
    if (!live) { // the recovery was remembered: the app has to be brought up first
        struct recovery ignored = {0};
        board_load(board, state);
        worker->workload->recover(worker->context, &ignored);
    }
    board_journal_enable(board, false);
    memo_begin(memo, board, after);
    worker->workload->retry(worker->context, &run.recovery.retry_succeeded, run.recovery.retry_story);
    board_journal_enable(board, true);
    return memo_finish(memo, board, &run, worker->options->memo);
}

static void retry(struct worker *worker, const struct nv_state *state, bool live, struct recovered *out) {
    struct memo *memo = retries_of(worker, out->recovery.address);
    struct nv_state after;
    recovered_state(state, out->run, &after);
    const struct memo_run *run = worker->options->memo ? memo_find(memo, &after) : NULL;
    if (run == NULL)
        run = run_retry(worker, memo, state, &after, live);
    out->recovery.retried = true;
    out->recovery.retry_succeeded = run->recovery.retry_succeeded;
    memcpy(out->recovery.retry_story, run->recovery.retry_story, sizeof out->recovery.retry_story);
    out->retry_reads = &run->reads;
    nv_state_free(&after);
}

static void note_signature(struct worker *worker, struct content_hash signature) {
    signature.low |= 1;
    if (state_map_find(&worker->signatures, signature) == NULL)
        (void)state_map_add(&worker->signatures, signature);
}

void worker_recover(struct worker *worker, const struct nv_state *state, enum tear_detail detail,
                    bool with_retry, struct recovered *out) {
    out->run = worker->options->memo ? memo_find(worker->recoveries, state) : NULL;
    out->retry_reads = NULL;
    bool live = out->run == NULL;
    if (live)
        out->run = run_recovery(worker, state, worker->options->memo && detail != DETAIL_CLEAN);
    note_signature(worker, out->run->signature);
    recovery_copy(&out->recovery, &out->run->recovery);
    bool wanted = with_retry && detail != DETAIL_CLEAN && worker->workload->retry != NULL;
    if (wanted && out->recovery.end == RECOVERY_SETTLED)
        retry(worker, state, live, out);
}

// ---- cutting a recovery -------------------------------------------------------------------------

void lose_power(struct nv_state *state) {
    memset(state->retained, 0, sizeof state->retained);
    state->reset_reason = PORT_RESET_POWER_ON;
}

void fold_events(struct promise *promise, const struct event *events, size_t count,
                 const struct crash_cut *cut) {
    for (size_t i = 0; i < count && events[i].operation <= cut->operation; i++) {
        // Right before the first operation of a confirmation, nothing of it has happened yet.
        bool not_yet = events[i].kind == EVENT_CONFIRMING && events[i].operation == cut->operation &&
                       cut->tear.kind == TEAR_CLEAN;
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
    lose_power(&state);
    fold_events(&promise, children->run->recovery.events, children->run->recovery.event_count, &child.cut);
    child.state = &state;
    child.promise = &promise;
    children->visit(children->context, &child);
    nv_state_free(&state);
}

void for_each_child(const struct worker *worker, const struct nv_state *state, const struct promise *promise,
                    const struct memo_run *run, enum tear_detail detail, child_visitor *visit,
                    void *context) {
    const struct explorer_options *options = worker->options;
    const struct tear_choice choice = {options->models, detail, options->late_bit_samples, options->seed};
    struct nv_state base;
    nv_state_copy(&base, state);
    struct children children = {
        .run = run, .promise = promise, .base = &base, .visit = visit, .context = context};
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
