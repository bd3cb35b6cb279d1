// Operations that the base's closure reads are torn for real, tear by tear; and so are bits at rest.
#include "walk.h"

#include <stdlib.h>

#include "../base/buffer.h"

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
    for_each_tear(&walk->choice, operation, &walk->base.flash, list_tear, &list);
    walk_set_origin(walk, operation);
    frontier_explore(&walk->frontier, list.cuts, list.count, &clean, &torn);
    if (!walk_stopped(walk)) {
        account(walk, &list, operation);
        expose(walk, &list, operation);
    }
    free(list.cuts);
}

// ---- bits that rot at rest ----------------------------------------------------------------------

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

void rot_bits(struct walk *walk) {
    struct content_hash contents = nv_state_hash(&walk->base);
    if ((walk->options->models & FAULT_BIT_ROT) == 0 || walk->options->bit_rot_count == 0 ||
        content_hash_equal(contents, walk->rotted))
        return;
    walk->rotted = contents;
    struct cut_list list = {0};
    struct promise promise = walk_promise(walk, TEAR_CLEAN);
    list_rot(walk, &list);
    walk_set_origin(walk, NULL);
    frontier_explore(&walk->frontier, list.cuts, list.count, &promise, &promise);
    for (size_t i = 0; i < list.count && !walk_stopped(walk); i++) {
        const struct met_state *met = state_map_find(&walk->frontier.met, list.cuts[i].key);
        walk_add_transition(walk, "bit rot", met->situation, 1);
    }
    walk->out->crash_states += list.count;
    walk->out->fired[fault_model_index(FAULT_BIT_ROT)] += list.count;
    free(list.cuts);
}
