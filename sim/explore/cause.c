#include "cause.h"

#include <string.h>

const char *gravity_name(enum gravity gravity) {
    static const char *const names[GRAVITY_COUNT] = {[GRAVITY_NONE] = "",
                                                     [GRAVITY_DOWNGRADE] = "downgrade",
                                                     [GRAVITY_LOOP] = "loop",
                                                     [GRAVITY_BRICK] = "brick"};
    return names[gravity];
}

static uint32_t place_of(const struct recording *recording, uint32_t address) {
    for (uint32_t i = 0; i < recording->place_count; i++)
        if (address - recording->places[i].address < recording->places[i].length)
            return i;
    return CAUSE_NO_PLACE;
}

struct culprit culprit_of_operation(const struct recording *recording,
                                    const struct journal_operation *operation, uint32_t checkpoint) {
    bool flash = operation->kind != JOURNAL_EFUSE;
    return (struct culprit){.operated = true,
                            .kind = operation->kind,
                            .call = operation->entry->call,
                            .place = flash ? place_of(recording, operation->address) : CAUSE_NO_PLACE,
                            .checkpoint = checkpoint};
}

struct culprit culprit_at_rest(const struct recording *recording, uint32_t address, uint32_t checkpoint) {
    return (struct culprit){.call = "", .place = place_of(recording, address), .checkpoint = checkpoint};
}

bool culprit_equal(const struct culprit *a, const struct culprit *b) {
    return a->operated == b->operated && a->kind == b->kind && a->place == b->place &&
           strcmp(a->call, b->call) == 0;
}

bool cause_equal(const struct cause *a, const struct cause *b) {
    return a->invariant == b->invariant && a->gravity == b->gravity &&
           culprit_equal(&a->culprit, &b->culprit);
}
