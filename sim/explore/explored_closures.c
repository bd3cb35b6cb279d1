#include "explored_closures.h"

#include <string.h>

static void drop(struct explored_closure *known) {
    nv_state_free(&known->state);
    closure_free(&known->closure);
}

void explored_closures_free(struct explored_closures *explored) {
    for (size_t i = 0; i < explored->count; i++)
        drop(&explored->all[i]);
    explored->count = explored->next = 0;
}

void explored_closures_enter(struct explored_closures *explored, uint32_t checkpoint, const char *call) {
    if (explored->call != NULL && explored->checkpoint == checkpoint && strcmp(explored->call, call) == 0)
        return;
    explored_closures_free(explored);
    explored->checkpoint = checkpoint;
    explored->call = call;
}

static bool may_stand_for(const struct explored_closure *known, const struct closure_origin *origin) {
    return known->detail == origin->detail && culprit_equal(&known->culprit, origin->culprit) &&
           blame_equal(&known->blame, origin->blame) &&
           memcmp(&known->promise, origin->promise, sizeof known->promise) == 0;
}

struct explored_closure *explored_closures_find(struct explored_closures *explored, struct worker *worker,
                                                const struct closure_origin *origin, struct closure *out) {
    for (size_t i = 0; i < explored->count; i++) {
        struct explored_closure *known = &explored->all[i];
        if (may_stand_for(known, origin) &&
            closure_transfer(&known->closure, worker->questions, &known->state, origin->state, out))
            return known;
    }
    *out = (struct closure){.broken = 0};
    closure_scan(worker, origin->state, origin->promise, origin->detail, 1, out);
    return NULL;
}

bool explored_closure_covers(const struct explored_closure *known, uint32_t models, bool clean) {
    return (models & ~known->models) == 0 && (known->clean || !clean);
}

void explored_closures_note(struct explored_closures *explored, struct explored_closure *known,
                            const struct closure_origin *origin, const struct closure *closure,
                            struct content_hash key, uint32_t models, bool clean) {
    if (known != NULL) {
        known->models |= models;
        known->clean |= clean;
        return;
    }
    if (origin->state->unstable != NULL)
        return;
    if (explored->count < EXPLORED_CLOSURES_MAX)
        known = &explored->all[explored->count++];
    else
        drop(known = &explored->all[explored->next++ % EXPLORED_CLOSURES_MAX]);
    *known = (struct explored_closure){.promise = *origin->promise,
                                       .detail = origin->detail,
                                       .culprit = *origin->culprit,
                                       .blame = *origin->blame,
                                       .key = key,
                                       .models = models,
                                       .clean = clean};
    nv_state_copy(&known->state, origin->state);
    closure_copy(closure, &known->closure);
}
