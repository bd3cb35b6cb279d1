// Scalars as the words, numbers, sizes, durations and bytes that they stand for.
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "fields.h"
#include "values.h"

struct diagnostic *value_wrong_type(struct diagnostics *diagnostics, const struct yaml_node *node,
                                    const char *what, const char *expected) {
    char found[48];
    return diagnostic_add(diagnostics, "E0104", node->mark, "%s must be %s, not %s", what, expected,
                          yaml_describe(node, found));
}

const char *value_text(struct diagnostics *diagnostics, const struct yaml_node *node, const char *what) {
    if (node->kind == YAML_KIND_SCALAR && !yaml_is_null(node))
        return node->text;
    value_wrong_type(diagnostics, node, what, "a text");
    return NULL;
}

bool value_bool(struct diagnostics *diagnostics, const struct yaml_node *node, const char *what, bool *out) {
    static const char *const words[2][4] = {{"false", "no", "off", "n"}, {"true", "yes", "on", "y"}};
    if (node->kind == YAML_KIND_SCALAR && node->plain)
        for (int truth = 0; truth < 2; truth++)
            for (size_t i = 0; i < 4; i++)
                if (same_word(node->text, words[truth][i])) {
                    *out = truth != 0;
                    return true;
                }
    value_wrong_type(diagnostics, node, what, "true or false");
    return false;
}

bool value_word(struct diagnostics *diagnostics, const struct yaml_node *node, const char *what,
                const char *code, const struct word *words, int *out) {
    const char *text = value_text(diagnostics, node, what);
    if (text == NULL)
        return false;
    const char *names[64];
    size_t count = 0;
    for (const struct word *word = words; word->name != NULL; word++) {
        if (same_word(text, word->name)) {
            *out = word->value;
            return true;
        }
        if (count < 63)
            names[count++] = word->name;
    }
    names[count] = NULL;
    struct diagnostic *item = diagnostic_add(diagnostics, code, node->mark, "%s cannot be `%s`", what, text);
    suggest(item, text, names);
    return false;
}

// ---- numbers ------------------------------------------------------------------------------------

static int digit_of(char letter) {
    if (letter >= '0' && letter <= '9')
        return letter - '0';
    if (letter >= 'a' && letter <= 'f')
        return letter - 'a' + 10;
    if (letter >= 'A' && letter <= 'F')
        return letter - 'A' + 10;
    return -1;
}

// Reads digits, with underscores between them; returns where they end, NULL: none, or more than 64 bits.
static const char *digits_parse(const char *text, unsigned base, uint64_t *out) {
    uint64_t number = 0;
    if (digit_of(*text) < 0 || digit_of(*text) >= (int)base)
        return NULL;
    for (; *text != '\0'; text++) {
        if (*text == '_' && digit_of(text[1]) >= 0)
            continue;
        int digit = digit_of(*text);
        if (digit < 0 || digit >= (int)base)
            break;
        if (number > (UINT64_MAX - (unsigned)digit) / base)
            return NULL;
        number = number * base + (unsigned)digit;
    }
    *out = number;
    return text;
}

bool number_parse(const char *text, uint64_t *out) {
    bool hexadecimal = text[0] == '0' && (text[1] == 'x' || text[1] == 'X');
    bool binary = text[0] == '0' && (text[1] == 'b' || text[1] == 'B');
    uint64_t number = 0;
    text = digits_parse(hexadecimal || binary ? text + 2 : text, hexadecimal ? 16 : binary ? 2 : 10, &number);
    if (text == NULL)
        return false;
    unsigned shift = *text == 'K' || *text == 'k' ? 10 : *text == 'M' || *text == 'm' ? 20 : 0;
    if (shift != 0)
        text++;
    if (*text != '\0' || number > UINT64_MAX >> shift)
        return false;
    *out = number << shift;
    return true;
}

// Numbers from 64 KiB on are addresses and sizes: people read them in hexadecimal.
static const char *number_text(uint64_t number, char text[24]) {
    snprintf(text, 24, number >= 0x10000 ? "0x%llx" : "%llu", (unsigned long long)number);
    return text;
}

bool value_u64(struct diagnostics *diagnostics, const struct yaml_node *node, const char *what,
               uint64_t minimum, uint64_t maximum, uint64_t *out) {
    uint64_t number;
    if (node->kind != YAML_KIND_SCALAR || yaml_is_null(node)) {
        value_wrong_type(diagnostics, node, what, "a number");
        return false;
    }
    char low[24], high[24];
    bool negative = node->text[0] == '-' && number_parse(node->text + 1, &number);
    if (!negative && !number_parse(node->text, &number)) {
        char found[48];
        struct diagnostic *item =
            diagnostic_add(diagnostics, "E0105", node->mark, "%s must be a number, not %s", what,
                           yaml_describe(node, found));
        diagnostic_help(item, "numbers are written 4096, 0x1000, 4K or 1M");
        return false;
    }
    if (negative || number < minimum || number > maximum) {
        diagnostic_add(diagnostics, "E0106", node->mark, "%s must lie between %s and %s", what,
                       number_text(minimum, low), number_text(maximum, high));
        return false;
    }
    *out = number;
    return true;
}

