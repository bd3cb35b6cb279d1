// Tears of one operation that differ in contents, but in nothing that their recoveries would read or get an answer
// about: they lead to the same, so one of them is explored and the others are counted with it.
//
// The state before the operation makes the first class; a class begins with the first tear that fits none.
#include "alike_tears.h"

#include <stdlib.h>
#include <string.h>

#include "../base/buffer.h"
#include "counted_tears.h"

#define CLASSES_MAX 64u // what fits none of so many is explored by itself

struct tear_class {
    size_t first; // index of its cut
    const struct promise *promise;
    enum tear_detail detail;
    struct nv_state state;
    struct closure closure;
};

struct classes {
    struct tear_class *classes;
    size_t count;
    uint32_t start, end; // of the bytes in which tears differ
};

static const struct promise *promise_of(const struct tear *tear, const struct promise *clean,
                                        const struct promise *torn) {
    return tear->kind == TEAR_CLEAN || memcmp(clean, torn, sizeof *clean) == 0 ? clean : torn;
}

static bool put_into_class(struct walk *walk, struct classes *classes, const struct nv_state *state,
                           const struct promise *promise, enum tear_detail detail, struct first_cut *cuts,
                           size_t index) {
    struct questions *questions = walk->frontier.workers[0].questions;
    for (size_t i = 0; i < classes->count; i++) {
        const struct tear_class *class = &classes->classes[i];
        if (class->promise != promise || class->detail != detail ||
            !closure_fits(&class->closure, questions, &class->state, state, classes->start, classes->end))
            continue;
        if (!walk->options->memo)
            walk_check_tear(walk, state, promise, detail, &class->closure, &cuts[index].tear);
        cuts[index].like = class->first;
        cuts[class->first].models |= cuts[index].models;
        return true;
    }
    return false;
}

static void begin_class(struct walk *walk, struct classes *classes, const struct nv_state *state,
                        const struct promise *promise, enum tear_detail detail, size_t index) {
    struct tear_class *class = &classes->classes[classes->count++];
    *class = (struct tear_class){.first = index, .promise = promise, .detail = detail};
    nv_state_copy(&class->state, state);
    closure_scan(&walk->frontier.workers[0], state, promise, detail, 1, &class->closure);
}

void find_alike(struct walk *walk, const struct journal_operation *operation, const struct promise *clean,
                const struct promise *torn, struct cut_list *list) {
    struct classes classes = {.start = operation->address};
    uint32_t length = operation->length;
    if (operation->kind == JOURNAL_EFUSE || !walk->class_known)
        return;
    tear_reach(&walk->choice, &classes.start, &length);
    classes.end = classes.start + length;
    if (walk->base.unstable != NULL || read_set_intersects(&walk->closure.writes, classes.start, classes.end))
        return; // what recoveries themselves change differs from tear to tear
    if (otadata_places_touched(&walk->frontier.workers[0].places, classes.start, classes.end) >= 0)
        return; // such tears are told apart by what is learned of records (canonical_otadata.h)
    classes.classes = memory_zeroed(CLASSES_MAX, sizeof *classes.classes);
    for (size_t i = 0; i < list->count; i++) {
        const struct tear *tear = &list->cuts[i].tear;
        const struct promise *promise = promise_of(tear, clean, torn);
        enum tear_detail detail = detail_after(tear, DETAIL_FULL);
        struct nv_state state;
        nv_state_copy(&state, &walk->base);
        nv_state_apply_torn(&state, operation, tear);
        lose_power(&state);
        if (state.unstable == NULL &&
            !put_into_class(walk, &classes, &state, promise, detail, list->cuts, i) &&
            classes.count < CLASSES_MAX)
            begin_class(walk, &classes, &state, promise, detail, i);
        nv_state_free(&state);
    }
    for (size_t i = 0; i < classes.count; i++) {
        nv_state_free(&classes.classes[i].state);
        closure_free(&classes.classes[i].closure);
    }
    free(classes.classes);
}
