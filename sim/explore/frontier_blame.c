// Who is to blame for what the frontier's crash states break; see blame.h.
#include "frontier_blame.h"

#include <stdlib.h>
#include <string.h>

#include "../base/buffer.h"
#include "frontier_internal.h"
#include "rest.h"

// ---- along one recovery -------------------------------------------------------------------------

// The recovery from an item's state: what its clean cuts spoil, from its first operation to the place after its
// last one, and whose fault that is.
struct recovery_blame {
    size_t item;
    uint64_t duration_ns; // of its operations
    struct blame *before; // by operation; owned
    struct culprit *culprits;
    uint64_t operations;
};

static void forget_recovery_blame(struct frontier *frontier) {
    if (frontier->recovery_blame == NULL)
        return;
    free(frontier->recovery_blame->before);
    free(frontier->recovery_blame->culprits);
    free(frontier->recovery_blame);
    frontier->recovery_blame = NULL;
}

static uint32_t item_spoilt(struct frontier *frontier, size_t index) {
    struct frontier_item *item = &frontier->items[index];
    if (!item->spoilt_known) {
        struct nv_state state;
        frontier_state_of(frontier, &frontier->workers[0], index, &state);
        item->spoilt = blame_spoilt(&frontier->workers[0], &state, &item->promise, item->detail, item->cuts);
        item->spoilt_known = true;
        nv_state_free(&state);
    }
    return item->spoilt;
}

// Fills one place of a recovery after the other. `state`: taken along.
static void blame_along(struct frontier *frontier, const struct frontier_item *item,
                        const struct memo_run *run, struct nv_state *state, struct recovery_blame *out) {
    struct worker *worker = &frontier->workers[0];
    const struct tear clean = {.kind = TEAR_CLEAN};
    struct journal_cursor cursor = {.journal = &run->journal};
    struct journal_operation operation;
    struct blame blame = {0};
    struct culprit culprit = culprit_at_rest(frontier->recording, UINT32_MAX, frontier->checkpoint);
    uint64_t number = 0;
    for (bool more = true; more; number++) {
        struct crash_cut cut = {.operation = number, .tear = clean};
        struct promise promise = item->promise;
        struct nv_state cut_off;
        nv_state_copy(&cut_off, state);
        worker_crash(worker, &(struct tear){.kind = TEAR_CLEAN}, &cut_off);
        fold_events(&promise, run->recovery.events, run->recovery.event_count, &cut);
        blame_pass(
            &blame,
            blame_spoilt(worker, &cut_off, &promise, detail_after(&clean, item->detail), item->cuts + 1),
            &culprit);
        nv_state_free(&cut_off);
        out->before[number] = blame;
        more = journal_next(&cursor, &operation);
        if (!more)
            break;
        culprit = culprit_of_operation(frontier->recording, &operation, frontier->checkpoint);
        out->culprits[number] = culprit;
        out->duration_ns += operation.duration_ns;
        nv_state_apply(state, &operation);
    }
}

static const struct recovery_blame *recovery_blame_of(struct frontier *frontier, size_t index) {
    if (frontier->recovery_blame != NULL && frontier->recovery_blame->item == index)
        return frontier->recovery_blame;
    forget_recovery_blame(frontier);
    const struct frontier_item *item = &frontier->items[index];
    struct recovery_blame *out = memory_zeroed(1, sizeof *out);
    struct recovered recovered;
    struct nv_state state;
    frontier_state_of(frontier, &frontier->workers[0], index, &state);
    worker_recover(&frontier->workers[0], &state, item->detail, 0, &recovered);
    struct memo_run *run = memory_zeroed(1, sizeof *run); // the worker's own lives until its next recovery
    copy_journal(&run->journal, &recovered.run->journal, recovered.run->journal.chip);
    recovery_copy(&run->recovery, &recovered.run->recovery);
    out->item = index;
    out->operations = run->journal.operations;
    out->before = memory_zeroed(out->operations + 1, sizeof *out->before);
    out->culprits = memory_zeroed(out->operations + 1, sizeof *out->culprits);
    out->culprits[out->operations] = culprit_at_rest(frontier->recording, UINT32_MAX, frontier->checkpoint);
    blame_along(frontier, item, run, &state, out);
    journal_free(&run->journal);
    free(run);
    nv_state_free(&state);
    frontier->recovery_blame = out;
    return out;
}

// Of all states on an item's way, the first that is spoilt: its cut is to blame.
static size_t first_spoilt(struct frontier *frontier, size_t index, uint32_t invariant) {
    size_t first = index;
    for (size_t at = frontier->items[index].parent; at != NO_PARENT; at = frontier->items[at].parent)
        if ((item_spoilt(frontier, at) >> invariant & 1) != 0)
            first = at;
    return first;
}

// Of a cut of the recorded run.
static struct culprit culprit_of_first(const struct frontier *frontier, const struct tear *tear,
                                       uint32_t invariant, bool *spreads) {
    struct culprit own = tear->kind == TEAR_BIT_ROT
                             ? culprit_at_rest(frontier->recording, tear->a / 8, frontier->checkpoint)
                             : frontier->culprit;
    const struct culprit *culprit = blame_of(&frontier->blame, invariant, &own);
    *spreads = strcmp(culprit->call, frontier->call) != 0;
    return *culprit;
}

