#include "partition_text.h"

#include <inttypes.h>
#include <stdio.h>
#include <string.h>

#define NOT_A_CHARACTER UINT32_MAX
#define BEYOND_32_BITS  ((int64_t)1 << 60)

// ---- encodings (CSV-2) --------------------------------------------------------------------------

static void append_utf8(struct buffer *out, uint32_t character) {
    uint8_t bytes[4];
    size_t length;
    if (character < 0x80) {
        bytes[0] = (uint8_t)character;
        length = 1;
    } else if (character < 0x800) {
        bytes[0] = (uint8_t)(0xC0 | character >> 6);
        length = 2;
    } else if (character < 0x10000) {
        bytes[0] = (uint8_t)(0xE0 | character >> 12);
        length = 3;
    } else {
        bytes[0] = (uint8_t)(0xF0 | character >> 18);
        length = 4;
    }
    for (size_t i = 1; i < length; i++)
        bytes[i] = (uint8_t)(0x80 | (character >> 6 * (length - 1 - i) & 0x3F));
    buffer_append(out, bytes, length);
}

static bool is_character(uint32_t character) {
    return character != 0 && character < 0x110000 && (character < 0xD800 || character > 0xDFFF);
}

// One character of UTF-8; *length is what it takes. NOT_A_CHARACTER: malformed.
static uint32_t utf8_character(const uint8_t *text, size_t rest, size_t *length) {
    *length = 1;
    if (text[0] < 0x80)
        return text[0];
    size_t more = text[0] >= 0xF0 && text[0] < 0xF8 ? 3 : text[0] >= 0xE0 ? 2 : 1;
    if (text[0] < 0xC2 || text[0] >= 0xF5 || more >= rest)
        return NOT_A_CHARACTER;
    uint32_t character = text[0] & (0x3Fu >> more);
    for (size_t i = 1; i <= more; i++) {
        if ((text[i] & 0xC0) != 0x80)
            return NOT_A_CHARACTER;
        character = character << 6 | (text[i] & 0x3F);
    }
    static const uint32_t smallest[] = {0, 0x80, 0x800, 0x10000};
    *length = more + 1;
    return character < smallest[more] || !is_character(character) ? NOT_A_CHARACTER : character;
}

static bool copy_utf8(const uint8_t *text, size_t length, struct buffer *out) {
    for (size_t at = 0, step; at < length; at += step) {
        uint32_t character = utf8_character(text + at, length - at, &step);
        if (!is_character(character))
            return false;
    }
    buffer_append(out, text, length);
    return true;
}

static uint32_t unit(const uint8_t *bytes, size_t width, bool big_endian) {
    uint32_t value = 0;
    for (size_t i = 0; i < width; i++)
        value |= (uint32_t)bytes[i] << 8 * (big_endian ? width - 1 - i : i);
    return value;
}

// UTF-16 (width 2) and UTF-32 (width 4).
static bool convert_units(const uint8_t *text, size_t length, size_t width, bool big_endian,
                          struct buffer *out) {
    if (length % width != 0)
        return false;
    for (size_t at = 0; at < length; at += width) {
        uint32_t character = unit(text + at, width, big_endian);
        if (width == 2 && character >= 0xD800 && character < 0xDC00 && at + 4 <= length) {
            uint32_t low = unit(text + at + 2, 2, big_endian);
            if (low < 0xDC00 || low > 0xDFFF)
                return false;
            character = 0x10000 + ((character - 0xD800) << 10) + (low - 0xDC00);
            at += width;
        }
        if (!is_character(character))
            return false;
        append_utf8(out, character);
    }
    return true;
}

bool partition_csv_decode(const void *text, size_t length, bool detects_encoding, struct buffer *out) {
    static const struct {
        const char *mark;
        size_t mark_length, width;
        bool big_endian;
    } encodings[] = {
        {"\xFF\xFE\0\0", 4, 4, false}, // before UTF-16, whose mark it begins with
        {"\0\0\xFE\xFF", 4, 4, true},  {"\xFF\xFE", 2, 2, false},
        {"\xFE\xFF", 2, 2, true},      {"\xEF\xBB\xBF", 3, 1, false},
    };
    const uint8_t *bytes = text;
    for (size_t i = 0; detects_encoding && i < sizeof encodings / sizeof *encodings; i++) {
        size_t mark = encodings[i].mark_length;
        if (length < mark || memcmp(bytes, encodings[i].mark, mark) != 0)
            continue;
        if (encodings[i].width == 1)
            return copy_utf8(bytes + mark, length - mark, out);
        return convert_units(bytes + mark, length - mark, encodings[i].width, encodings[i].big_endian, out);
    }
    return copy_utf8(bytes, length, out);
}

// ---- lines and white space ----------------------------------------------------------------------

static bool is_line_break(uint32_t character) {
    return (character >= 0x0A && character <= 0x0D) || (character >= 0x1C && character <= 0x1E) ||
           character == 0x85 || character == 0x2028 || character == 0x2029;
}

