#include "explorer.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "../base/buffer.h"
#include "closure.h"
#include "frontier.h"
#include "misfires.h"

// The walk along the recorded run.
struct walk {
    const struct recording *recording;
    const struct explorer_options *options;
    struct exploration *out;
    struct frontier frontier;
    struct tear_choice choice;

    struct nv_state base;   // what a clean cut here leaves
    struct promise promise; // what holds at such a cut
    size_t next_event;
    size_t next_checkpoint;
    uint64_t operation;       // that comes next
    uint64_t previous_end_ns; // of the operation before
    bool inside;              // of the steps that are to be cut

    bool class_known; // the base's closure is known, and what it reads, for this promise:
    struct promise class_promise;
    struct closure closure;
    struct content_hash key;    // of the base in frontier.met
    struct content_hash rotted; // contents that bits were last flipped in
};

static bool stopped(const struct walk *walk) {
    return walk->frontier.interrupted;
}

// ---- the base
// -------------------------------------------------------------------------------------------------------

// Events that had happened when the power goes right before the next operation, or inside it.
static struct promise promise_at(const struct walk *walk, enum tear_kind kind) {
    struct promise promise = walk->promise;
    struct crash_cut cut = {walk->operation, {.kind = kind}};
    const struct recording *recording = walk->recording;
    fold_events(&promise, recording->events + walk->next_event, recording->event_count - walk->next_event,
                &cut);
    return promise;
}

// Folds for good what lies behind the next operation.
static void pass_events(struct walk *walk) {
    const struct recording *recording = walk->recording;
    while (walk->next_event < recording->event_count &&
           recording->events[walk->next_event].operation < walk->operation)
        promise_fold(&walk->promise, &recording->events[walk->next_event++]);
}

static void set_origin(struct walk *walk, const struct journal_operation *operation) {
    walk->frontier.base = &walk->base;
    walk->frontier.operation = operation;
    walk->frontier.operation_number = walk->operation;
}

static struct moment *moment_of(struct walk *walk, const struct journal_entry *entry) {
    return &walk->out->moments[entry - walk->recording->journal->entries];
}

// Cuts cleanly here, and learns what the base's closure reads.
static void explore_base(struct walk *walk) {
    struct promise clean = promise_at(walk, TEAR_CLEAN);
    struct first_cut cut = {.tear = {.kind = TEAR_CLEAN}};
    set_origin(walk, NULL);
    frontier_explore(&walk->frontier, &cut, 1, &clean, &clean);
    walk->key = cut.key;
    walk->out->crash_states++;
    walk->out->fired[fault_model_index(FAULT_CLEAN)]++;
    read_set_clear(&walk->closure.reads);
    walk->closure.broken = 0;
    if (!stopped(walk))
        closure_scan(&walk->frontier.workers[0], &walk->base, &clean, DETAIL_COARSE, 1, &walk->closure);
    walk->class_known = !stopped(walk);
}

static const struct met_state *base_state(const struct walk *walk) {
    return state_map_find(&walk->frontier.met, walk->key);
}

static void add_transition(struct walk *walk, const char *call, uint32_t to, uint64_t count) {
    findings_transition(&walk->frontier.findings,
                        &(struct transition){.from_run = true, .call = call, .to = to, .count = count});
}

// ---- operations that the closure does not read: counted
// ---------------------------------------------------------------------

// Without memo: every tear is recovered afresh, and has to end as the base does.
struct check {
    struct walk *walk;
    const struct journal_operation *operation;
    struct promise promise;
};

static void check_tear(void *context, const struct tear *tear) {
    struct check *check = context;
    struct walk *walk = check->walk;
    struct closure closure = {0};
    struct nv_state state;
    if (walk->out->inexact || stopped(walk))
        return;
    nv_state_copy(&state, &walk->base);
    nv_state_apply_torn(&state, check->operation, tear);
    lose_power(&state);
    closure_scan(&walk->frontier.workers[0], &state, &check->promise, DETAIL_COARSE, 1, &closure);
    if (closure.broken != walk->closure.broken || closure.broken_at_once != walk->closure.broken_at_once ||
        closure.outcome != walk->closure.outcome ||
        !content_hash_equal(closure.signature, walk->closure.signature)) {
        char text[TEAR_TEXT_SIZE];
        tear_format(tear, text);
        walk->out->inexact = true;
        (void)snprintf(walk->out->inexact_at, sizeof walk->out->inexact_at, "operation %llu, %s",
                       (unsigned long long)walk->operation, text);
    }
    read_set_free(&closure.reads);
    nv_state_free(&state);
}

