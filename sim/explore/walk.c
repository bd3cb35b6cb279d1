#include "walk.h"
#include "counted_tears.h"
#include "torn_operations.h"

#include <string.h>

bool walk_stopped(const struct walk *walk) {
    return walk->frontier.interrupted;
}

// ---- the base -----------------------------------------------------------------------------------

// Events that had happened when the power goes right before the next operation, inside it, or (bits that rot)
// when its step began.
struct promise walk_promise(const struct walk *walk, enum tear_kind kind) {
    struct promise promise = walk->promise;
    struct crash_cut cut = {.operation = walk->operation, .tear = {.kind = kind}};
    const struct recording *recording = walk->recording;
    size_t told = kind == TEAR_BIT_ROT ? recording->checkpoints[walk->next_checkpoint - 1].events
                                       : recording->event_count;
    if (told > walk->next_event)
        fold_events(&promise, recording->events + walk->next_event, told - walk->next_event, &cut);
    return promise;
}

// Folds for good what lies behind the next operation.
static void pass_events(struct walk *walk) {
    const struct recording *recording = walk->recording;
    while (walk->next_event < recording->event_count &&
           recording->events[walk->next_event].operation < walk->operation)
        promise_fold(&walk->promise, &recording->events[walk->next_event++]);
}

void walk_set_origin(struct walk *walk, const struct journal_operation *operation) {
    walk->frontier.base = &walk->base;
    walk->frontier.operation = operation;
    walk->frontier.operation_number = walk->operation;
    walk->frontier.checkpoint = (uint32_t)walk->next_checkpoint - 1;
    walk->frontier.culprit = operation != NULL
                                 ? culprit_of_operation(walk->recording, operation, walk->frontier.checkpoint)
                                 : walk->passed;
    walk->frontier.call = walk->next_call;
}

struct moment *walk_moment(struct walk *walk, const struct journal_entry *entry) {
    return &walk->out->moments[entry - walk->recording->journal->entries];
}

// Learns what the base's closure reads, and explores it unless one like it has been.
static void explore_closure(struct walk *walk, const struct promise *clean, struct first_cut *cut) {
    struct worker *worker = &walk->frontier.workers[0];
    const struct closure_origin origin = {&walk->base, clean, DETAIL_COARSE, &walk->frontier.culprit,
                                          &walk->frontier.blame};
    struct explored_closure *known = explored_closures_find(&walk->explored, worker, &origin, &walk->closure);
    if (known != NULL && !walk->options->memo)
        walk_check_tear(walk, &walk->base, clean, DETAIL_COARSE, &walk->closure, &cut->tear);
    if (frontier_spent(&walk->frontier))
        return; // what was learned may not be all
    cut->explored = known != NULL && explored_closure_covers(known, cut->models, true);
    if (cut->explored)
        cut->key = known->key;
    frontier_explore(&walk->frontier, cut, 1, clean, clean);
    if (!walk_stopped(walk))
        explored_closures_note(&walk->explored, known, &origin, &walk->closure, cut->key, cut->models, true);
}

// Cuts cleanly here.
static void explore_base(struct walk *walk) {
    struct promise clean = walk_promise(walk, TEAR_CLEAN);
    struct first_cut cut = {.tear = {.kind = TEAR_CLEAN}, .models = FAULT_CLEAN};
    struct frontier *frontier = &walk->frontier;
    walk_set_origin(walk, NULL);
    blame_pass(&frontier->blame, blame_spoilt(&frontier->workers[0], &walk->base, &clean, DETAIL_COARSE, 1),
               &walk->passed);
    explored_closures_enter(&walk->explored, frontier->checkpoint, frontier->call);
    closure_free(&walk->closure);
    explore_closure(walk, &clean, &cut);
    walk->key = cut.key;
    walk->out->crash_states++;
    walk->out->fired[FAULT_INDEX_CLEAN]++;
    walk->class_known = !walk_stopped(walk);
}

static const struct met_state *base_state(const struct walk *walk) {
    return state_map_find(&walk->frontier.met, walk->key);
}

void walk_add_transition(struct walk *walk, const char *call, uint32_t to, uint64_t count) {
    findings_transition(&walk->frontier.findings,
                        &(struct transition){.from_run = true, .call = call, .to = to, .count = count});
}