bool value_u32(struct diagnostics *diagnostics, const struct yaml_node *node, const char *what,
               uint32_t minimum, uint32_t maximum, uint32_t *out) {
    uint64_t number;
    if (!value_u64(diagnostics, node, what, minimum, maximum, &number))
        return false;
    *out = (uint32_t)number;
    return true;
}

// "12.345": the number times 1000. Returns where it ends; NULL: no number, or too large.
static const char *thousandths_parse(const char *text, uint64_t *out) {
    uint64_t whole;
    text = digits_parse(text, 10, &whole);
    if (text == NULL || whole > 1000000000000u)
        return NULL;
    uint64_t fraction = 0;
    if (*text == '.') {
        text++;
        for (unsigned scale = 100; *text >= '0' && *text <= '9'; scale /= 10, text++)
            fraction += scale * (unsigned)(*text - '0');
    }
    *out = whole * 1000 + fraction;
    return *text == ' ' ? text + 1 : text;
}

bool value_duration(struct diagnostics *diagnostics, const struct yaml_node *node, const char *what,
                    uint64_t *out) {
    static const struct {
        const char *name;
        uint64_t us;
    } units[] = {{"us", 1}, {"ms", 1000}, {"s", 1000000}, {"min", 60000000}, {"h", 3600000000}};
    const char *text = value_text(diagnostics, node, what);
    if (text == NULL)
        return false;
    uint64_t number = 0;
    const char *unit = thousandths_parse(text, &number);
    for (size_t i = 0; unit != NULL && i < sizeof units / sizeof *units; i++)
        if (strcmp(unit, units[i].name) == 0 && number <= UINT64_MAX / units[i].us) {
            uint64_t us = number * units[i].us / 1000;
            if (us <= 100ull * 365 * 24 * 3600 * 1000000) {
                *out = us;
                return true;
            }
            diagnostic_add(diagnostics, "E0106", node->mark, "%s must be at most 100 years", what);
            return false;
        }
    struct diagnostic *item = diagnostic_add(diagnostics, "E0112", node->mark, "%s must be a time", what);
    diagnostic_help(item, "write a number with us, ms, s, min or h: 300ms");
    return false;
}

bool value_share(struct diagnostics *diagnostics, const struct yaml_node *node, const char *what,
                 uint64_t *out) {
    const char *text = value_text(diagnostics, node, what);
    if (text == NULL)
        return false;
    uint64_t number = 0;
    const char *unit = thousandths_parse(text, &number);
    if (unit == NULL || strcmp(unit, "%") != 0 || number > 100000) {
        struct diagnostic *item =
            diagnostic_add(diagnostics, "E0113", node->mark, "%s must be 0%% to 100%%", what);
        diagnostic_help(item, "write it as 50%% or 12.5%%");
        return false;
    }
    *out = number;
    return true;
}

bool value_revision(struct diagnostics *diagnostics, const struct yaml_node *node, const char *what,
                    uint32_t *out) {
    const char *text = value_text(diagnostics, node, what);
    if (text == NULL)
        return false;
    uint64_t major, minor = 0, number;
    const char *rest = digits_parse(text[0] == 'v' ? text + 1 : text, 10, &major);
    bool dotted =
        rest != NULL && *rest == '.' && (rest = digits_parse(rest + 1, 10, &minor)) != NULL && *rest == '\0';
    if (dotted && major <= 655 && minor <= 99) {
        number = major * 100 + minor;
    } else if (dotted || !number_parse(text, &number) || number > 65535) {
        struct diagnostic *item =
            diagnostic_add(diagnostics, "E0114", node->mark, "%s must be a chip revision", what);
        diagnostic_help(item, "write v3.1, or 301 (major * 100 + minor)");
        return false;
    }
    *out = (uint32_t)number;
    return true;
}

bool value_bytes(struct diagnostics *diagnostics, const struct yaml_node *node, const char *what,
                 struct buffer *out) {
    const char *text = value_text(diagnostics, node, what);
    if (text == NULL)
        return false;
    struct buffer bytes = {0};
    bool fine = true;
    for (const char *at = text; *at != '\0' && fine;) {
        if (strchr(" \t\r\n", *at) != NULL) {
            at++;
            continue;
        }
        int high = digit_of(at[0]), low = high < 0 ? -1 : digit_of(at[1]);
        uint8_t byte = (uint8_t)(high * 16 + low);
        fine = low >= 0;
        if (fine)
            buffer_append(&bytes, &byte, 1);
        at += fine ? 2 : 0;
    }
    fine = fine && bytes.length > 0;
    if (fine)
        buffer_append(out, bytes.bytes, bytes.length);
    else
        diagnostic_help(
            diagnostic_add(diagnostics, "E0111", node->mark, "%s must be hexadecimal bytes", what),
            "write two digits for each byte, as in \"e9 00 ff\"");
    buffer_free(&bytes);
    return fine;
}