static void account_counted(struct walk *walk, const struct journal_entry *entry, const uint64_t *counts,
                            uint64_t start_ns, uint64_t duration_ns) {
    uint64_t tears = 0;
    for (uint32_t i = 0; i < FAULT_MODEL_COUNT; i++) {
        walk->out->fired[i] += counts[i];
        tears += counts[i];
    }
    struct met_state *base = state_map_find(&walk->frontier.met, walk->key);
    struct moment *moment = moment_of(walk, entry);
    base->weight += tears;
    moment->states += tears;
    moment->outcomes[base->outcome] += tears;
    walk->out->crash_states += tears;
    add_transition(walk, entry->call, base->situation, tears);
    if (start_ns > walk->previous_end_ns)
        findings_exposure(&walk->frontier.findings, base->broken, start_ns - walk->previous_end_ns);
    findings_exposure(&walk->frontier.findings, base->broken, duration_ns);
}

static void count_operation(struct walk *walk, const struct journal_operation *operation) {
    uint64_t counts[FAULT_MODEL_COUNT] = {0};
    count_tears(&walk->choice, operation, &walk->base.flash, counts);
    if (!walk->options->memo) {
        struct check check = {walk, operation, promise_at(walk, TEAR_CLEAN)};
        for_each_tear(&walk->choice, operation, &walk->base.flash, check_tear, &check);
    }
    account_counted(walk, operation->entry, counts, operation->start_ns, operation->duration_ns);
}

// ---- operations that it does read: torn for real
// ---------------------------------------------------------------------------------

struct cut_list {
    struct first_cut *cuts;
    size_t count, capacity;
};

static void list_tear(void *context, const struct tear *tear) {
    struct cut_list *list = context;
    if (list->count == list->capacity) {
        list->capacity = list->capacity == 0 ? 256 : list->capacity * 2;
        list->cuts = memory_resize(list->cuts, list->capacity * sizeof *list->cuts);
    }
    list->cuts[list->count++] = (struct first_cut){.tear = *tear};
}

// The share of an operation's time in which a cut breaks an invariant. Each model tells the same instant in
// its own way: the largest share counts.
static void expose(struct walk *walk, const struct cut_list *list,
                   const struct journal_operation *operation) {
    uint64_t all[FAULT_MODEL_COUNT] = {0}, broken[FINDINGS_INVARIANTS][FAULT_MODEL_COUNT] = {{0}};
    for (size_t i = 0; i < list->count; i++) {
        const struct met_state *met = state_map_find(&walk->frontier.met, list->cuts[i].key);
        uint32_t model = fault_model_index(fault_model_of_tear(&list->cuts[i].tear));
        if (list->cuts[i].tear.kind == TEAR_CLEAN) {
            if (operation->start_ns > walk->previous_end_ns)
                findings_exposure(&walk->frontier.findings, met->broken,
                                  operation->start_ns - walk->previous_end_ns);
            continue;
        }
        all[model]++;
        for (uint32_t k = 0; k < FINDINGS_INVARIANTS; k++)
            broken[k][model] += met->broken >> k & 1;
    }
    for (uint32_t k = 0; k < FINDINGS_INVARIANTS; k++) {
        uint64_t most = 0;
        for (uint32_t model = 0; model < FAULT_MODEL_COUNT; model++) {
            uint64_t share = all[model] == 0 ? 0 : operation->duration_ns * broken[k][model] / all[model];
            most = share > most ? share : most;
        }
        if (most != 0)
            findings_exposure(&walk->frontier.findings, 1u << k, most);
    }
}

static void account(struct walk *walk, const struct cut_list *list,
                    const struct journal_operation *operation) {
    struct moment *moment = moment_of(walk, operation->entry);
    for (size_t i = 0; i < list->count; i++) {
        const struct met_state *met = state_map_find(&walk->frontier.met, list->cuts[i].key);
        walk->out->fired[fault_model_index(fault_model_of_tear(&list->cuts[i].tear))]++;
        moment->states++;
        moment->outcomes[met->outcome]++;
        add_transition(walk, operation->entry->call, met->situation, 1);
    }
    walk->out->crash_states += list->count;
}

