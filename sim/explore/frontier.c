#include "frontier_internal.h"

#include <assert.h>
#include <pthread.h>
#include <stdatomic.h>
#include <stdlib.h>
#include <string.h>

#include "../base/buffer.h"
#include "frontier_blame.h"
#include "rest.h"

#define CHUNK 512u  // items recovered before their children are merged
#define KEPT  1024u // frontiers up to this length keep their states
#define ALONE 16u   // so few that threads would cost more than they bring

struct found_child { // a state that was not met before, or with more cuts
    struct crash_cut cut;
    struct promise promise;
    struct content_hash key;
    uint64_t share_ns;
    struct nv_state *state; // as in frontier_item
};

struct found { // what recovering one item brought
    uint32_t broken;
    enum outcome outcome;
    uint64_t children_met;
    uint64_t fired[FAULT_MODEL_COUNT];
    struct found_child *children;
    size_t child_count, child_capacity;
    struct recovery recovery; // last, see there
};

// ---- work side by side --------------------------------------------------------------------------

struct job {
    struct frontier *frontier;
    void (*one)(struct frontier *frontier, struct worker *worker, size_t index, void *context);
    void *context;
    size_t count;
    bool in_haste; // it ends early when a budget is spent
    atomic_size_t next;
    atomic_bool stopped;
};

struct thread_job {
    struct job *job;
    struct worker *worker;
};

static void *run_job(void *context) {
    const struct thread_job *mine = context;
    struct job *job = mine->job;
    bool looks = job->in_haste && mine->worker == job->frontier->workers; // one looks for all
    size_t index;
    while (!atomic_load(&job->stopped) && (index = atomic_fetch_add(&job->next, 1)) < job->count) {
        job->one(job->frontier, mine->worker, index, job->context);
        if (looks && explorer_spent(job->frontier->options) != BUDGET_LEFT)
            atomic_store(&job->stopped, true);
    }
    return NULL;
}

// How many it was called for: the first ones.
static size_t side_by_side(struct frontier *frontier, size_t count,
                           void (*one)(struct frontier *, struct worker *, size_t, void *), void *context,
                           bool in_haste) {
    struct job job = {
        .frontier = frontier, .one = one, .context = context, .count = count, .in_haste = in_haste};
    atomic_init(&job.next, 0);
    atomic_init(&job.stopped, false);
    unsigned threads = count < ALONE ? 1 : frontier->options->threads;
    pthread_t *ids = memory_zeroed(threads, sizeof *ids);
    struct thread_job *mine = memory_zeroed(threads, sizeof *mine);
    unsigned started = 1;
    for (unsigned i = 0; i < threads; i++)
        mine[i] = (struct thread_job){&job, &frontier->workers[i]};
    while (started < threads && pthread_create(&ids[started], NULL, run_job, &mine[started]) == 0)
        started++; // a thread that cannot be had is done without
    (void)run_job(&mine[0]);
    for (unsigned i = 1; i < started; i++)
        (void)pthread_join(ids[i], NULL);
    free(ids);
    free(mine);
    size_t begun = atomic_load(&job.next);
    return begun < count ? begun : count;
}

void frontier_side_by_side(struct frontier *frontier, size_t count,
                           void (*one)(struct frontier *, struct worker *, size_t, void *), void *context) {
    (void)side_by_side(frontier, count, one, context, false);
}

// ---- from an item back to its state -------------------------------------------------------------

static void tear_base(const struct frontier *frontier, const struct tear *tear, struct nv_state *out) {
    nv_state_copy(out, frontier->base);
    if (frontier->operation != NULL || tear->kind == TEAR_BIT_ROT)
        nv_state_apply_torn(out, frontier->operation, tear);
}

void frontier_first_state(const struct frontier *frontier, const struct worker *worker,
                          const struct tear *tear, struct nv_state *out) {
    tear_base(frontier, tear, out);
    worker_crash(worker, tear, out);
}