// The item whose cut is to blame for what item `index` breaks, and for which operation.
static size_t find_guilty(struct frontier *frontier, size_t index, uint32_t invariant,
                          struct culprit *culprit, bool *spreads) {
    size_t guilty = first_spoilt(frontier, index, invariant);
    for (;; guilty = frontier->items[guilty].parent) {
        const struct frontier_item *item = &frontier->items[guilty];
        if (item->parent == NO_PARENT) {
            *culprit = culprit_of_first(frontier, &item->cut.tear, invariant, spreads);
            return guilty;
        }
        const struct recovery_blame *recovery = recovery_blame_of(frontier, item->parent);
        const struct culprit *own = &recovery->culprits[item->cut.operation];
        *culprit = *blame_of(&recovery->before[item->cut.operation], invariant, own);
        *spreads = own->operated && strcmp(culprit->call, own->call) != 0;
        if (culprit->operated)
            return guilty; // else the device was only switched off and on: whatever came before it did it
    }
}

struct representative { // of a violation: the start that breaks its invariant
    struct found_violation *violation;
    const struct crash_path *path;
    bool found;
};

static void note_if_broken(void *context, const struct start *start) {
    struct representative *representative = context;
    struct found_violation *violation = representative->violation;
    if (representative->found || (start->broken >> violation->cause.invariant & 1) == 0)
        return;
    representative->found = true;
    findings_note(violation, representative->path, start->number, &start->recovered->recovery,
                  start->promise);
}

static void note_representative(struct frontier *frontier, const struct crash_path *path,
                                const struct nv_state *state, enum tear_detail detail,
                                const struct promise *promise, struct found_violation *violation) {
    struct representative representative = {violation, path, false};
    for_each_start(&frontier->workers[0], state, promise, detail, 0, note_if_broken, &representative);
}

static void note_item(struct frontier *frontier, size_t index, struct found_violation *violation) {
    const struct frontier_item *item = &frontier->items[index];
    struct crash_path path;
    struct nv_state state;
    frontier_path_of(frontier, index, &path);
    if (!findings_simpler(violation, &path))
        return;
    frontier_state_of(frontier, &frontier->workers[0], index, &state);
    note_representative(frontier, &path, &state, item->detail, &item->promise, violation);
    nv_state_free(&state);
}

static void blame_item(struct frontier *frontier, size_t index, uint32_t invariant) {
    bool spreads;
    struct culprit culprit;
    const struct frontier_item *guilty =
        &frontier->items[find_guilty(frontier, index, invariant, &culprit, &spreads)];
    const struct frontier_item *item = &frontier->items[index];
    struct cause cause = {invariant, blame_gravity(invariant, item->outcome), culprit};
    struct found_violation *violation = findings_of(&frontier->findings, &cause);
    findings_checkpoint(violation, culprit.checkpoint);
    violation->spreads |= spreads;
    violation->tears |= guilty->models;
    note_item(frontier, index, violation);
    if (item->parent == NO_PARENT || item->again)
        return; // those of the recorded run are counted by how many there are
    violation->states++;
    findings_later_exposure(violation, frontier->items_behind + item->parent, item->share_ns,
                            recovery_blame_of(frontier, item->parent)->duration_ns);
}

// What the items break, cause by cause. Those that an interruption left are none.
void frontier_blame_items(struct frontier *frontier) {
    for (size_t i = 0; i < frontier->next; i++)
        for (uint32_t k = 0; k < FINDINGS_INVARIANTS; k++)
            if ((frontier->items[i].broken >> k & 1) != 0)
                blame_item(frontier, i, k);
    forget_recovery_blame(frontier);
}

static struct found_violation *violation_here(struct frontier *frontier, const struct tear *tear,
                                              uint32_t invariant, enum gravity gravity) {
    bool spreads;
    struct cause cause = {invariant, gravity, culprit_of_first(frontier, tear, invariant, &spreads)};
    struct found_violation *violation = findings_of(&frontier->findings, &cause);
    findings_checkpoint(violation, cause.culprit.checkpoint);
    violation->spreads |= spreads;
    return violation;
}

void frontier_note_cut(struct frontier *frontier, const struct tear *tear, const struct met_state *met,
                       const struct promise *promise, uint64_t states, uint32_t models) {
    struct crash_path path = {.count = 1,
                              .cuts = {{frontier->operation_number, frontier->checkpoint, *tear}}};
    for (uint32_t i = 0; i < FINDINGS_INVARIANTS; i++) {
        if ((met->broken >> i & 1) == 0)
            continue;
        struct found_violation *violation =
            violation_here(frontier, tear, i, blame_gravity(i, (enum outcome)met->outcome));
        violation->states += states;
        violation->tears |= models;
        if (!findings_simpler(violation, &path))
            continue;
        struct nv_state state;
        frontier_first_state(frontier, &frontier->workers[0], tear, &state);
        note_representative(frontier, &path, &state, detail_after(tear, DETAIL_FULL), promise, violation);
        nv_state_free(&state);
    }
}

void frontier_expose(struct frontier *frontier, uint32_t invariant, enum gravity gravity, uint64_t ns) {
    const struct tear clean = {.kind = TEAR_CLEAN};
    violation_here(frontier, &clean, invariant, gravity)->exposure_ns += ns;
}

void frontier_expose_all(struct frontier *frontier, const struct met_state *met, uint64_t ns) {
    for (uint32_t i = 0; i < FINDINGS_INVARIANTS; i++)
        if ((met->broken >> i & 1) != 0)
            frontier_expose(frontier, i, blame_gravity(i, (enum outcome)met->outcome), ns);
}
