#include "crash_address.h"

#include <inttypes.h>
#include <stdlib.h>
#include <string.h>

#define RECOVERY_NAME "boot"

void crash_address_format(const struct recording *recording, const struct crash_path *path,
                          struct buffer *out) {
    if (path->count == 0)
        buffer_text(out, recording->step_names[path->cuts[0].checkpoint]);
    for (uint32_t i = 0; i < path->count; i++) {
        const struct crash_cut *cut = &path->cuts[i];
        char tear[TEAR_TEXT_SIZE];
        tear_format(&cut->tear, tear);
        uint64_t first = 0;
        const char *name = RECOVERY_NAME;
        if (i == 0) {
            uint32_t step = cut->checkpoint;
            first = recording->checkpoints[step].operation;
            name = recording->step_names[step];
        }
        buffer_printf(out, "%s%s/%" PRIu64 "/%s", i == 0 ? "" : "+", name, cut->operation - first, tear);
    }
}

static bool find_step(const struct recording *recording, const char *name, size_t length, size_t *out) {
    for (size_t i = 0; i < recording->checkpoint_count; i++) {
        if (strlen(recording->step_names[i]) == length &&
            strncmp(recording->step_names[i], name, length) == 0) {
            *out = i;
            return true;
        }
    }
    return false;
}

static bool parse_part(const struct recording *recording, const char *part, bool first, struct crash_cut *out,
                       struct error *error) {
    const char *slash = strchr(part, '/');
    const char *second = slash == NULL ? NULL : strchr(slash + 1, '/');
    if (second == NULL)
        return error_set(error, "`%s`: an address is STEP/OPERATION/TEAR, such as `update/12/prefix:3`",
                         part);
    size_t step = 0;
    size_t length = (size_t)(slash - part);
    if (first && !find_step(recording, part, length, &step))
        return error_set(error, "`%.*s`: the scenario has no step of that name", (int)length, part);
    if (!first && (length != strlen(RECOVERY_NAME) || strncmp(part, RECOVERY_NAME, length) != 0))
        return error_set(error, "`%s`: what follows a `+` is a cut in the recovery: boot/OPERATION/TEAR",
                         part);
    char *end = NULL;
    unsigned long long number = strtoull(slash + 1, &end, 10);
    if (end != second || slash[1] < '0' || slash[1] > '9')
        return error_set(error, "`%s`: the operation is a number, counted from 0", part);
    out->operation = (first ? recording->checkpoints[step].operation : 0) + number;
    out->checkpoint = (uint32_t)step;
    if (!tear_parse(second + 1, &out->tear))
        return error_set(error, "`%s`: not a tear; such as clean, prefix:12, late:3,17, zero-front:512",
                         second + 1);
    return true;
}

bool crash_address_parse(const struct recording *recording, const char *text, struct crash_path *out,
                         struct error *error) {
    *out = (struct crash_path){0};
    size_t step;
    if (find_step(recording, text, strlen(text), &step)) { // no cut: what that step leaves
        out->cuts[0].checkpoint = (uint32_t)step;
        return true;
    }
    char *copy = memory_text(text);
    bool good = true;
    char *rest = copy;
    while (good && rest != NULL) {
        char *part = rest;
        char *plus = strchr(rest, '+');
        if (plus != NULL)
            *plus = 0;
        rest = plus == NULL ? NULL : plus + 1;
        if (out->count == CRASH_CUTS_MAX)
            good = error_set(error, "an address has at most %u cuts", CRASH_CUTS_MAX);
        else
            good = parse_part(recording, part, out->count == 0, &out->cuts[out->count], error);
        out->count++;
    }
    free(copy);
    return good;
}
