// From an address back to a state: the cuts of a path, carried out one after another.
#include <string.h>

#include "explorer.h"
#include "findings.h"
#include "rest.h"
#include "run_itself.h"
#include "worker.h"

// Carries out operations from `cursor` up to the cut, and the cut itself. False: there is no such operation.
static bool cut_at(struct journal_cursor cursor, uint64_t end, const struct crash_cut *cut,
                   struct nv_state *state) {
    struct journal_operation operation = {0};
    bool any = false;
    if (cut->operation > end)
        return false;
    while (cut->operation < end && (any = journal_next(&cursor, &operation)) &&
           operation.number < cut->operation)
        nv_state_apply(state, &operation);
    while (cut->operation == end && journal_next(&cursor, &operation)) // right after the last one
        nv_state_apply(state, &operation);
    bool whole = cut->tear.kind == TEAR_CLEAN || fault_model_of_tear(&cut->tear)->scope == FAULT_AT_REST;
    if (!whole && !(any && operation.number == cut->operation))
        return false;
    if (cut->tear.kind != TEAR_CLEAN)
        nv_state_apply_torn(state, &operation, &cut->tear);
    end_cut(state, &cut->tear);
    return true;
}

static bool misfires(const struct crash_cut *cut) {
    return fault_model_of_tear(&cut->tear)->scope == FAULT_MISFIRES;
}

// ---- along a path -------------------------------------------------------------------------------

// Where a path has led to.
struct place {
    struct nv_state state;
    struct promise promise;
    enum tear_detail detail; // of the cuts in its recovery
    bool left_open;          // an operation, in a run that misfired
};

static void fold_recorded(const struct recording *recording, const struct crash_cut *cut,
                          struct promise *promise) {
    bool rots = fault_model_of_tear(&cut->tear)->scope == FAULT_AT_REST;
    size_t told = rots ? recording->checkpoints[cut->checkpoint].events : recording->event_count;
    fold_events(promise, recording->events, told, cut);
}

// What the first cut leaves.
static bool first_cut(const struct recording *recording, struct worker *worker, const struct crash_cut *cut,
                      struct place *out) {
    out->detail = detail_after(&cut->tear, DETAIL_FULL);
    if (misfires(cut)) {
        if (worker->workload->misfire == NULL || cut->operation >= recording->journal->operations)
            return false;
        worker->workload->misfire(worker->context, cut->operation, &cut->tear, &out->state, &out->promise,
                                  &out->left_open);
        lose_power(&out->state);
        return true;
    }
    const struct checkpoint *start = &recording->checkpoints[cut->checkpoint];
    nv_state_copy(&out->state, &start->state);
    if (!cut_at(journal_seek(recording->journal, start->operation), recording->journal->operations, cut,
                &out->state)) {
        nv_state_free(&out->state);
        return false;
    }
    fold_recorded(recording, cut, &out->promise);
    return true;
}

// What a step leaves, the power gone.
static bool no_cut(const struct recording *recording, const struct crash_cut *cut, struct place *out) {
    size_t last = recording->checkpoint_count - 1, next = (size_t)cut->checkpoint + 1;
    const struct checkpoint *end = &recording->checkpoints[next < last ? next : last];
    nv_state_copy(&out->state, &end->state);
    lose_power(&out->state);
    out->detail = DETAIL_COARSE;
    for (size_t i = 0; i < end->events; i++)
        promise_fold(&out->promise, &recording->events[i]);
    return true;
}

static bool further_cut(struct worker *worker, const struct crash_cut *cut, struct place *place) {
    struct recovered recovered;
    worker_recover(worker, &place->state, DETAIL_CLEAN, 0, &recovered);
    const struct memo_run *run = recovered.run;
    if (!cut_at((struct journal_cursor){.journal = &run->journal}, run->journal.operations, cut,
                &place->state)) {
        nv_state_free(&place->state);
        return false;
    }
    fold_events(&place->promise, run->recovery.events, run->recovery.event_count, cut);
    place->detail = detail_after(&cut->tear, place->detail);
    return true;
}

// False: the path does not exist, and `out` owns nothing.
static bool go(struct worker *worker, const struct recording *recording, const struct crash_path *path,
               struct place *out) {
    memset(out, 0, sizeof *out);
    bool good = path->count == 0 ? no_cut(recording, &path->cuts[0], out)
                                 : first_cut(recording, worker, &path->cuts[0], out);
    for (uint32_t i = 1; good && i < path->count; i++)
        good = further_cut(worker, &path->cuts[i], out);
    return good;
}

bool explore_materialise(const struct workload *workload, const struct recording *recording,
                         const struct crash_path *path, struct nv_state *out) {
    const struct explorer_options options = {.threads = 1, .memo = false};
    struct worker worker;
    struct place place;
    worker_open(&worker, workload, &options, false);
    bool good = go(&worker, recording, path, &place);
    if (good)
        *out = place.state;
    worker_close(&worker);
    return good;
}

// ---- what it breaks -----------------------------------------------------------------------------

struct judging {
    struct worker *worker;
    const struct place *place;
    void (*visit)(void *context, const struct judged_start *start);
    void *context;
    struct nv_state state; // with which the start begins
};

static void judge_start(void *context, const struct start *start) {
    struct judging *judging = context;
    struct judged_start judged = {.number = start->number,
                                  .state = &judging->state,
                                  .update = start->promise->update,
                                  .broken = start->broken,
                                  .writes = start->recovered->run->journal.operations != 0};
    recovery_copy(&judged.recovery, &start->recovered->recovery);
    if (start->number == 0 && judging->place->left_open) {
        struct recovery open;
        recovery_copy(&open, &judged.recovery);
        open.left_open = true;
        judged.broken |= invariants_broken(&open, start->promise, &judging->worker->options->limits) &
                         1u << INVARIANT_OPERATIONS_CLOSED;
    }
    judging->visit(judging->context, &judged);
    struct journal_cursor cursor = {.journal = &start->recovered->run->journal};
    struct journal_operation operation;
    while (journal_next(&cursor, &operation))
        nv_state_apply(&judging->state, &operation);
    lose_power(&judging->state);
}

bool explore_judge(const struct workload *workload, const struct recording *recording,
                   const struct explorer_options *options, const struct crash_path *path,
                   void (*visit)(void *context, const struct judged_start *start), void *context) {
    struct explorer_options plain = *options;
    struct worker worker;
    struct place place;
    plain.threads = 1;
    plain.memo = false;
    worker_open(&worker, workload, &plain, false);
    bool good = go(&worker, recording, path, &place);
    if (good) {
        struct judging judging = {.worker = &worker, .place = &place, .visit = visit, .context = context};
        nv_state_copy(&judging.state, &place.state);
        for_each_start(&worker, &place.state, &place.promise, place.detail, 0, judge_start, &judging);
        nv_state_free(&judging.state);
        nv_state_free(&place.state);
    }
    worker_close(&worker);
    return good;
}

uint32_t explore_judge_step(const struct workload *workload, const struct recording *recording,
                            const struct explorer_options *options, uint32_t checkpoint) {
    struct explorer_options plain = *options;
    struct worker worker;
    struct findings findings = {0};
    struct run_itself itself = {.only = &checkpoint};
    uint32_t broken = 0;
    plain.threads = 1;
    plain.memo = false;
    worker_open(&worker, workload, &plain, false);
    judge_run_end(&itself, &worker, recording, NULL, &findings);
    for (size_t i = 0; i < findings.violation_count; i++)
        broken |= 1u << findings.violations[i].cause.invariant;
    findings_free(&findings);
    worker_close(&worker);
    return broken;
}
