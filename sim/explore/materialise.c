// From an address back to a state: the cuts of a path, carried out one after another.
#include "explorer.h"
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

// What the first cut leaves.
static bool first_cut(const struct recording *recording, struct worker *worker, const struct crash_cut *cut,
                      struct nv_state *out) {
    if (misfires(cut)) {
        struct promise ignored;
        bool left_open = false;
        if (worker->workload->misfire == NULL || cut->operation >= recording->journal->operations)
            return false;
        worker->workload->misfire(worker->context, cut->operation, &cut->tear, out, &ignored, &left_open);
        lose_power(out);
        return true;
    }
    const struct checkpoint *start = &recording->checkpoints[cut->checkpoint];
    nv_state_copy(out, &start->state);
    bool good =
        cut_at(journal_seek(recording->journal, start->operation), recording->journal->operations, cut, out);
    if (!good)
        nv_state_free(out);
    return good;
}

// What a step leaves, the power gone.
static bool no_cut(const struct recording *recording, const struct crash_cut *cut, struct nv_state *out) {
    size_t last = recording->checkpoint_count - 1, next = (size_t)cut->checkpoint + 1;
    nv_state_copy(out, &recording->checkpoints[next < last ? next : last].state);
    lose_power(out);
    return true;
}

bool explore_materialise(const struct workload *workload, const struct recording *recording,
                         const struct crash_path *path, struct nv_state *out) {
    const struct explorer_options options = {.threads = 1, .memo = false};
    struct worker worker;
    worker_open(&worker, workload, &options, false);
    bool good = path->count == 0 ? no_cut(recording, &path->cuts[0], out)
                                 : first_cut(recording, &worker, &path->cuts[0], out);
    for (uint32_t i = 1; good && i < path->count; i++) {
        struct recovered recovered;
        worker_recover(&worker, out, DETAIL_CLEAN, 0, &recovered);
        good = cut_at((struct journal_cursor){.journal = &recovered.run->journal},
                      recovered.run->journal.operations, &path->cuts[i], out);
        if (!good)
            nv_state_free(out);
    }
    worker_close(&worker);
    return good;
}
