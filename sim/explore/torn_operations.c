// Operations that the base's closure reads are torn for real, tear by tear.
#include "torn_operations.h"

#include <stdlib.h>

#include "../base/buffer.h"
#include "alike_tears.h"

void cut_list_add(void *context, const struct tear *tear) {
    struct cut_list *list = context;
    if (list->count == list->capacity) {
        list->capacity = list->capacity == 0 ? 256 : list->capacity * 2;
        list->cuts = memory_resize(list->cuts, list->capacity * sizeof *list->cuts);
    }
    list->cuts[list->count] =
        (struct first_cut){.tear = *tear, .like = list->count, .models = 1u << fault_model_index(tear)};
    list->count++;
}

// Tears of one operation by model, and those among them that break an invariant and end so gravely.
struct shares {
    uint64_t all[FAULT_MODEL_COUNT];
    uint64_t broken[FINDINGS_INVARIANTS][GRAVITY_COUNT][FAULT_MODEL_COUNT];
};

static void share_out(const struct walk *walk, const struct cut_list *list, struct shares *out) {
    for (size_t i = 0; i < list->count; i++) {
        const struct met_state *met = state_map_find(&walk->frontier.met, list->cuts[i].key);
        uint32_t model = fault_model_index(&list->cuts[i].tear);
        out->all[model]++;
        for (uint32_t k = 0; k < FINDINGS_INVARIANTS; k++)
            if ((met->broken >> k & 1) != 0)
                out->broken[k][blame_gravity(k, (enum outcome)met->outcome)][model]++;
    }
}

// The share of an operation's time in which a cut breaks an invariant. Each model tells the same instant in
// its own way: the largest share counts. A clean cut falls into the time before it.
static void expose(struct walk *walk, const struct cut_list *list,
                   const struct journal_operation *operation) {
    struct shares shares = {0};
    const uint32_t clean = FAULT_INDEX_CLEAN;
    share_out(walk, list, &shares);
    for (uint32_t k = 0; k < FINDINGS_INVARIANTS; k++) {
        for (uint32_t g = 0; g < GRAVITY_COUNT; g++) {
            const uint64_t *broken = shares.broken[k][g];
            uint64_t ns = 0;
            for (uint32_t model = 0; model < FAULT_MODEL_COUNT; model++) {
                uint64_t share = model == clean || shares.all[model] == 0
                                     ? 0
                                     : operation->duration_ns * broken[model] / shares.all[model];
                ns = share > ns ? share : ns;
            }
            if (broken[clean] != 0 && operation->start_ns > walk->previous_end_ns)
                ns += operation->start_ns - walk->previous_end_ns;
            if (ns != 0)
                frontier_expose(&walk->frontier, k, (enum gravity)g, ns);
        }
    }
}

static void account(struct walk *walk, const struct cut_list *list, const struct promise *clean,
                    const struct promise *torn, const struct journal_operation *operation) {
    struct moment *moment = walk_moment(walk, operation->entry);
    for (size_t i = 0; i < list->count; i++) {
        const struct tear *tear = &list->cuts[i].tear;
        const struct met_state *met = state_map_find(&walk->frontier.met, list->cuts[i].key);
        uint32_t model = fault_model_index(tear);
        walk->out->fired[model]++;
        moment->states++;
        moment->outcomes[met->outcome]++;
        walk_add_transition(walk, operation->entry->call, met->situation, 1);
        frontier_note_cut(&walk->frontier, tear, met, tear->kind == TEAR_CLEAN ? clean : torn, 1,
                          1u << model);
    }
    walk->out->crash_states += list->count;
}

void tear_operation(struct walk *walk, const struct journal_operation *operation) {
    struct cut_list list = {0};
    struct promise clean = walk_promise(walk, TEAR_CLEAN), torn = walk_promise(walk, TEAR_PREFIX);
    for_each_tear(&walk->choice, operation, &walk->base.flash, cut_list_add, &list);
    walk_set_origin(walk, operation);
    struct alike_tears alike;
    find_alike(walk, operation, &clean, &torn, &list, &alike);
    if (!frontier_spent(&walk->frontier)) // else what was learned may not be all
        frontier_explore(&walk->frontier, list.cuts, list.count, &clean, &torn);
    if (!walk_stopped(walk)) {
        alike_tears_explored(walk, &alike, &list);
        account(walk, &list, &clean, &torn, operation);
        expose(walk, &list, operation);
    }
    alike_tears_free(&alike);
    free(list.cuts);
}