static void cut_recovery(const struct worker *worker, const struct memo_run *run, const struct crash_cut *cut,
                         struct nv_state *state) {
    struct journal_cursor cursor = {.journal = &run->journal};
    struct journal_operation operation;
    while (journal_next(&cursor, &operation) && operation.number < cut->operation)
        nv_state_apply(state, &operation);
    if (cut->tear.kind != TEAR_CLEAN) {
        assert(operation.number == cut->operation && "what is torn is what was to be torn");
        nv_state_apply_torn(state, &operation, &cut->tear);
    }
    worker_crash(worker, &cut->tear, state);
}

void frontier_path_of(const struct frontier *frontier, size_t index, struct crash_path *out) {
    uint32_t cuts = frontier->items[index].cuts;
    out->count = cuts < CRASH_CUTS_MAX ? cuts : CRASH_CUTS_MAX;
    uint32_t i = cuts;
    for (; index != NO_PARENT; index = frontier->items[index].parent)
        if (--i < CRASH_CUTS_MAX)
            out->cuts[i] = frontier->items[index].cut;
    assert(i == 0 && "an item has as many cuts as it has ancestors");
}

void frontier_state_of(const struct frontier *frontier, struct worker *worker, size_t index,
                       struct nv_state *out) {
    const struct frontier_item *item = &frontier->items[index];
    if (item->state != NULL) {
        nv_state_copy(out, item->state);
        return;
    }
    if (item->parent == NO_PARENT) {
        frontier_first_state(frontier, worker, &item->cut.tear, out);
        return;
    }
    assert(item->parent < index);
    frontier_state_of(frontier, worker, item->parent, out);
    struct recovered recovered;
    worker_recover(worker, out, frontier->items[item->parent].detail, 0, &recovered);
    cut_recovery(worker, recovered.run, &item->cut, out);
}

// ---- one item -----------------------------------------------------------------------------------

struct collect {
    const struct frontier *frontier;
    const struct frontier_item *item;
    struct found *found;
};

static void collect_child(void *context, const struct crash_child *child) {
    struct collect *collect = context;
    struct found *found = collect->found;
    found->children_met++;
    found->fired[fault_model_index(&child->cut.tear)]++;
    enum tear_detail detail = detail_after(&child->cut.tear, collect->item->detail);
    struct content_hash key = crash_key(child->state, child->promise, detail);
    const struct met_state *met = state_map_find(&collect->frontier->met, key);
    if (met != NULL && met->nested && met->cuts <= collect->item->cuts + 1)
        return;
    if (found->child_count == found->child_capacity) {
        found->child_capacity = found->child_capacity == 0 ? 8 : found->child_capacity * 2;
        found->children = memory_resize(found->children, found->child_capacity * sizeof *found->children);
    }
    struct nv_state *state = NULL;
    if (collect->frontier->count - collect->frontier->next < KEPT) {
        state = memory_new(sizeof *state);
        nv_state_copy(state, child->state);
    }
    found->children[found->child_count++] =
        (struct found_child){child->cut, *child->promise, key, child->share_ns, state};
}

// What the device does when it is started again counts as well, and a bad end is where it ends.
static void collect_later(void *context, const struct start *start) {
    struct found *found = context;
    enum recovery_end end = start->recovered->recovery.end;
    found->broken |= start->broken;
    if (end == RECOVERY_SETTLED)
        return;
    recovery_copy(&found->recovery, &start->recovered->recovery);
    found->outcome = outcome_of_recovery(&found->recovery, start->promise);
}

static void recover_item(struct frontier *frontier, struct worker *worker, size_t index, void *context) {
    struct found *found = &((struct found *)context)[index];
    memset(found, 0, offsetof(struct found, recovery));
    recovery_clear(&found->recovery);
    size_t place = frontier->next + index;
    const struct frontier_item *item = &frontier->items[place];
    struct nv_state state;
    frontier_state_of(frontier, worker, place, &state);
    struct recovered recovered;
    worker_recover(worker, &state, item->detail, item->promise.update, &recovered);
    recovery_copy(&found->recovery, &recovered.recovery);
    found->broken = invariants_broken(&recovered.recovery, &item->promise, &frontier->options->limits);
    found->outcome = outcome_of_recovery(&recovered.recovery, &item->promise);
    struct collect collect = {frontier, item, found};
    if (frontier->options->depth == 0 || item->cuts < frontier->options->depth)
        for_each_child(worker, &state, &item->promise, recovered.run, item->detail, collect_child, &collect);
    for_each_later_start(worker, &state, &item->promise, &recovered, item->detail, collect_later, found);
    nv_state_free(&state);
}