static void tear_operation(struct walk *walk, const struct journal_operation *operation) {
    struct cut_list list = {0};
    struct promise clean = promise_at(walk, TEAR_CLEAN), torn = promise_at(walk, TEAR_PREFIX);
    for_each_tear(&walk->choice, operation, &walk->base.flash, list_tear, &list);
    set_origin(walk, operation);
    frontier_explore(&walk->frontier, list.cuts, list.count, &clean, &torn);
    if (!stopped(walk)) {
        account(walk, &list, operation);
        expose(walk, &list, operation);
    }
    free(list.cuts);
}

// ---- bits that rot at rest
// ---------------------------------------------------------------------------------------------------------

static void list_rot(const struct walk *walk, struct cut_list *list) {
    const struct explorer_options *options = walk->options;
    for (size_t r = 0; r < options->bit_rot_count; r++)
        for (uint32_t bit = 0; bit < options->bit_rot[r].length * 8; bit++)
            list_tear(list,
                      &(struct tear){TEAR_BIT_ROT, options->bit_rot[r].address * 8 + bit, TEAR_NO_BIT, 0});
    size_t singles = list->count;
    size_t first = 0;
    for (size_t r = 0; r < options->bit_rot_count; r++) { // pairs: over all ranges that ask for them
        uint32_t bits = options->bit_rot[r].length * 8;
        for (size_t i = first; options->bit_rot[r].pairs && i < first + bits; i++) {
            size_t other_first = 0;
            for (size_t o = 0; o < options->bit_rot_count; o++) {
                uint32_t other_bits = options->bit_rot[o].length * 8;
                size_t from = other_first > i + 1 ? other_first : i + 1;
                for (size_t k = from;
                     options->bit_rot[o].pairs && k < other_first + other_bits && k < singles; k++)
                    list_tear(list,
                              &(struct tear){TEAR_BIT_ROT, list->cuts[i].tear.a, list->cuts[k].tear.a, 0});
                other_first += other_bits;
            }
        }
        first += bits;
    }
}

static void rot_here(struct walk *walk) {
    struct content_hash contents = nv_state_hash(&walk->base);
    if ((walk->options->models & FAULT_BIT_ROT) == 0 || walk->options->bit_rot_count == 0 ||
        content_hash_equal(contents, walk->rotted))
        return;
    walk->rotted = contents;
    struct cut_list list = {0};
    struct promise promise = promise_at(walk, TEAR_CLEAN);
    list_rot(walk, &list);
    set_origin(walk, NULL);
    frontier_explore(&walk->frontier, list.cuts, list.count, &promise, &promise);
    for (size_t i = 0; i < list.count && !stopped(walk); i++) {
        const struct met_state *met = state_map_find(&walk->frontier.met, list.cuts[i].key);
        add_transition(walk, "bit rot", met->situation, 1);
    }
    walk->out->crash_states += list.count;
    walk->out->fired[fault_model_index(FAULT_BIT_ROT)] += list.count;
    free(list.cuts);
}

// ---- the walk
// ---------------------------------------------------------------------------------------------------------------------------

// Steps begin here: they may have changed contents behind the journal's back.
static void pass_checkpoints(struct walk *walk) {
    const struct recording *recording = walk->recording;
    while (walk->next_checkpoint < recording->checkpoint_count &&
           recording->checkpoints[walk->next_checkpoint].operation <= walk->operation && !stopped(walk)) {
        const struct checkpoint *checkpoint = &recording->checkpoints[walk->next_checkpoint++];
        struct nv_state state;
        nv_state_copy(&state, &checkpoint->state);
        lose_power(&state);
        bool changed = !content_hash_equal(nv_state_hash(&state), nv_state_hash(&walk->base));
        nv_state_free(&walk->base);
        walk->base = state;
        walk->inside = checkpoint->step >= recording->first_step && checkpoint->step <= recording->last_step;
        walk->class_known = walk->class_known && !changed;
        if (walk->inside)
            rot_here(walk);
    }
}

static bool same_promise(const struct promise *a, const struct promise *b) {
    return memcmp(a, b, sizeof *a) == 0;
}

