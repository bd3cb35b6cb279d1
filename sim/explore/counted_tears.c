// Operations that the base's closure does not read: all ways of tearing them end as the base does, so they
// are counted.
#include "counted_tears.h"

#include <stdio.h>

// Without memo: every tear is recovered afresh, and has to end as the base does.
struct check {
    struct walk *walk;
    const struct journal_operation *operation;
    struct promise promise;
};

static bool same_end(const struct closure *a, const struct closure *b) {
    return a->broken == b->broken && a->broken_at_once == b->broken_at_once && a->outcome == b->outcome &&
           content_hash_equal(a->signature, b->signature);
}

void walk_check_tear(struct walk *walk, const struct nv_state *state, const struct promise *promise,
                     enum tear_detail detail, const struct closure *expected, const struct tear *tear) {
    struct closure closure = {0};
    if (walk->out->inexact || walk_stopped(walk))
        return;
    closure_scan(&walk->frontier.workers[0], state, promise, detail, 1, &closure);
    bool whole = walk->frontier.workers[0].spent == BUDGET_LEFT; // else it says nothing
    if (whole && !same_end(&closure, expected)) {
        char text[TEAR_TEXT_SIZE];
        tear_format(tear, text);
        walk->out->inexact = true;
        (void)snprintf(walk->out->defect, sizeof walk->out->defect,
                       "a tear that is counted ends differently when it is run: operation %llu, %s",
                       (unsigned long long)walk->operation, text);
    }
    closure_free(&closure);
}

static void check_tear(void *context, const struct tear *tear) {
    struct check *check = context;
    struct walk *walk = check->walk;
    struct nv_state state;
    nv_state_copy(&state, &walk->base);
    nv_state_apply_torn(&state, check->operation, tear);
    lose_power(&state);
    walk_check_tear(walk, &state, &check->promise, DETAIL_COARSE, &walk->closure, tear);
    nv_state_free(&state);
}

static void account_counted(struct walk *walk, const struct journal_entry *entry, const uint64_t *counts,
                            uint64_t start_ns, uint64_t duration_ns) {
    uint64_t tears = 0;
    uint32_t models = 0;
    for (uint32_t i = 0; i < FAULT_MODEL_COUNT; i++) {
        models |= counts[i] != 0 ? 1u << i : 0;
        walk->out->fired[i] += counts[i];
        tears += counts[i];
    }
    struct met_state *base = state_map_find(&walk->frontier.met, walk->key);
    struct moment *moment = walk_moment(walk, entry);
    base->weight += tears;
    moment->states += tears;
    moment->outcomes[base->outcome] += tears;
    walk->out->crash_states += tears;
    walk_add_transition(walk, entry->call, base->situation, tears);
    if (base->broken == 0)
        return;
    const struct tear clean = {.kind = TEAR_CLEAN};
    struct promise promise = walk_promise(walk, TEAR_CLEAN);
    walk_set_origin(walk, NULL);
    frontier_note_cut(&walk->frontier, &clean, base, &promise, tears, models);
    frontier_expose_all(&walk->frontier, base,
                        duration_ns +
                            (start_ns > walk->previous_end_ns ? start_ns - walk->previous_end_ns : 0));
}

void count_operation(struct walk *walk, const struct journal_operation *operation) {
    uint64_t counts[FAULT_MODEL_COUNT] = {0};
    count_tears(&walk->choice, operation, &walk->base.flash, counts);
    if (!walk->options->memo) {
        struct check check = {walk, operation, walk_promise(walk, TEAR_CLEAN)};
        for_each_tear(&walk->choice, operation, &walk->base.flash, check_tear, &check);
    }
    account_counted(walk, operation->entry, counts, operation->start_ns, operation->duration_ns);
}

void count_whole_request(struct walk *walk, const struct journal_entry *entry) {
    uint64_t counts[FAULT_MODEL_COUNT] = {0};
    count_tears_of_entry(&walk->choice, walk->recording->journal, entry, &walk->base.flash, counts);
    account_counted(walk, entry, counts, entry->start_ns, entry->duration_ns);
    walk->out->operations += entry->operation_count;
}
