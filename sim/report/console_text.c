#include "console_text.h"

#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "report_text.h"

const char *paint_begin(const struct console_style *style, enum paint paint) {
    static const char *const escapes[] = {"", "\033[32m", "\033[31m", "\033[33m", "\033[1m", "\033[2m"};
    return style->colour ? escapes[paint] : "";
}

const char *paint_end(const struct console_style *style) {
    return style->colour ? "\033[0m" : "";
}

void painted(struct buffer *out, const struct console_style *style, enum paint paint, const char *text) {
    buffer_text(out, paint_begin(style, paint));
    text_terminal(out, text);
    if (paint != PLAIN)
        buffer_text(out, paint_end(style));
}

size_t columns(const char *text) {
    size_t count = 0;
    for (; *text; text++)
        count += ((unsigned char)*text & 0xC0) != 0x80;
    return count;
}

void pad(struct buffer *out, size_t from, size_t to) {
    buffer_printf(out, "%*s", from < to ? (int)(to - from) : 2, "");
}

void wrapped(struct buffer *out, unsigned depth, size_t used, const char *text) {
    struct buffer clean = {0};
    text_terminal(&clean, text);
    char *rest = memory_text(buffer_string(&clean)), *copy = rest, *word;
    bool first = true;
    while ((word = strsep(&rest, " \n")) != NULL) {
        size_t length = columns(word);
        if (used > depth && used + length + !first > CONSOLE_WIDTH) {
            buffer_printf(out, "\n%*s", (int)depth, "");
            used = depth;
            first = true;
        }
        buffer_printf(out, "%s%s", first ? "" : " ", word);
        used += length + !first;
        first = false;
    }
    buffer_text(out, "\n");
    free(copy);
    buffer_free(&clean);
}

void print_count(struct buffer *out, uint64_t count) {
    char digits[24];
    int length = snprintf(digits, sizeof digits, "%" PRIu64, count);
    for (int i = 0; i < length; i++)
        buffer_printf(out, "%s%c", i > 0 && (length - i) % 3 == 0 ? "," : "", digits[i]);
}

bool is_known(const struct result_scenario *scenario) {
    bool known = scenario->known_bug_count > 0;
    for (size_t i = 0; i < scenario->violation_count; i++)
        known |= scenario->violations[i].known;
    return known && scenario->verdict == VERDICT_PASS;
}

enum paint verdict_paint(const struct result_scenario *scenario) {
    if (scenario->verdict != VERDICT_PASS)
        return RED;
    return is_known(scenario) ? YELLOW : GREEN;
}

const char *verdict_word(const struct result_scenario *scenario) {
    switch (scenario->verdict) {
    case VERDICT_PASS:
        return "PASS";
    case VERDICT_FAIL:
        return "FAIL";
    case VERDICT_ERROR:
        break;
    }
    return "ERROR";
}
