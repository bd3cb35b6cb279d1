#include "moment_groups.h"

#include <string.h>

// From this size of a group on, what is in it need not be alike.
#define ALIKE_MAX 4096u

static unsigned outcomes_of(const struct result_moment *moment) {
    unsigned bits = 0;
    for (unsigned outcome = 0; outcome < OUTCOME_COUNT; outcome++)
        bits |= (moment->outcomes[outcome] > 0 ? 1u : 0u) << outcome;
    return bits;
}

static bool alike(const struct result_moment *a, const struct result_moment *b) {
    return a->step == b->step && strcmp(a->call, b->call) == 0 && outcomes_of(a) == outcomes_of(b);
}

static void absorb(struct moment_group *group, const struct result_moment *moment) {
    struct result_moment *sum = &group->sum;
    uint32_t end = sum->address + sum->length, moment_end = moment->address + moment->length;
    sum->duration_ns = moment->start_ns + moment->duration_ns - sum->start_ns;
    sum->address = moment->address < sum->address ? moment->address : sum->address;
    sum->length = (moment_end > end ? moment_end : end) - sum->address;
    sum->states += moment->states;
    for (unsigned outcome = 0; outcome < OUTCOME_COUNT; outcome++)
        sum->outcomes[outcome] += moment->outcomes[outcome];
    group->mixed = group->mixed || strcmp(sum->kind, moment->kind) != 0;
    group->count++;
}

// Groups of at most `size`.
static size_t group_by(const struct result_moment *moments, size_t count, size_t size,
                       struct moment_group *out) {
    size_t groups = 0;
    for (size_t i = 0; i < count; i++) {
        struct moment_group *last = groups > 0 ? &out[groups - 1] : NULL;
        if (last && last->count < size && (size > ALIKE_MAX || alike(&last->sum, &moments[i])))
            absorb(last, &moments[i]);
        else
            out[groups++] = (struct moment_group){.sum = moments[i], .count = 1};
    }
    return groups;
}

size_t moments_group(const struct result_moment *moments, size_t count, size_t most,
                     struct moment_group *out) {
    size_t size = 1, groups = group_by(moments, count, size, out);
    while (groups > most && size < count) {
        size *= 2;
        if (size < count && size > ALIKE_MAX && (count + size - 1) / size > most)
            continue; // cannot be enough
        groups = group_by(moments, count, size, out);
    }
    return groups;
}