// ---- the walk -----------------------------------------------------------------------------------

// Steps begin here: they may have changed contents behind the journal's back.
static void pass_checkpoints(struct walk *walk) {
    const struct recording *recording = walk->recording;
    while (walk->next_checkpoint < recording->checkpoint_count &&
           recording->checkpoints[walk->next_checkpoint].operation <= walk->operation &&
           !walk_stopped(walk)) {
        const struct checkpoint *checkpoint = &recording->checkpoints[walk->next_checkpoint++];
        struct nv_state state;
        nv_state_copy(&state, &checkpoint->state);
        lose_power(&state);
        bool changed = !content_hash_equal(nv_state_hash(&state), nv_state_hash(&walk->base));
        nv_state_free(&walk->base);
        walk->base = state;
        walk->inside = checkpoint->step >= recording->first_step && checkpoint->step <= recording->last_step;
        walk->class_known = walk->class_known && !changed;
        if (changed)
            walk->passed = culprit_at_rest(recording, UINT32_MAX, (uint32_t)walk->next_checkpoint - 2);
        if (walk->inside)
            rot_bits(walk);
    }
}

// What the run itself, without a cut, breaks up to here.
static void walk_judge_run(struct walk *walk) {
    const struct blame *blame = walk->inside ? &walk->frontier.blame : NULL;
    if (!walk_stopped(walk))
        judge_run_until(&walk->itself, &walk->frontier.workers[0], walk->recording, walk->operation, blame,
                        &walk->frontier.findings);
}

static bool same_promise(const struct promise *a, const struct promise *b) {
    return memcmp(a, b, sizeof *a) == 0;
}

static bool closure_reads(const struct walk *walk, const struct journal_entry *entry, uint32_t address,
                          uint32_t length) {
    if (entry->kind == JOURNAL_EFUSE)
        return (walk->closure.reads.efuse >> entry->field & 1) != 0;
    tear_reach(&walk->choice, &address, &length);
    bool unstable =
        (walk->options->models & FAULT_UNSTABLE) != 0; // what is broken may then read as if it were not
    return !closure_unmoved(&walk->closure, unstable ? NULL : walk->frontier.workers[0].seals, &walk->base,
                            address, address + length);
}

// Makes sure that the base's closure is known for the promise that holds right before the next operation.
static void know_base(struct walk *walk, const struct promise *clean) {
    if (walk->class_known && same_promise(clean, &walk->class_promise)) {
        walk_judge_run(walk);
        return;
    }
    explore_base(walk);
    walk->class_promise = *clean;
    // The clean cut that comes with the operation's tears is this one: it counts once.
    walk->out->crash_states--;
    walk->out->fired[FAULT_INDEX_CLEAN]--;
    if (!walk_stopped(walk))
        state_map_find(&walk->frontier.met, walk->key)->weight--;
    walk_judge_run(walk);
}

static void cut_operation(struct walk *walk, const struct journal_operation *operation) {
    struct promise clean = walk_promise(walk, TEAR_CLEAN), torn = walk_promise(walk, TEAR_PREFIX);
    know_base(walk, &clean);
    if (walk_stopped(walk))
        return;
    if (same_promise(&clean, &torn) &&
        !closure_reads(walk, operation->entry, operation->address, operation->length)) {
        count_operation(walk, operation);
        return;
    }
    tear_operation(walk, operation);
    walk->class_known = false;
}

// A request of which the closure reads nothing is counted as a whole. False: it has to be cut operation by
// operation.
static bool count_request(struct walk *walk, const struct journal_entry *entry) {
    struct promise clean = walk_promise(walk, TEAR_CLEAN), torn = walk_promise(walk, TEAR_PREFIX);
    if (!walk->options->memo || entry->result != JOURNAL_DONE)
        return false;
    know_base(walk, &clean);
    if (walk_stopped(walk) || !same_promise(&clean, &torn) ||
        closure_reads(walk, entry, entry->address, entry->length))
        return false;
    count_whole_request(walk, entry);
    return true;
}