static bool closure_reads(const struct walk *walk, const struct journal_entry *entry, uint32_t address,
                          uint32_t length) {
    if (entry->kind == JOURNAL_EFUSE)
        return (walk->closure.reads.efuse >> entry->field & 1) != 0;
    tear_reach(&walk->choice, &address, &length);
    return read_set_intersects(&walk->closure.reads, address, address + length);
}

// Makes sure that the base's closure is known for the promise that holds right before the next operation.
static void know_base(struct walk *walk, const struct promise *clean) {
    if (walk->class_known && same_promise(clean, &walk->class_promise))
        return;
    explore_base(walk);
    walk->class_promise = *clean;
    // The clean cut that comes with the operation's tears is this one: it counts once.
    walk->out->crash_states--;
    walk->out->fired[fault_model_index(FAULT_CLEAN)]--;
    if (!stopped(walk))
        state_map_find(&walk->frontier.met, walk->key)->weight--;
}

static void cut_operation(struct walk *walk, const struct journal_operation *operation) {
    struct promise clean = promise_at(walk, TEAR_CLEAN), torn = promise_at(walk, TEAR_PREFIX);
    know_base(walk, &clean);
    if (stopped(walk))
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
    struct promise clean = promise_at(walk, TEAR_CLEAN), torn = promise_at(walk, TEAR_PREFIX);
    if (!walk->options->memo || entry->result != JOURNAL_DONE)
        return false;
    know_base(walk, &clean);
    if (stopped(walk) || !same_promise(&clean, &torn) ||
        closure_reads(walk, entry, entry->address, entry->length))
        return false;
    uint64_t counts[FAULT_MODEL_COUNT] = {0};
    count_tears_of_entry(&walk->choice, walk->recording->journal, entry, &walk->base.flash, counts);
    account_counted(walk, entry, counts, entry->start_ns, entry->duration_ns);
    walk->out->operations += entry->operation_count;
    return true;
}

static void report_progress(const struct walk *walk) {
    const struct explorer_options *options = walk->options;
    if (options->progress == NULL)
        return;
    struct explore_progress progress = {.crash_states = walk->out->crash_states + walk->frontier.crash_states,
                                        .distinct_states = walk->frontier.met.count,
                                        .frontier = walk->frontier.count - walk->frontier.next,
                                        .operation = walk->operation,
                                        .operations = walk->recording->journal->operations};
    options->progress(options->progress_context, &progress);
}

static bool is_stop(const struct walk *walk) {
    return stopped(walk) || (walk->options->interrupted != NULL && *walk->options->interrupted != 0);
}

// Bits that rot and operations that misfire need no cut.
static bool cuts_power(const struct walk *walk) {
    return (walk->options->models & FAULT_MODELS_CUTTING) != 0;
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
        walk->previous_end_ns = operation.start_ns + operation.duration_ns;
    }
}

static void walk_request(struct walk *walk, size_t index) {
    const struct journal *journal = walk->recording->journal;
    const struct journal_entry *entry = &journal->entries[index];
    walk->operation = entry->first_operation;
    pass_events(walk);
    pass_checkpoints(walk);
    bool cut = walk->inside && cuts_power(walk) && !stopped(walk);
    if (cut && !count_request(walk, entry)) {
        walk_operations(walk, index);
    } else {
        struct journal_operation whole = {
            .kind = entry->kind, .address = entry->address, .length = entry->length, .entry = entry};
        whole.data = entry->kind == JOURNAL_PROGRAM ? journal->data.bytes + entry->data : NULL;
        nv_state_apply(&walk->base, &whole);
        walk->previous_end_ns = entry->start_ns + entry->duration_ns;
    }
    report_progress(walk);
}

static void walk_journal(struct walk *walk) {
    const struct journal *journal = walk->recording->journal;
    for (size_t i = 0; i < journal->count && !is_stop(walk); i++)
        walk_request(walk, i);
    walk->operation = journal->operations;
    if (is_stop(walk)) {
        walk->frontier.interrupted = true;
        return;
    }
    pass_events(walk);
    pass_checkpoints(walk);
    if (walk->inside && !stopped(walk))
        rot_here(walk);
    if (walk->inside && !stopped(walk) && cuts_power(walk)) // the power goes when all is done
        explore_base(walk);
    if (walk->inside && !stopped(walk) && cuts_power(walk) && walk->recording->end_ns > walk->previous_end_ns)
        findings_exposure(&walk->frontier.findings, base_state(walk)->broken,
                          walk->recording->end_ns - walk->previous_end_ns);
}