static bool is_space(uint32_t character) {
    return is_line_break(character) || character == '\t' || character == ' ' || character == 0x1F ||
           character == 0xA0 || character == 0x1680 || (character >= 0x2000 && character <= 0x200A) ||
           character == 0x202F || character == 0x205F || character == 0x3000;
}

bool partition_csv_next_line(const struct buffer *text, size_t *at, const char **line, size_t *length) {
    if (*at >= text->length)
        return false;
    size_t begin = *at, step;
    *line = (const char *)text->bytes + begin;
    for (; *at < text->length; *at += step) {
        uint32_t character = utf8_character(text->bytes + *at, text->length - *at, &step);
        if (!is_line_break(character))
            continue;
        *length = *at - begin;
        *at += step;
        if (character == '\r' && *at < text->length && text->bytes[*at] == '\n')
            ++*at;
        return true;
    }
    *length = *at - begin;
    return true;
}

static size_t last_character(const uint8_t *text, size_t length, uint32_t *character) {
    size_t begin = length - 1, step;
    while (begin > 0 && (text[begin] & 0xC0) == 0x80)
        begin--;
    *character = utf8_character(text + begin, length - begin, &step);
    return length - begin;
}

void partition_csv_trim(const char **text, size_t *length) {
    size_t step;
    while (*length > 0 && is_space(utf8_character((const uint8_t *)*text, *length, &step))) {
        *text += step;
        *length -= step;
    }
    while (*length > 0) {
        uint32_t character;
        step = last_character((const uint8_t *)*text, *length, &character);
        if (!is_space(character))
            break;
        *length -= step;
    }
}

// ---- numbers (CSV-10) ---------------------------------------------------------------------------

// A magnitude in a range where sums cannot overflow. Low bits stay, since alignment is checked before size.
static int64_t bounded(uint64_t value, bool overflowed) {
    if (overflowed || value >= (uint64_t)BEYOND_32_BITS)
        return BEYOND_32_BITS | (int64_t)(value & UINT32_MAX);
    return (int64_t)value;
}

int64_t partition_csv_multiply(int64_t value, uint32_t factor) {
    uint64_t magnitude = value < 0 ? (uint64_t)-value : (uint64_t)value;
    uint64_t product;
    bool overflowed = __builtin_mul_overflow(magnitude, (uint64_t)factor, &product);
    int64_t result = bounded(product, overflowed || magnitude >= (uint64_t)BEYOND_32_BITS);
    return value < 0 ? -result : result;
}

static unsigned digit_value(char digit) {
    if (digit >= '0' && digit <= '9')
        return (unsigned)(digit - '0');
    if (digit >= 'a' && digit <= 'f')
        return (unsigned)(digit - 'a') + 10;
    if (digit >= 'A' && digit <= 'F')
        return (unsigned)(digit - 'A') + 10;
    return 99;
}

static unsigned prefix_base(const char *text, size_t length) {
    if (length < 2 || text[0] != '0')
        return 10;
    switch (text[1]) {
    case 'x':
    case 'X':
        return 16;
    case 'o':
    case 'O':
        return 8;
    case 'b':
    case 'B':
        return 2;
    default:
        return 10;
    }
}

bool partition_csv_integer(const char *text, size_t length, int64_t *value) {
    partition_csv_trim(&text, &length);
    bool negative = length > 0 && text[0] == '-';
    if (length > 0 && (text[0] == '-' || text[0] == '+')) {
        text++;
        length--;
    }
    unsigned base = prefix_base(text, length);
    size_t at = base == 10 ? 0 : 2;
    bool digit_wanted = base == 10; // an underscore may follow a prefix or a digit
    bool leading_zero = base == 10 && length > 1 && text[0] == '0';
    uint64_t magnitude = 0;
    bool overflowed = false;
    for (; at < length; at++) {
        if (text[at] == '_' && !digit_wanted) {
            digit_wanted = true;
            continue;
        }
        unsigned digit = digit_value(text[at]);
        if (digit >= base || (leading_zero && digit != 0))
            return false;
        digit_wanted = false;
        overflowed |= __builtin_mul_overflow(magnitude, (uint64_t)base, &magnitude);
        overflowed |= __builtin_add_overflow(magnitude, (uint64_t)digit, &magnitude);
    }
    if (digit_wanted || length == 0 || (base != 10 && length == 2))
        return false;
    *value = bounded(magnitude, overflowed);
    if (negative)
        *value = -*value;
    return true;
}

const char *partition_csv_hex(int64_t value, char text[HEX_TEXT_SIZE]) {
    uint64_t magnitude = value < 0 ? (uint64_t)-value : (uint64_t)value;
    (void)snprintf(text, HEX_TEXT_SIZE, "0x%s%" PRIx64, value < 0 ? "-" : "", magnitude);
    return text;
}
