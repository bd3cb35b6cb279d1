// Tears of one operation that differ in contents, but in nothing that their recoveries would read or get an answer
// about: they lead to the same, so one of them is explored and the others are counted with it.
//
// The state before the operation makes the first class; a class begins with the first tear that fits none.
#include "alike_tears.h"

#include <stdlib.h>
#include <string.h>

#include "../base/buffer.h"
#include "counted_tears.h"

#define LOOK_EVERY  1024u // tears between looks at the budgets
#define CLASSES_MAX 64u   // what fits none of so many is explored by itself

struct tear_class {
    size_t first; // index of its cut
    const struct promise *promise;
    enum tear_detail detail;
    struct nv_state state;
    struct closure closure;
    struct closure_probe probe;
    struct explored_closure *known; // by an earlier operation; NULL: it is new
    bool clean;                     // a clean cut makes it
};

static const struct promise *promise_of(const struct tear *tear, const struct promise *clean,
                                        const struct promise *torn) {
    return tear->kind == TEAR_CLEAN || memcmp(clean, torn, sizeof *clean) == 0 ? clean : torn;
}

static bool put_into_class(struct walk *walk, struct alike_tears *alike, const struct nv_state *state,
                           const struct promise *promise, enum tear_detail detail, struct first_cut *cuts,
                           size_t index) {
    for (size_t i = 0; i < alike->count; i++) {
        const struct tear_class *class = &alike->classes[i];
        if (class->promise != promise || class->detail != detail || !closure_fits(&class->probe, state))
            continue;
        if (!walk->options->memo)
            walk_check_tear(walk, state, promise, detail, &class->closure, &cuts[index].tear);
        cuts[index].like = class->first;
        cuts[class->first].models |= cuts[index].models;
        return true;
    }
    return false;
}

static struct closure_origin origin_of(const struct walk *walk, const struct tear_class *class) {
    return (struct closure_origin){&class->state, class->promise, class->detail, &walk->frontier.culprit,
                                   &walk->frontier.blame};
}

static void begin_class(struct walk *walk, struct alike_tears *alike, const struct nv_state *state,
                        const struct promise *promise, enum tear_detail detail, const struct first_cut *cuts,
                        size_t index) {
    struct worker *worker = &walk->frontier.workers[0];
    const struct tear *tear = &cuts[index].tear;
    struct tear_class *class = &alike->classes[alike->count++];
    *class = (struct tear_class){.first = index, .promise = promise, .detail = detail};
    class->clean = tear->kind == TEAR_CLEAN;
    nv_state_copy(&class->state, state);
    const struct closure_origin origin = origin_of(walk, class);
    class->known = explored_closures_find(&walk->explored, worker, &origin, &class->closure);
    if (class->known != NULL && !walk->options->memo)
        walk_check_tear(walk, state, promise, detail, &class->closure, tear);
    closure_probe_open(&class->probe, &class->closure, worker, &class->state, alike->start, alike->end);
}

// True when tears of the operation can be told apart by what the base's closure reads and asks.
static bool can_be_alike(const struct walk *walk, const struct alike_tears *alike) {
    if (!walk->class_known || walk->base.unstable != NULL)
        return false;
    if (read_set_intersects(&walk->closure.writes, alike->start, alike->end))
        return false; // what recoveries themselves change differs from tear to tear
    // Tears of a record are told apart by what is learned of it (canonical_otadata.h).
    return otadata_places_touched(&walk->frontier.workers[0].places, alike->start, alike->end) < 0;
}

static void find_classes(struct walk *walk, const struct journal_operation *operation,
                         const struct promise *clean, const struct promise *torn, struct cut_list *list,
                         struct alike_tears *alike) {
    for (size_t i = 0; i < list->count; i++) {
        if (i % LOOK_EVERY == LOOK_EVERY - 1 && frontier_spent(&walk->frontier))
            break;
        const struct tear *tear = &list->cuts[i].tear;
        const struct promise *promise = promise_of(tear, clean, torn);
        enum tear_detail detail = detail_after(tear, DETAIL_FULL);
        struct nv_state state;
        nv_state_copy(&state, &walk->base);
        nv_state_apply_torn(&state, operation, tear);
        lose_power(&state);
        if (state.unstable == NULL && !put_into_class(walk, alike, &state, promise, detail, list->cuts, i) &&
            alike->count < CLASSES_MAX)
            begin_class(walk, alike, &state, promise, detail, list->cuts, i);
        nv_state_free(&state);
    }
}

void find_alike(struct walk *walk, const struct journal_operation *operation, const struct promise *clean,
                const struct promise *torn, struct cut_list *list, struct alike_tears *alike) {
    uint32_t length = operation->length;
    *alike = (struct alike_tears){.start = operation->address};
    if (operation->kind == JOURNAL_EFUSE)
        return;
    tear_reach(&walk->choice, &alike->start, &length);
    alike->end = alike->start + length;
    if (!can_be_alike(walk, alike))
        return;
    alike->classes = memory_zeroed(CLASSES_MAX, sizeof *alike->classes);
    find_classes(walk, operation, clean, torn, list, alike);
    for (size_t i = 0; i < alike->count; i++) {
        const struct tear_class *class = &alike->classes[i];
        struct first_cut *first = &list->cuts[class->first];
        if (class->known == NULL || !explored_closure_covers(class->known, first->models, class->clean))
            continue;
        first->explored = true;
        first->key = class->known->key;
    }
}

static void note_class(struct walk *walk, const struct tear_class *class, const struct cut_list *list) {
    const struct first_cut *first = &list->cuts[class->first];
    const struct closure_origin origin = origin_of(walk, class);
    explored_closures_note(&walk->explored, class->known, &origin, &class->closure, first->key, first->models,
                           class->clean);
}

void alike_tears_explored(struct walk *walk, const struct alike_tears *alike, const struct cut_list *list) {
    for (size_t i = 0; i < alike->count; i++)
        if (alike->classes[i].known != NULL)
            note_class(walk, &alike->classes[i], list);
    for (size_t i = 0; i < alike->count; i++) // the new ones may take an older one's place
        if (alike->classes[i].known == NULL)
            note_class(walk, &alike->classes[i], list);
}

void alike_tears_free(struct alike_tears *alike) {
    for (size_t i = 0; i < alike->count; i++) {
        nv_state_free(&alike->classes[i].state);
        closure_probe_close(&alike->classes[i].probe);
        closure_free(&alike->classes[i].closure);
    }
    free(alike->classes);
}