static void report_progress(const void *context) {
    const struct walk *walk = context;
    const struct explorer_options *options = walk->options;
    if (options->progress == NULL)
        return;
    struct explore_progress progress = {.crash_states = walk->out->crash_states + walk->frontier.crash_states,
                                        .distinct_states = walk->frontier.met.count,
                                        .frontier = walk->frontier.count - walk->frontier.next,
                                        .operation = walk->operation,
                                        .operations = walk->recording->journal->operations};
    for (unsigned i = 0; i < options->threads; i++)
        progress.recoveries += walk->frontier.workers[i].signatures.count;
    progress.causes = walk->frontier.findings.violation_count;
    progress.first = progress.causes == 0 ? 0 : walk->frontier.findings.violations[0].cause.invariant;
    options->progress(options->progress_context, &progress);
}

static bool is_stop(struct walk *walk) {
    return frontier_spent(&walk->frontier);
}

// Bits that rot and operations that misfire need no cut.
static bool cuts_power(const struct walk *walk) {
    return (walk->options->models & fault_models_cutting()) != 0;
}

static void walk_operations(struct walk *walk, size_t index) {
    struct journal_cursor cursor = {.journal = walk->recording->journal, .entry = index};
    struct journal_operation operation;
    while (!is_stop(walk) && cursor.entry == index && journal_next(&cursor, &operation)) {
        walk->operation = operation.number;
        if (walk->inside && cuts_power(walk)) {
            cut_operation(walk, &operation);
            walk->out->operations++;
        }
        nv_state_apply(&walk->base, &operation);
        walk->passed = culprit_of_operation(walk->recording, &operation, (uint32_t)walk->next_checkpoint - 1);
        walk->previous_end_ns = operation.start_ns + operation.duration_ns;
    }
}

static void walk_request(struct walk *walk, size_t index) {
    const struct journal *journal = walk->recording->journal;
    const struct journal_entry *entry = &journal->entries[index];
    walk->operation = entry->first_operation;
    walk->next_call = entry->call;
    pass_events(walk);
    pass_checkpoints(walk);
    bool cut = walk->inside && cuts_power(walk) && !walk_stopped(walk);
    if (cut && !count_request(walk, entry)) {
        walk_operations(walk, index);
    } else {
        struct journal_operation whole = {
            .kind = entry->kind, .address = entry->address, .length = entry->length, .entry = entry};
        whole.data = entry->kind == JOURNAL_PROGRAM ? journal->data.bytes + entry->data : NULL;
        nv_state_apply(&walk->base, &whole);
        walk->passed = culprit_of_operation(walk->recording, &whole, (uint32_t)walk->next_checkpoint - 1);
        walk->previous_end_ns = entry->start_ns + entry->duration_ns;
    }
    report_progress(walk);
}

static void cut_at_the_end(struct walk *walk) {
    const struct tear clean = {.kind = TEAR_CLEAN};
    struct promise promise = walk_promise(walk, TEAR_CLEAN);
    explore_base(walk);
    if (walk_stopped(walk))
        return;
    frontier_note_cut(&walk->frontier, &clean, base_state(walk), &promise, 1, FAULT_CLEAN);
    if (walk->recording->end_ns > walk->previous_end_ns)
        frontier_expose_all(&walk->frontier, base_state(walk),
                            walk->recording->end_ns - walk->previous_end_ns);
}

void walk_journal(struct walk *walk) {
    const struct journal *journal = walk->recording->journal;
    walk->frontier.chunk_done = report_progress;
    walk->frontier.chunk_context = walk;
    for (size_t i = 0; i < journal->count && !is_stop(walk); i++)
        walk_request(walk, i);
    walk->out->in_all = journal->operations;
    walk->out->passed = walk->operation;
    if (is_stop(walk))
        return;
    walk->operation = walk->out->passed = journal->operations;
    walk->next_call = "";
    pass_events(walk);
    pass_checkpoints(walk);
    if (walk->inside && !walk_stopped(walk))
        rot_bits(walk);
    if (walk->inside && !walk_stopped(walk) && cuts_power(walk)) // the power goes when all is done
        cut_at_the_end(walk);
    if (!walk_stopped(walk))
        judge_run_end(&walk->itself, &walk->frontier.workers[0], walk->recording,
                      walk->inside ? &walk->frontier.blame : NULL, &walk->frontier.findings);
}
