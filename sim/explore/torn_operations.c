// Operations that the base's closure reads are torn for real, tear by tear.
#include "walk.h"

#include <stdlib.h>

#include "../base/buffer.h"

void cut_list_add(void *context, const struct tear *tear) {
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
    struct moment *moment = walk_moment(walk, operation->entry);
    for (size_t i = 0; i < list->count; i++) {
        const struct met_state *met = state_map_find(&walk->frontier.met, list->cuts[i].key);
        walk->out->fired[fault_model_index(fault_model_of_tear(&list->cuts[i].tear))]++;
        moment->states++;
        moment->outcomes[met->outcome]++;
        walk_add_transition(walk, operation->entry->call, met->situation, 1);
    }
    walk->out->crash_states += list->count;
}

void tear_operation(struct walk *walk, const struct journal_operation *operation) {
    struct cut_list list = {0};
    struct promise clean = walk_promise(walk, TEAR_CLEAN), torn = walk_promise(walk, TEAR_PREFIX);
    for_each_tear(&walk->choice, operation, &walk->base.flash, cut_list_add, &list);
    walk_set_origin(walk, operation);
    frontier_explore(&walk->frontier, list.cuts, list.count, &clean, &torn);
    if (!walk_stopped(walk)) {
        account(walk, &list, operation);
        expose(walk, &list, operation);
    }
    free(list.cuts);
}