// ---- the answer
// ----------------------------------------------------------------------------------------------------------------------------

static void sum_up_states(struct walk *walk) {
    struct findings *findings = &walk->frontier.findings;
    STATE_MAP_FOR_EACH(&walk->frontier.met, met) {
        uint64_t states = met->weight + met->nested;
        if (!met->recovered)
            continue;
        findings->situations[met->situation].states += states;
        for (uint32_t i = 0; i < FINDINGS_INVARIANTS; i++)
            if ((met->broken >> i & 1) != 0)
                findings->best[i].states += states;
    }
}

static uint64_t distinct_recoveries(const struct walk *walk) {
    struct state_map all = {0};
    for (unsigned w = 0; w < walk->options->threads; w++)
        STATE_MAP_FOR_EACH(&walk->frontier.workers[w].signatures, seen)
    if (state_map_find(&all, seen->key) == NULL)
        (void)state_map_add(&all, seen->key);
    uint64_t count = all.count;
    state_map_free(&all);
    return count;
}

static void sum_up(struct walk *walk) {
    struct exploration *out = walk->out;
    struct findings *findings = &walk->frontier.findings;
    sum_up_states(walk);
    out->crash_states += walk->frontier.crash_states;
    out->distinct_states = walk->frontier.met.count;
    out->recoveries = distinct_recoveries(walk);
    out->recoveries_saved = out->crash_states > out->recoveries ? out->crash_states - out->recoveries : 0;
    out->depth = walk->frontier.depth;
    out->partial = walk->frontier.interrupted;
    out->closed = !out->partial && !walk->frontier.cut_off;
    for (uint32_t i = 0; i < FAULT_MODEL_COUNT; i++)
        out->fired[i] += walk->frontier.fired[i];
    for (uint32_t i = 0; i < FINDINGS_INVARIANTS; i++) {
        if (findings->best[i].path.count == 0)
            continue;
        out->violations =
            memory_resize(out->violations, (out->violation_count + 1) * sizeof *out->violations);
        struct found_violation *violation = &out->violations[out->violation_count++];
        *violation = findings->best[i];
        if (violation->path.count > 1)
            violation->exposure_ns = findings->later[i].most_ns;
    }
    out->situations = findings->situations;
    out->situation_count = findings->situation_count;
    out->transitions = findings->transitions;
    out->transition_count = findings->transition_count;
    findings->situations = NULL;
    findings->transitions = NULL;
}

void explore(const struct workload *workload, const struct recording *recording,
             const struct explorer_options *options, struct exploration *out) {
    *out = (struct exploration){0};
    struct walk walk = {.recording = recording, .options = options, .out = out};
    walk.choice =
        (struct tear_choice){options->models, DETAIL_FULL, options->late_bit_samples, options->seed};
    walk.frontier.options = options;
    walk.frontier.workers = memory_zeroed(options->threads, sizeof *walk.frontier.workers);
    for (unsigned i = 0; i < options->threads; i++)
        worker_open(&walk.frontier.workers[i], workload, options);
    out->moment_count = recording->journal->count;
    out->moments = memory_zeroed(out->moment_count == 0 ? 1 : out->moment_count, sizeof *out->moments);
    for (size_t i = 0; i < out->moment_count; i++)
        out->moments[i].entry = &recording->journal->entries[i];
    nv_state_copy(&walk.base, &recording->checkpoints[0].state);
    lose_power(&walk.base);
    walk_journal(&walk);
    if (!stopped(&walk))
        explore_misfires(&walk.frontier, recording, out);
    sum_up(&walk);
    for (unsigned i = 0; i < options->threads; i++)
        worker_close(&walk.frontier.workers[i]);
    free(walk.frontier.workers);
    frontier_free(&walk.frontier);
    read_set_free(&walk.closure.reads);
    nv_state_free(&walk.base);
}

void exploration_free(struct exploration *exploration) {
    free(exploration->violations);
    free(exploration->moments);
    free(exploration->situations);
    free(exploration->transitions);
    *exploration = (struct exploration){0};
}
