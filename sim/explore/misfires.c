#include "misfires.h"

#include <stdlib.h>

#include "../base/buffer.h"

struct misfire {
    uint64_t operation;
    struct tear tear;
    const struct journal_entry *entry;
    struct nv_state left;
    struct promise promise;
    bool left_open; // an operation, in the run
};

// The step that an operation belongs to: the last one that begins at or before it.
static uint32_t checkpoint_of(const struct recording *recording, uint64_t operation) {
    uint32_t found = 0;
    while (found + 1 < recording->checkpoint_count &&
           recording->checkpoints[found + 1].operation <= operation)
        found++;
    return found;
}

static bool within_steps(const struct recording *recording, uint64_t operation) {
    uint32_t step = recording->checkpoints[checkpoint_of(recording, operation)].step;
    return step >= recording->first_step && step <= recording->last_step;
}

static void run_with_misfire(struct frontier *frontier, struct worker *worker, size_t index, void *context) {
    (void)frontier;
    struct misfire *misfire = &((struct misfire *)context)[index];
    worker->workload->misfire(worker->context, misfire->operation, &misfire->tear, &misfire->left,
                              &misfire->promise, &misfire->left_open);
    worker_crash(worker, &(struct tear){.kind = TEAR_CLEAN}, &misfire->left);
}

static size_t list_misfires(const struct recording *recording, enum tear_kind kind, struct misfire *out) {
    size_t count = 0;
    for (size_t i = 0; i < recording->journal->count; i++) {
        const struct journal_entry *entry = &recording->journal->entries[i];
        if (entry->kind == JOURNAL_EFUSE || entry->result != JOURNAL_DONE ||
            !within_steps(recording, entry->first_operation))
            continue;
        out[count++] =
            (struct misfire){.operation = entry->first_operation, .tear = {.kind = kind}, .entry = entry};
    }
    return count;
}

// An operation stayed open in that run: the device itself comes back as it likes.
static void note_left_open(struct frontier *frontier, const struct misfire *misfire) {
    struct worker *worker = &frontier->workers[0];
    struct cause cause = {INVARIANT_OPERATIONS_CLOSED, GRAVITY_NONE, frontier->culprit};
    struct crash_path path = {.count = 1,
                              .cuts = {{frontier->operation_number, frontier->checkpoint, misfire->tear}}};
    struct recovered recovered;
    worker_recover(worker, &misfire->left, DETAIL_COARSE, 0, &recovered);
    recovered.recovery.left_open = true;
    uint32_t broken = invariants_broken(&recovered.recovery, &misfire->promise, &worker->options->limits);
    if ((broken >> cause.invariant & 1) == 0)
        return;
    struct found_violation *violation = findings_of(&frontier->findings, &cause);
    findings_checkpoint(violation, frontier->checkpoint);
    findings_note(violation, &path, 0, &recovered.recovery, &misfire->promise);
    violation->tears |= 1u << fault_model_index(&misfire->tear);
    violation->states++;
}

static void judge(struct frontier *frontier, const struct recording *recording, const struct misfire *misfire,
                  struct exploration *out) {
    struct first_cut cut = {.tear = misfire->tear, .models = 1u << fault_model_index(&misfire->tear)};
    frontier->base = &misfire->left;
    frontier->operation = NULL;
    frontier->operation_number = misfire->operation;
    frontier->checkpoint = checkpoint_of(recording, misfire->operation);
    frontier->blame.spoilt = 0; // it is the misfire's fault alone
    frontier->culprit = culprit_of_operation(recording,
                                             &(struct journal_operation){.kind = misfire->entry->kind,
                                                                         .address = misfire->entry->address,
                                                                         .entry = misfire->entry},
                                             frontier->checkpoint);
    frontier->call = misfire->entry->call;
    frontier_explore(frontier, &cut, 1, &misfire->promise, &misfire->promise);
    if (misfire->left_open && !frontier->interrupted)
        note_left_open(frontier, misfire);
    out->crash_states++;
    out->operations++;
    out->fired[fault_model_index(&misfire->tear)]++;
    const struct met_state *met = state_map_find(&frontier->met, cut.key);
    if (met == NULL || !met->recovered)
        return;
    findings_transition(&frontier->findings, &(struct transition){.from_run = true,
                                                                  .call = misfire->entry->call,
                                                                  .to = met->situation,
                                                                  .count = 1});
    frontier_note_cut(frontier, &misfire->tear, met, &misfire->promise, 1,
                      1u << fault_model_index(&misfire->tear));
}

static void explore_kind(struct frontier *frontier, const struct recording *recording, enum tear_kind kind,
                         struct exploration *out) {
    struct misfire *misfires = memory_zeroed(recording->journal->count + 1, sizeof *misfires);
    size_t count = list_misfires(recording, kind, misfires);
    frontier_side_by_side(frontier, count, run_with_misfire, misfires);
    for (size_t i = 0; i < count; i++) {
        if (!frontier->interrupted)
            judge(frontier, recording, &misfires[i], out);
        nv_state_free(&misfires[i].left);
    }
    free(misfires);
}

void explore_misfires(struct frontier *frontier, const struct recording *recording, struct exploration *out) {
    if (frontier->workers[0].workload->misfire == NULL)
        return;
    for (uint32_t i = 0; i < FAULT_MODEL_COUNT; i++)
        if ((frontier->options->models >> i & 1) != 0 && fault_model(i)->scope == FAULT_MISFIRES)
            explore_kind(frontier, recording, fault_model(i)->forms[0].kind, out);
}
