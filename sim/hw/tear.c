#include "tear.h"

#include <inttypes.h>
#include <stdio.h>
#include <string.h>

// The second number of these may be absent.
static bool b_optional(enum tear_kind kind) {
    return kind == TEAR_LATE_BITS || kind == TEAR_BIT_ROT;
}

// The forms, one a kind. What stands behind the colon: numbers `a` and `b`, and "s" with the seed.
struct form {
    enum tear_kind kind;
    const char *name;
    bool has_a, has_b, has_seed;
};

static const struct form forms[] = {
    {TEAR_CLEAN, "clean", false, false, false},
    {TEAR_PREFIX, "prefix", true, false, false},
    {TEAR_LATE_BITS, "late", true, true, false},
    {TEAR_ERASE_ZERO_FRONT, "zero-front", true, false, false},
    {TEAR_ERASE_ZERO_BACK, "zero-back", true, false, false},
    {TEAR_ERASE_PARTIAL, "partial", true, false, true},
    {TEAR_ERASE_WEAK, "weak", false, false, true},
    {TEAR_UNSTABLE, "unstable", false, false, true},
    {TEAR_NEIGHBOUR, "neighbour", true, true, false},
    {TEAR_EFUSE_BITS, "efuse", true, false, false},
    {TEAR_BIT_ROT, "rot", true, true, false},
    {TEAR_IO_ERROR, "io-error", false, false, false},
    {TEAR_IO_DROPPED, "io-dropped", false, false, false},
};

const char *tear_kind_name(enum tear_kind kind) {
    return forms[kind].name;
}

void tear_format(const struct tear *tear, char *text) {
    const struct form *form = &forms[tear->kind];
    size_t size = TEAR_TEXT_SIZE;
    int used = snprintf(text, size, "%s", form->name);
    char separator = ':';
    if (form->has_a) {
        used += snprintf(text + used, size - (size_t)used, "%c%" PRIu32, separator, tear->a);
        separator = ',';
    }
    if (form->has_b && !(b_optional(tear->kind) && tear->b == TEAR_NO_BIT)) {
        used += snprintf(text + used, size - (size_t)used, "%c%" PRIu32, separator, tear->b);
        separator = ',';
    }
    if (form->has_seed)
        (void)snprintf(text + used, size - (size_t)used, "%cs%" PRIu64, separator, tear->seed);
}

// Reads a decimal number of at most `limit`; false when there is none.
static bool number(const char **text, uint64_t limit, uint64_t *out) {
    if (**text < '0' || **text > '9')
        return false;
    uint64_t value = 0;
    for (; **text >= '0' && **text <= '9'; (*text)++) {
        uint64_t digit = (uint64_t)(**text - '0');
        if (value > (limit - digit) / 10)
            return false;
        value = value * 10 + digit;
    }
    *out = value;
    return true;
}

static bool separator(const char **text, bool *first) {
    char wanted = *first ? ':' : ',';
    *first = false;
    return *(*text)++ == wanted;
}

bool tear_parse(const char *text, struct tear *out) {
    size_t length = strcspn(text, ":");
    for (size_t i = 0; i < sizeof forms / sizeof forms[0]; i++) {
        const struct form *form = &forms[i];
        if (strlen(form->name) != length || strncmp(form->name, text, length) != 0)
            continue;
        struct tear tear = {.kind = form->kind, .b = b_optional(form->kind) ? TEAR_NO_BIT : 0};
        const char *rest = text + length;
        uint64_t value = 0;
        bool first = true;
        if (form->has_a) {
            if (!separator(&rest, &first) || !number(&rest, UINT32_MAX, &value))
                return false;
            tear.a = (uint32_t)value;
        }
        bool b_left_out = b_optional(form->kind) && *rest == 0;
        if (form->has_b && !b_left_out) {
            if (!separator(&rest, &first) || !number(&rest, UINT32_MAX, &value))
                return false;
            tear.b = (uint32_t)value;
        }
        if (form->has_seed &&
            (!separator(&rest, &first) || *rest++ != 's' || !number(&rest, UINT64_MAX, &tear.seed)))
            return false;
        if (*rest != 0)
            return false;
        *out = tear;
        return true;
    }
    return false;
}