// ---- merging, in order --------------------------------------------------------------------------

static void drop_state(struct nv_state *state) {
    if (state == NULL)
        return;
    nv_state_free(state);
    free(state);
}

static struct frontier_item *add_item(struct frontier *frontier) {
    if (frontier->count == frontier->capacity) {
        frontier->capacity = frontier->capacity == 0 ? 256 : frontier->capacity * 2;
        frontier->items = memory_resize(frontier->items, frontier->capacity * sizeof *frontier->items);
    }
    return &frontier->items[frontier->count++];
}

static void merge_child(struct frontier *frontier, size_t parent, const struct found_child *child) {
    const struct frontier_item *from = &frontier->items[parent];
    uint32_t cuts = from->cuts + 1;
    enum tear_detail detail = detail_after(&child->cut.tear, from->detail);
    struct met_state *met = state_map_find(&frontier->met, child->key);
    bool known = met != NULL;
    if (!known) {
        met = state_map_add(&frontier->met, child->key);
        met->cuts = UINT8_MAX;
    }
    met->nested = true;
    if (known && met->cuts <= cuts) {
        drop_state(child->state);
        return;
    }
    met->cuts = (uint8_t)(cuts < UINT8_MAX ? cuts : UINT8_MAX - 1);
    *add_item(frontier) = (struct frontier_item){.parent = parent,
                                                 .cut = child->cut,
                                                 .promise = child->promise,
                                                 .key = child->key,
                                                 .detail = detail,
                                                 .cuts = cuts,
                                                 .share_ns = child->share_ns,
                                                 .models = 1u << fault_model_index(&child->cut.tear),
                                                 .state = child->state};
}

static void merge(struct frontier *frontier, size_t index, const struct found *found) {
    const struct frontier_item item = frontier->items[index];
    struct met_state *met = state_map_find(&frontier->met, item.key);
    assert(met != NULL && "what waits in the frontier has been met");
    bool again = met->recovered;
    frontier->items[index].again = again;
    frontier->items[index].broken = found->broken;
    frontier->items[index].outcome = found->outcome;
    met->recovered = true;
    met->broken = found->broken;
    met->outcome = (uint8_t)found->outcome;
    met->situation = findings_situation(&frontier->findings, &found->recovery, found->outcome);
    if (item.cuts > frontier->depth)
        frontier->depth = item.cuts;
    if (item.parent != NO_PARENT && !again) {
        const struct met_state *from = state_map_find(&frontier->met, frontier->items[item.parent].key);
        findings_transition(&frontier->findings,
                            &(struct transition){.from = from->situation, .to = met->situation, .count = 1});
    }
    if (!again) {
        frontier->crash_states += found->children_met;
        for (uint32_t i = 0; i < FAULT_MODEL_COUNT; i++)
            frontier->fired[i] += found->fired[i];
    }
    if (frontier->options->depth != 0 && item.cuts >= frontier->options->depth)
        frontier->cut_off = true;
    for (size_t i = 0; i < found->child_count; i++)
        merge_child(frontier, index, &found->children[i]);
}

static bool defect_found(const struct frontier *frontier) {
    for (unsigned i = 0; i < frontier->options->threads; i++)
        if (frontier->workers[i].defect[0] != 0 || frontier->workers[i].not_modelled[0] != 0 ||
            frontier->workers[i].beyond_gist)
            return true;
    return false;
}

static enum budget look_at_budgets(const struct frontier *frontier) {
    const struct explorer_options *options = frontier->options;
    if (frontier->workers[0].spent != BUDGET_LEFT)
        return frontier->workers[0].spent;
    if (options->states_max != 0 && frontier->met.count >= options->states_max)
        return BUDGET_STATES;
    return explorer_spent(options);
}

