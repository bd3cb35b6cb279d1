#include "console_text.h"

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
    text_terminal_lines(&clean, text);
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
    case VERDICT_INCOMPLETE:
        return "INCOMPLETE";
    case VERDICT_ERROR:
        break;
    }
    return "ERROR";
}

// ---- names in tables ----------------------------------------------------------------------------

size_t console_common_folder(const struct result *result) {
    const char *first = result->scenarios[0].file;
    size_t common = strlen(first);
    for (size_t i = 0; i < result->count; i++) {
        size_t same = 0;
        while (same < common && result->scenarios[i].file[same] == first[same])
            same++;
        common = same;
    }
    while (common > 0 && first[common - 1] != '/')
        common--;
    return common;
}

void console_name(const char *name, size_t room, struct buffer *out) {
    const char *dot = strrchr(name, '.');
    size_t length = dot && !strchr(dot, '/') ? (size_t)(dot - name) : strlen(name);
    struct buffer text = {0}, clean = {0};
    if (length > room) {
        size_t tail = (room - 3) / 2, head = room - 3 - tail;
        buffer_printf(&text, "%.*s...%.*s", (int)head, name, (int)tail, name + length - tail);
    } else {
        buffer_append(&text, name, length);
    }
    text_terminal(&clean, buffer_string(&text));
    size_t used = columns(buffer_string(&clean));
    buffer_printf(out, "%s%*s", buffer_string(&clean), used < room ? (int)(room - used) : 0, "");
    buffer_free(&text);
    buffer_free(&clean);
}
