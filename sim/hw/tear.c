#include "tear.h"

#include <inttypes.h>
#include <stdio.h>
#include <string.h>

#include "fault_model.h"

void tear_format(const struct tear *tear, char *text) {
    const struct tear_form *form = tear_form(tear->kind);
    size_t size = TEAR_TEXT_SIZE;
    int used = snprintf(text, size, "%s", form->name);
    char separator = ':';
    if (form->has_a) {
        used += snprintf(text + used, size - (size_t)used, "%c%" PRIu32, separator, tear->a);
        separator = ',';
    }
    if (form->has_b && !(form->pair && tear->b == TEAR_NO_BIT)) {
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

// What stands behind the name of a form.
static bool parse_numbers(const struct tear_form *form, const char *rest, struct tear *tear) {
    uint64_t value = 0;
    bool first = true;
    if (form->has_a) {
        if (!separator(&rest, &first) || !number(&rest, UINT32_MAX, &value))
            return false;
        tear->a = (uint32_t)value;
    }
    bool b_left_out = form->pair && *rest == 0;
    if (form->has_b && !b_left_out) {
        if (!separator(&rest, &first) || !number(&rest, UINT32_MAX, &value))
            return false;
        tear->b = (uint32_t)value;
    }
    if (form->has_seed &&
        (!separator(&rest, &first) || *rest++ != 's' || !number(&rest, UINT64_MAX, &tear->seed)))
        return false;
    return *rest == 0;
}

bool tear_parse(const char *text, struct tear *out) {
    size_t length = strcspn(text, ":");
    for (uint32_t kind = 0; kind < TEAR_KIND_COUNT; kind++) {
        const struct tear_form *form = tear_form((enum tear_kind)kind);
        if (strlen(form->name) != length || strncmp(form->name, text, length) != 0)
            continue;
        struct tear tear = {.kind = form->kind, .b = form->pair ? TEAR_NO_BIT : 0};
        if (!parse_numbers(form, text + length, &tear))
            return false;
        *out = tear;
        return true;
    }
    return false;
}
