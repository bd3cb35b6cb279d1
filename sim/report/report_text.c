#include "report_text.h"

#include <stdbool.h>
#include <stdint.h>
#include <string.h>

#define REPLACEMENT "\xEF\xBF\xBD" // U+FFFD

// Decodes one character of `text`. Returns its length in bytes; 0: the first byte belongs to no character.
static size_t character_at(const char *text, uint32_t *code) {
    const uint8_t *bytes = (const uint8_t *)text;
    size_t length = bytes[0] < 0x80 ? 1 : bytes[0] < 0xC2 ? 0 : bytes[0] < 0xE0 ? 2 : bytes[0] < 0xF0 ? 3 : 4;
    if (bytes[0] > 0xF4 || length == 0)
        return 0;
    static const uint8_t first_bits[] = {0, 0x7F, 0x1F, 0x0F, 0x07};
    *code = bytes[0] & first_bits[length];
    for (size_t i = 1; i < length; i++) {
        if ((bytes[i] & 0xC0) != 0x80) // also the NUL at the end
            return 0;
        *code = *code << 6 | (bytes[i] & 0x3F);
    }
    bool too_long = (length == 3 && *code < 0x800) || (length == 4 && *code < 0x10000);
    bool surrogate = *code >= 0xD800 && *code <= 0xDFFF;
    return too_long || surrogate || *code > 0x10FFFF ? 0 : length;
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

void text_xml(struct buffer *out, const char *text) {
    while (text && *text) {
        uint32_t code = 0;
        size_t length = character_at(text, &code);
        if (length == 0)
            buffer_text(out, REPLACEMENT);
        else if (xml_escape(code))
            buffer_text(out, xml_escape(code));
        else if (xml_allows(code))
            buffer_append(out, text, length);
        text += length > 0 ? length : 1;
    }
}

void text_terminal(struct buffer *out, const char *text) {
    while (text && *text) {
        uint32_t code = 0;
        size_t length = character_at(text, &code);
        bool control = (code < 0x20 && code != '\t' && code != '\n') || (code >= 0x7F && code < 0xA0);
        if (length == 0 || control)
            buffer_text(out, REPLACEMENT);
        else
            buffer_append(out, text, length);
        text += length > 0 ? length : 1;
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
