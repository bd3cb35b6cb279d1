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

// ---- the step -----------------------------------------------------------------------------------

static bool starts_with(const char *text, const char *name, char after, size_t *length) {
    *length = strlen(name);
    return strncmp(text, name, *length) == 0 && text[*length] == after;
}

// The longest of `names` with which `text` starts, `after` behind it; a name may contain any character.
static size_t find_name(const char *const *names, size_t count, const char *text, char after, size_t *step) {
    size_t best = 0, length;
    for (size_t i = 0; i < count; i++) {
        if (starts_with(text, names[i], after, &length) && length > best) {
            best = length;
            *step = i;
        }
    }
    return best;
}

// The first of its kind may be called so: "update#1".
static size_t find_first(const char *const *names, size_t count, const char *text, char after, size_t *step) {
    size_t length;
    for (size_t i = 0; i < count; i++) {
        bool first = strncmp(text, names[i], strlen(names[i])) == 0;
        if (first && starts_with(text + strlen(names[i]), "#1", after, &length)) {
            *step = i;
            return strlen(names[i]) + length;
        }
    }
    return 0;
}

// Names come first; what a step does is understood as well, as if no step had a name. 0: no step is called so.
static size_t find_step(const struct recording *recording, const char *text, char after, size_t *step) {
    const char *const *lists[] = {recording->step_names, recording->step_words};
    size_t count = recording->checkpoint_count, length = 0;
    for (size_t i = 0; i < 2 && length == 0; i++)
        length = lists[i] == NULL ? 0 : find_name(lists[i], count, text, after, step);
    for (size_t i = 0; i < 2 && length == 0; i++)
        length = lists[i] == NULL ? 0 : find_first(lists[i], count, text, after, step);
    return length;
}

// ---- the cuts -----------------------------------------------------------------------------------

#define FORM "an address is STEP/OPERATION/TEAR, such as `update/12/prefix:3`"

// "12/prefix:3". Advances `text` past it, and past the `+` behind it.
static bool parse_cut(const char **text, struct crash_cut *out, struct error *error) {
    char *end = NULL;
    unsigned long long number = strtoull(*text, &end, 10);
    if (**text < '0' || **text > '9' || *end != '/')
        return error_set(error, "`%s`: the operation is a number, counted from 0; " FORM, *text);
    size_t length = strcspn(end + 1, "+");
    char *tear = memory_text(end + 1);
    tear[length] = 0;
    bool good =
        tear_parse(tear, &out->tear) ||
        error_set(error, "`%s`: not a tear; such as clean, prefix:12, late:3,17, zero-front:512", tear);
    free(tear);
    out->operation = number;
    *text = end + 1 + length + (end[1 + length] == '+');
    return good;
}

static bool parse_first(const struct recording *recording, const char **text, struct crash_cut *out,
                        struct error *error) {
    size_t step = 0, length = find_step(recording, *text, '/', &step);
    if (length == 0 && strchr(*text, '/') == NULL)
        return error_set(error, "`%s`: the scenario has no step of that name; " FORM, *text);
    if (length == 0)
        return error_set(error, "`%.*s`: the scenario has no step of that name", (int)strcspn(*text, "/"),
                         *text);
    *text += length + 1;
    if (!parse_cut(text, out, error))
        return false;
    out->operation += recording->checkpoints[step].operation;
    out->checkpoint = (uint32_t)step;
    return true;
}

static bool parse_further(const char **text, struct crash_cut *out, struct error *error) {
    size_t length;
    if (!starts_with(*text, RECOVERY_NAME, '/', &length))
        return error_set(error, "`%s`: what follows a `+` is a cut in the recovery: boot/OPERATION/TEAR",
                         *text);
    *text += length + 1;
    return parse_cut(text, out, error);
}

bool crash_address_parse(const struct recording *recording, const char *text, struct crash_path *out,
                         struct error *error) {
    *out = (struct crash_path){0};
    size_t step;
    if (find_step(recording, text, 0, &step) != 0) { // no cut: what that step leaves
        out->cuts[0].checkpoint = (uint32_t)step;
        return true;
    }
    bool good = parse_first(recording, &text, &out->cuts[0], error);
    for (out->count = 1; good && (*text != 0 || text[-1] == '+'); out->count++)
        good = out->count == CRASH_CUTS_MAX
                   ? error_set(error, "an address has at most %u cuts", CRASH_CUTS_MAX)
                   : parse_further(&text, &out->cuts[out->count], error);
    return good;
}
