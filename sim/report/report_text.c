#include "report_text.h"

#include <stdbool.h>
#include <stdint.h>
#include <string.h>

#include "../base/utf8.h"

#define REPLACEMENT "\xEF\xBF\xBD" // U+FFFD
#define UTF8_MAX    4u             // bytes of a character

static size_t character_at(const char *text, uint32_t *code) {
    return utf8_character(text, strnlen(text, UTF8_MAX), code);
}

void text_utf8(struct buffer *out, const char *text) {
    while (text && *text) {
        uint32_t code = 0;
        size_t length = character_at(text, &code);
        if (length > 0)
            buffer_append(out, text, length);
        else
            buffer_text(out, REPLACEMENT);
        text += length > 0 ? length : 1;
    }
}

// XML 1.0, production 2 (Char).
static bool xml_allows(uint32_t code) {
    return code == '\t' || code == '\n' || code == '\r' || (code >= 0x20 && code != 0xFFFE && code != 0xFFFF);
}

static const char *xml_escape(uint32_t code) {
    switch (code) {
    case '&':
        return "&amp;";
    case '<':
        return "&lt;";
    case '>':
        return "&gt;";
    case '"':
        return "&quot;";
    case '\r':
        return "&#13;";
    default:
        return NULL;
    }
}

// Azure Pipelines, TeamCity and GitHub's older runners obey "##word[" wherever it stands in a line.
static bool is_hash_command(const char *text) {
    if (text[0] != '#' || text[1] != '#')
        return false;
    const char *word = text + 2;
    while ((*word >= 'a' && *word <= 'z') || *word == '-')
        word++;
    return *word == '[';
}

void text_xml(struct buffer *out, const char *text) {
    bool line_begins = true; // where "::" would be a command in a CI system's log
    while (text && *text) {
        uint32_t code = 0;
        size_t length = character_at(text, &code);
        bool command = (line_begins && text[0] == ':' && text[1] == ':') || is_hash_command(text);
        line_begins = code == '\n' || (line_begins && (code == ' ' || code == '\t'));
        if (length == 0)
            buffer_text(out, REPLACEMENT);
        else if (command)
            buffer_printf(out, "&#%u;", (unsigned)code);
        else if (xml_escape(code))
            buffer_text(out, xml_escape(code));
        else if (xml_allows(code))
            buffer_append(out, text, length);
        text += length > 0 ? length : 1;
    }
}

void text_terminal(struct buffer *out, const char *text) {
    utf8_one_line(out, text);
}

void text_terminal_lines(struct buffer *out, const char *text) {
    utf8_lines(out, text);
}

void text_no_commands(struct buffer *out, const char *text) {
    bool line_begins = true;
    for (; *text; text++) {
        if ((line_begins && text[0] == ':' && text[1] == ':') || is_hash_command(text))
            buffer_text(out, "\\");
        buffer_append(out, text, 1);
        line_begins = *text == '\n' || (line_begins && (*text == ' ' || *text == '\t'));
    }
}

void text_indented(struct buffer *out, unsigned depth, const char *text) {
    while (text && *text) {
        size_t length = strcspn(text, "\n");
        if (length > 0)
            buffer_printf(out, "%*s%.*s", (int)depth, "", (int)length, text);
        buffer_text(out, "\n");
        text += length;
        if (*text == '\n')
            text++;
    }
}
