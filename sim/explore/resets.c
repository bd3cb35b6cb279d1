#include "resets.h"

// The walk along the recorded run.
struct reset_walk {
    struct frontier *frontier;
    const struct recording *recording;
    struct exploration *out;
    struct nv_state base;   // before the operation that comes next
    struct promise promise; // of the events before it
    size_t next_event, next_checkpoint;
};

static void pass_checkpoints(struct reset_walk *walk, uint64_t operation) {
    const struct recording *recording = walk->recording;
    while (walk->next_checkpoint < recording->checkpoint_count &&
           recording->checkpoints[walk->next_checkpoint].operation <= operation) {
        nv_state_free(&walk->base);
        nv_state_copy(&walk->base, &recording->checkpoints[walk->next_checkpoint++].state);
        lose_power(&walk->base);
    }
}

static void pass_events(struct reset_walk *walk, uint64_t operation) {
    const struct recording *recording = walk->recording;
    while (walk->next_event < recording->event_count &&
           recording->events[walk->next_event].operation < operation)
        promise_fold(&walk->promise, &recording->events[walk->next_event++]);
}

// The operation is carried out: what holds is what holds at a clean cut behind it.
static struct promise promise_behind(const struct reset_walk *walk, uint64_t operation) {
    const struct recording *recording = walk->recording;
    const struct crash_cut behind = {.operation = operation + 1, .tear = {.kind = TEAR_CLEAN}};
    struct promise promise = walk->promise;
    fold_events(&promise, recording->events + walk->next_event, recording->event_count - walk->next_event,
                &behind);
    return promise;
}

static void account(struct reset_walk *walk, const struct journal_operation *operation,
                    const struct promise *promise, const struct first_cut *cut) {
    struct frontier *frontier = walk->frontier;
    uint32_t model = fault_model_index(&cut->tear);
    walk->out->crash_states++;
    walk->out->operations++;
    walk->out->fired[model]++;
    const struct met_state *met = state_map_find(&frontier->met, cut->key);
    if (met == NULL || !met->recovered)
        return;
    findings_transition(&frontier->findings, &(struct transition){.from_run = true,
                                                                  .call = operation->entry->call,
                                                                  .to = met->situation,
                                                                  .count = 1});
    frontier_note_cut(frontier, &cut->tear, met, promise, 1, 1u << model);
}

static void reset_at(struct reset_walk *walk, const struct journal_operation *operation) {
    struct frontier *frontier = walk->frontier;
    struct first_cut cuts[TEAR_FORMS_MAX];
    struct promise promise = promise_behind(walk, operation->number);
    size_t count = 0;
    for (size_t i = 0; i < TEAR_FORMS_MAX && fault_reset.forms[i].name != NULL; i++, count++)
        cuts[i] = (struct first_cut){
            .tear = {.kind = fault_reset.forms[i].kind}, .like = i, .models = 1u << FAULT_INDEX_RESET};
    frontier->base = &walk->base;
    frontier->operation = operation;
    frontier->operation_number = operation->number;
    frontier->checkpoint = (uint32_t)walk->next_checkpoint - 1;
    frontier->blame.spoilt = 0; // it is the reset's fault alone
    frontier->culprit = culprit_of_operation(walk->recording, operation, frontier->checkpoint);
    frontier->call = operation->entry->call;
    frontier_explore(frontier, cuts, count, &promise, &promise);
    for (size_t i = 0; i < count && !frontier->interrupted; i++)
        account(walk, operation, &promise, &cuts[i]);
}

static bool strikes(const struct reset_walk *walk, const struct journal_operation *operation) {
    const struct journal_entry *entry = operation->entry;
    uint32_t step = walk->recording->checkpoints[walk->next_checkpoint - 1].step;
    return (fault_reset.operations >> operation->kind & 1) != 0 && entry->result == JOURNAL_DONE &&
           step >= walk->recording->first_step && step <= walk->recording->last_step;
}

void explore_resets(struct frontier *frontier, const struct recording *recording, struct exploration *out) {
    if ((frontier->options->models >> FAULT_INDEX_RESET & 1) == 0)
        return;
    struct reset_walk walk = {.frontier = frontier, .recording = recording, .out = out};
    nv_state_copy(&walk.base, &recording->checkpoints[0].state);
    struct journal_cursor cursor = {.journal = recording->journal};
    struct journal_operation operation;
    while (!frontier->interrupted && journal_next(&cursor, &operation)) {
        pass_checkpoints(&walk, operation.number);
        pass_events(&walk, operation.number);
        if (strikes(&walk, &operation))
            reset_at(&walk, &operation);
        nv_state_apply(&walk.base, &operation);
    }
    nv_state_free(&walk.base);
}
