// Diagnostics as text: header line, quoted source with carets, help.
#include "diagnostic_render.h"
#include "../base/utf8.h"
#include "diagnostic.h"

#include <stdio.h>
#include <string.h>

#define QUOTE_WIDTH 96u // characters of a source line that are shown

struct style {
    const char *red, *yellow, *blue, *bold, *end;
};
static const struct style plain_style = {"", "", "", "", ""};
static const struct style colour_style = {"\033[1;31m", "\033[1;33m", "\033[1;34m", "\033[1m", "\033[0m"};

// ---- source lines -------------------------------------------------------------------------------

struct line_view { // a line's bytes, without its end
    const char *bytes;
    size_t length;
};

// Lines end at LF, CR LF or CR, as for libyaml.
static bool line_find(const struct buffer *text, uint32_t number, struct line_view *out) {
    const char *at = (const char *)text->bytes, *end = at == NULL ? NULL : at + text->length;
    for (uint32_t line = 1; at != NULL && at <= end; line++) {
        const char *stop = at;
        while (stop < end && *stop != '\n' && *stop != '\r')
            stop++;
        if (line == number) {
            *out = (struct line_view){at, (size_t)(stop - at)};
            return true;
        }
        if (stop == end)
            return false;
        at = stop + (stop + 1 < end && stop[0] == '\r' && stop[1] == '\n' ? 2 : 1);
    }
    return false;
}

static bool begins_character(char byte) {
    return ((unsigned char)byte & 0xC0u) != 0x80u;
}

static uint32_t characters(struct line_view line) {
    uint32_t count = 0;
    for (size_t i = 0; i < line.length; i++)
        count += begins_character(line.bytes[i]);
    return count;
}

// The part of a line from character `first` on, at most `count` of them.
static struct line_view line_part(struct line_view line, uint32_t first, uint32_t count) {
    size_t begin = 0, end;
    for (; begin < line.length && (first > 0 || !begins_character(line.bytes[begin])); begin++)
        if (begins_character(line.bytes[begin]))
            first--;
    for (end = begin; end < line.length; end++)
        if (begins_character(line.bytes[end]) && count-- == 0)
            break;
    return (struct line_view){line.bytes + begin, end - begin};
}

// One column a character: tabs become a space, what a terminal would obey or could not show becomes `?`.
static void text_harmless(struct buffer *out, const char *bytes, size_t length) {
    for (size_t i = 0; i < length;) {
        uint32_t code = 0;
        size_t size = utf8_character(bytes + i, length - i, &code);
        if (bytes[i] == '	')
            buffer_text(out, " ");
        else if (size == 0 || !utf8_is_visible(code))
            buffer_text(out, begins_character(bytes[i]) ? "?" : "");
        else
            buffer_append(out, bytes + i, size);
        i += size == 0 ? 1 : size;
    }
}

static void words(struct buffer *out, const char *text) {
    text_harmless(out, text, strlen(text));
}

// ---- quotes -------------------------------------------------------------------------------------

struct quote {
    struct source_mark mark;
    const char *label; // NULL: none
    char caret;
    const char *colour;
};

struct rendering {
    const struct diagnostics *diagnostics;
    struct buffer *out;
    const struct style *style;
    int gutter; // width of the line numbers
};

static void gutter(const struct rendering *to, const char *text) {
    buffer_printf(to->out, "%s%*s |%s", to->style->blue, to->gutter, text, to->style->end);
}

struct window { // which characters of a line are shown
    uint32_t first, count;
    bool cut_before, cut_after;
};

static struct window window_of(struct line_view line, struct source_mark mark) {
    uint32_t total = characters(line);
    if (total <= QUOTE_WIDTH)
        return (struct window){0, total, false, false};
    uint32_t column = mark.column - 1 < total ? mark.column - 1 : total;
    uint32_t first = column > QUOTE_WIDTH / 3 ? column - QUOTE_WIDTH / 3 : 0;
    if (first + QUOTE_WIDTH > total)
        first = total - QUOTE_WIDTH;
    return (struct window){first, QUOTE_WIDTH, first > 0, first + QUOTE_WIDTH < total};
}

