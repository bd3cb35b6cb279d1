// Bits that flip while the device is off: every one, and every pair where that is asked for.
#include "bit_rot.h"

#include <stdlib.h>

#include "../base/buffer.h"
#include "alike_tears.h"
#include "walk.h"

#define BATCH 8192u // crash states explored together: bounds the memory that they take

struct rot {
    struct walk *walk;
    struct promise promise;
    struct cut_list list;
};

static void explore_batch(struct rot *rot) {
    struct walk *walk = rot->walk;
    struct cut_list *list = &rot->list;
    walk_set_origin(walk, NULL);
    walk->frontier.call = ""; // at rest
    frontier_explore(&walk->frontier, list->cuts, list->count, &rot->promise, &rot->promise);
    for (size_t i = 0; i < list->count && !walk_stopped(walk); i++) {
        const struct met_state *met = state_map_find(&walk->frontier.met, list->cuts[i].key);
        walk_add_transition(walk, "bit rot", met->situation, 1);
        frontier_note_cut(&walk->frontier, &list->cuts[i].tear, met, &rot->promise, 1, FAULT_BIT_ROT);
    }
    walk->out->crash_states += list->count;
    walk->out->fired[FAULT_INDEX_BIT_ROT] += list->count;
    list->count = 0;
}

static void flip(struct rot *rot, uint32_t first, uint32_t second) {
    if (walk_stopped(rot->walk))
        return;
    cut_list_add(&rot->list, &(struct tear){.kind = TEAR_BIT_ROT, .a = first, .b = second});
    if (rot->list.count == BATCH)
        explore_batch(rot);
}

// Numbers (address * 8 + bit) of the bits in all ranges, or only in those whose pairs are wanted.
static size_t list_bits(const struct explorer_options *options, bool pairs_only, uint32_t **out) {
    size_t count = 0;
    for (size_t r = 0; r < options->bit_rot_count; r++)
        count += (size_t)options->bit_rot[r].length * 8;
    uint32_t *bits = memory_new((count + 1) * sizeof *bits);
    count = 0;
    for (size_t r = 0; r < options->bit_rot_count; r++)
        for (uint32_t bit = 0; bit < options->bit_rot[r].length * 8; bit++)
            if (options->bit_rot[r].pairs || !pairs_only)
                bits[count++] = options->bit_rot[r].address * 8 + bit;
    *out = bits;
    return count;
}

static void flip_singles(struct rot *rot) {
    uint32_t *bits;
    size_t count = list_bits(rot->walk->options, false, &bits);
    for (size_t i = 0; i < count; i++)
        flip(rot, bits[i], TEAR_NO_BIT);
    free(bits);
}

static void flip_pairs(struct rot *rot) {
    uint32_t *bits;
    size_t count = list_bits(rot->walk->options, true, &bits);
    for (size_t i = 0; i < count; i++)
        for (size_t k = i + 1; k < count; k++)
            flip(rot, bits[i], bits[k]);
    free(bits);
}

void rot_bits(struct walk *walk) {
    if ((walk->options->models & FAULT_BIT_ROT) == 0 || walk->options->bit_rot_count == 0)
        return;
    struct rot rot = {.walk = walk, .promise = walk_promise(walk, TEAR_BIT_ROT)};
    struct content_hash now = crash_key(&walk->base, &rot.promise, DETAIL_FULL);
    if (content_hash_equal(now, walk->rotted))
        return; // nothing has changed since bits were flipped last
    walk->rotted = now;
    flip_singles(&rot);
    flip_pairs(&rot);
    if (rot.list.count != 0 && !walk_stopped(walk))
        explore_batch(&rot);
    free(rot.list.cuts);
}
