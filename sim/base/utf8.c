#include "utf8.h"

#include <inttypes.h>
#include <string.h>

size_t utf8_character(const char *text, size_t room, uint32_t *code) {
    const uint8_t *bytes = (const uint8_t *)text;
    size_t length = bytes[0] < 0x80 ? 1 : bytes[0] < 0xC2 ? 0 : bytes[0] < 0xE0 ? 2 : bytes[0] < 0xF0 ? 3 : 4;
    if (bytes[0] > 0xF4 || length == 0 || length > room)
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

bool utf8_is_visible(uint32_t code) {
    static const struct {
        uint32_t first, last;
    } hidden[] = {{0x00, 0x1F},     {0x7F, 0x9F},     {0x61C, 0x61C},   {0x200E, 0x200F},
                  {0x2028, 0x202E}, {0x2066, 0x2069}, {0xFEFF, 0xFEFF}, {0xE0000, 0xE007F}};
    for (size_t i = 0; i < sizeof hidden / sizeof hidden[0]; i++)
        if (code >= hidden[i].first && code <= hidden[i].last)
            return false;
    return true;
}

static void escape(struct buffer *out, uint32_t code) {
    if (code == '\n')
        buffer_text(out, "\\n");
    else if (code == '\t')
        buffer_text(out, "\\t");
    else if (code < 0x100)
        buffer_printf(out, "\\x%02" PRIx32, code);
    else
        buffer_printf(out, "\\u{%" PRIx32 "}", code);
}

// `stay`: characters that are left although they act.
static void make_visible(struct buffer *out, const char *text, const char *stay) {
    size_t room = text == NULL ? 0 : strlen(text);
    while (room > 0) {
        uint32_t code = 0;
        size_t length = utf8_character(text, room, &code);
        if (length == 0)
            escape(out, (uint8_t)*text);
        else if (utf8_is_visible(code) || (code < 0x80 && strchr(stay, (int)code) != NULL))
            buffer_append(out, text, length);
        else
            escape(out, code);
        length = length == 0 ? 1 : length;
        text += length;
        room -= length;
    }
}

void utf8_one_line(struct buffer *out, const char *text) {
    make_visible(out, text, "");
}

void utf8_lines(struct buffer *out, const char *text) {
    make_visible(out, text, "\n\t");
}