bool frontier_spent(struct frontier *frontier) {
    if (!frontier->interrupted) {
        frontier->ended = look_at_budgets(frontier);
        frontier->interrupted = frontier->ended != BUDGET_LEFT || defect_found(frontier);
    }
    return frontier->interrupted;
}

static void explore_level_by_level(struct frontier *frontier) {
    assert(frontier->options->threads >= 1 && frontier->next <= frontier->count);
    if (frontier->found == NULL)
        frontier->found = memory_new(CHUNK * sizeof *frontier->found);
    struct found *found = frontier->found;
    while (frontier->next < frontier->count && !frontier->interrupted) {
        size_t count = frontier->count - frontier->next;
        count = count < CHUNK ? count : CHUNK;
        count = side_by_side(frontier, count, recover_item, found, true);
        for (size_t i = 0; i < count; i++) {
            merge(frontier, frontier->next + i, &found[i]);
            drop_state(frontier->items[frontier->next + i].state);
            frontier->items[frontier->next + i].state = NULL;
            free(found[i].children);
        }
        frontier->next += count;
        (void)frontier_spent(frontier);
        if (frontier->chunk_done != NULL)
            frontier->chunk_done(frontier->chunk_context);
    }
}

// ---- cuts of the recorded run -------------------------------------------------------------------

struct keys {
    struct first_cut *cuts;
    const struct promise *clean, *torn;
};

static const struct promise *promise_of(const struct keys *keys, const struct tear *tear) {
    return tear->kind == TEAR_CLEAN || tear->kind == TEAR_BIT_ROT ? keys->clean : keys->torn;
}

static void compute_key(struct frontier *frontier, struct worker *worker, size_t index, void *context) {
    const struct keys *keys = context;
    struct first_cut *cut = &keys->cuts[index];
    struct nv_state state;
    if (cut->like != index || cut->explored)
        return;
    const struct promise *promise = promise_of(keys, &cut->tear);
    enum tear_detail detail = detail_after(&cut->tear, DETAIL_FULL);
    tear_base(frontier, &cut->tear, &state);
    worker_crash_checked(worker, &cut->tear, &state, promise, detail);
    cut->key = crash_key(&state, promise, detail);
    nv_state_free(&state);
}

// What an interruption left.
static void forget_items(struct frontier *frontier) {
    for (size_t i = frontier->next; i < frontier->count; i++)
        drop_state(frontier->items[i].state);
    frontier->items_behind += frontier->count;
    frontier->count = frontier->next = 0;
}

void frontier_explore(struct frontier *frontier, struct first_cut *cuts, size_t count,
                      const struct promise *clean, const struct promise *torn) {
    struct keys keys = {cuts, clean, torn};
    forget_items(frontier);
    frontier_side_by_side(frontier, count, compute_key, &keys);
    for (size_t i = 0; i < count; i++) {
        const struct tear *tear = &cuts[i].tear;
        if (cuts[i].like != i)
            cuts[i].key = cuts[cuts[i].like].key;
        struct met_state *met = state_map_find(&frontier->met, cuts[i].key);
        bool known = met != NULL && met->cuts <= 1;
        assert((known || !cuts[i].explored) && "what was explored has been met");
        if (met == NULL)
            met = state_map_add(&frontier->met, cuts[i].key);
        met->weight++;
        if (known)
            continue;
        met->cuts = 1;
        *add_item(frontier) =
            (struct frontier_item){.parent = NO_PARENT,
                                   .cut = {frontier->operation_number, frontier->checkpoint, *tear},
                                   .promise = *promise_of(&keys, tear),
                                   .key = cuts[i].key,
                                   .detail = detail_after(tear, DETAIL_FULL),
                                   .cuts = 1,
                                   .models = cuts[i].models};
    }
    explore_level_by_level(frontier);
    frontier_blame_items(frontier);
}

void frontier_free(struct frontier *frontier) {
    forget_items(frontier);
    state_map_free(&frontier->met);
    findings_free(&frontier->findings);
    free(frontier->items);
    free(frontier->found);
}