static void quote_source(const struct rendering *to, struct line_view line, uint32_t number,
                         struct window window) {
    char text[16];
    snprintf(text, sizeof text, "%u", number);
    gutter(to, text);
    struct line_view shown = line_part(line, window.first, window.count);
    if (shown.length > 0)
        buffer_text(to->out, " ");
    buffer_text(to->out, window.cut_before ? "..." : "");
    text_harmless(to->out, shown.bytes, shown.length);
    buffer_text(to->out, window.cut_after ? "...\n" : "\n");
}

static void quote_carets(const struct rendering *to, const struct quote *quote, struct window window) {
    uint32_t column = quote->mark.column > window.first ? quote->mark.column - 1 - window.first : 0;
    if (column > window.count)
        column = window.count;
    uint32_t length = quote->mark.length == 0 ? 1 : quote->mark.length;
    uint32_t room = window.count > column ? window.count - column : 1;
    if (length > room)
        length = room;
    gutter(to, "");
    buffer_printf(to->out, " %*s%s", (int)column + (window.cut_before ? 3 : 0), "", quote->colour);
    for (uint32_t i = 0; i < length; i++)
        buffer_append(to->out, &quote->caret, 1);
    if (quote->label != NULL) {
        buffer_text(to->out, " ");
        words(to->out, quote->label);
    }
    buffer_printf(to->out, "%s\n", to->style->end);
}

static void quote_line(const struct rendering *to, const struct quote *quote, bool source) {
    struct line_view line;
    if (!line_find(&to->diagnostics->text, quote->mark.line, &line))
        return;
    struct window window = window_of(line, quote->mark);
    if (source)
        quote_source(to, line, quote->mark.line, window);
    quote_carets(to, quote, window);
}

static void quotes(const struct rendering *to, const struct diagnostic *item) {
    const struct quote primary = {item->mark, item->label, '^',
                                  item->warning ? to->style->yellow : to->style->red};
    const struct quote second = {item->second, item->second_label, '-', to->style->blue};
    bool second_first = second.mark.line != 0 && second.mark.line < primary.mark.line;
    gutter(to, "");
    buffer_text(to->out, "\n");
    if (second_first)
        quote_line(to, &second, true);
    if (second_first && second.mark.line + 1 < primary.mark.line)
        buffer_printf(to->out, "%s...%s\n", to->style->blue, to->style->end);
    quote_line(to, &primary, true);
    if (second.mark.line == 0 || second_first)
        return;
    if (second.mark.line > primary.mark.line + 1)
        buffer_printf(to->out, "%s...%s\n", to->style->blue, to->style->end);
    quote_line(to, &second, second.mark.line != primary.mark.line);
}

// ---- diagnostics --------------------------------------------------------------------------------

static int digits(uint32_t number) {
    int count = 1;
    for (; number >= 10; number /= 10)
        count++;
    return count;
}

static void render_item(struct rendering *to, const struct diagnostic *item) {
    const struct style *style = to->style;
    uint32_t widest = item->mark.line > item->second.line ? item->mark.line : item->second.line;
    to->gutter = digits(widest);

    const char *path = to->diagnostics->path == NULL ? "scenario" : to->diagnostics->path;
    buffer_text(to->out, style->bold);
    utf8_one_line(to->out, path);
    if (item->mark.line != 0)
        buffer_printf(to->out, ":%u:%u", item->mark.line, item->mark.column);
    buffer_printf(to->out, ":%s %s%s[%s]%s%s: ", style->end, item->warning ? style->yellow : style->red,
                  item->warning ? "warning" : "error", item->code, style->end, style->bold);
    words(to->out, item->message);
    buffer_printf(to->out, "%s\n", style->end);
    struct line_view line;
    if (item->mark.line != 0 && line_find(&to->diagnostics->text, item->mark.line, &line))
        quotes(to, item);
    if (item->help != NULL) {
        buffer_printf(to->out, "%s%*s =%s help: ", style->blue, to->gutter, "", style->end);
        words(to->out, item->help);
        buffer_text(to->out, "\n");
    }
}

void diagnostics_render(const struct diagnostics *diagnostics, bool colour, struct buffer *out) {
    struct rendering to = {diagnostics, out, colour ? &colour_style : &plain_style, 1};
    for (size_t i = 0; i < diagnostics->count; i++) {
        if (i > 0)
            buffer_text(out, "\n");
        render_item(&to, &diagnostics->items[i]);
    }
    size_t dropped = diagnostics->error_count + diagnostics->warning_count - diagnostics->count;
    if (dropped > 0)
        buffer_printf(out, "\n... and %zu more\n", dropped);
}
