// The ROM's printf, and the console's lines as the board's log.
#include <stdio.h>

#include "machine_internal.h"

#define LINE_MAX   240u
#define FORMAT_MAX 1024u

// "I (31) boot: text" is a line of level I and tag boot; its time stamp is left out, as it only counts instructions.
static void tell_line(const char *line) {
    static const char levels[] = "EWI";
    const char *level = line[0] == 0 || line[1] != ' ' || line[2] != '(' ? NULL : strchr(levels, line[0]);
    const char *after = level == NULL || *level == 0 ? NULL : strstr(line, ") ");
    const char *colon = after == NULL ? NULL : strstr(after + 2, ": ");
    char tag[32];
    if (colon == NULL || (size_t)(colon - after - 2) >= sizeof tag) {
        port_log(PORT_LOG_INFO, "console", "%s", line);
        return;
    }
    (void)snprintf(tag, sizeof tag, "%.*s", (int)(colon - after - 2), after + 2);
    port_log((enum port_log_level)(level - levels), tag, "%s", colon + 2);
}

static const char *without_colours(char *line) { // "\033[0;32m" and the like
    char *to = line;
    for (const char *from = line; *from != 0;) {
        if (from[0] == 27 && from[1] == '[') {
            from += strcspn(from, "m");
            from += *from != 0;
        } else {
            *to++ = *from++;
        }
    }
    *to = 0;
    return line;
}

void console_put(struct machine *machine, char character) {
    if (!port_log_enabled())
        return;
    struct buffer *line = &machine->line;
    if (character == '\n' || line->length == LINE_MAX) {
        char text[LINE_MAX + 1];
        (void)snprintf(text, sizeof text, "%s", buffer_string(line));
        line->length = 0;
        if (text[0] != 0)
            tell_line(without_colours(text));
    }
    if (character == 27 || (unsigned char)character >= ' ')
        buffer_append(line, &character, 1);
}

// ---- formatting ---------------------------------------------------------------------------------

struct output {
    struct machine *machine;
    uint32_t count;
};

static void put(struct output *out, char character) {
    console_put(out->machine, character);
    out->count++;
}

static void pad(struct output *out, char with, int count) {
    for (int i = 0; i < count; i++)
        put(out, with);
}

struct conversion {
    bool left, zeros;
    int width, precision; // precision -1: none
    bool is_64;
};

static void put_text(struct output *out, const struct conversion *how, uint32_t address) {
    char byte;
    int length = 0, most = how->precision < 0 ? (int)FORMAT_MAX : how->precision;
    for (; length < most; length++) {
        machine_read(out->machine, address + (uint32_t)length, &byte, 1);
        if (byte == 0)
            break;
    }
    if (!how->left)
        pad(out, ' ', how->width - length);
    for (int i = 0; i < length; i++) {
        machine_read(out->machine, address + (uint32_t)i, &byte, 1);
        put(out, byte);
    }
    if (how->left)
        pad(out, ' ', how->width - length);
}

static void put_number(struct output *out, const struct conversion *how, uint64_t value, bool negative,
                       char kind) {
    char digits[32], text[80];
    (void)snprintf(digits, sizeof digits,
                   kind == 'x'   ? "%llx"
                   : kind == 'X' ? "%llX"
                   : kind == 'o' ? "%llo"
                                 : "%llu",
                   (unsigned long long)value);
    int zeros = how->precision - (int)strlen(digits);
    if (how->zeros && !how->left)
        zeros = how->width - (int)strlen(digits) - negative;
    zeros = zeros < 0 ? 0 : zeros > 40 ? 40 : zeros;
    (void)snprintf(text, sizeof text, "%s%.*s%s", negative ? "-" : "", zeros,
                   "0000000000000000000000000000000000000000", digits);
    int length = (int)strlen(text);
    if (!how->left)
        pad(out, ' ', how->width - length);
    for (int i = 0; i < length; i++)
        put(out, text[i]);
    if (how->left)
        pad(out, ' ', how->width - length);
}

static const char *read_conversion(const char *at, struct conversion *how) {
    *how = (struct conversion){.precision = -1};
    for (;; at++)
        if (*at == '-')
            how->left = true;
        else if (*at == '0')
            how->zeros = true;
        else if (*at != '#' && *at != '+' && *at != ' ')
            break;
    for (; *at >= '0' && *at <= '9' && how->width < 200; at++)
        how->width = how->width * 10 + (*at - '0');
    if (*at == '.')
        for (how->precision = 0, at++; *at >= '0' && *at <= '9' && how->precision < 200; at++)
            how->precision = how->precision * 10 + (*at - '0');
    for (; *at == 'l' || *at == 'h' || *at == 'z'; at++)
        how->is_64 = at[0] == 'l' && at[1] == 'l' ? true : how->is_64;
    return at;
}

static uint64_t next_value(struct machine *machine, unsigned *argument, bool is_64) {
    if (!is_64)
        return machine_argument(machine, (*argument)++);
    *argument += *argument & 1; // 64-bit arguments begin at an even register
    uint64_t low = machine_argument(machine, (*argument)++);
    return low | (uint64_t)machine_argument(machine, (*argument)++) << 32;
}

void rom_printf(struct machine *machine) {
    char format[FORMAT_MAX];
    uint32_t from = machine_argument(machine, 0);
    for (uint32_t i = 0;; i++) {
        machine_read(machine, from + i, &format[i], 1);
        if (i == FORMAT_MAX - 1)
            format[i] = 0;
        if (format[i] == 0)
            break;
    }
    struct output out = {machine, 0};
    unsigned argument = 1;
    for (const char *at = format; *at != 0; at++) {
        struct conversion how;
        if (*at != '%') {
            put(&out, *at);
            continue;
        }
        at = read_conversion(at + 1, &how);
        uint64_t value = *at == '%' || *at == 0 ? 0 : next_value(machine, &argument, how.is_64);
        switch (*at) {
        case 'd':
        case 'i': {
            int64_t number = how.is_64 ? (int64_t)value : (int32_t)value;
            put_number(&out, &how, number < 0 ? 0 - (uint64_t)number : (uint64_t)number, number < 0, 'u');
            break;
        }
        case 'u':
        case 'x':
        case 'X':
        case 'o':
            put_number(&out, &how, value, false, *at);
            break;
        case 'p':
            put(&out, '0');
            put(&out, 'x');
            put_number(&out, &how, value, false, 'x');
            break;
        case 'c':
            put(&out, (char)value);
            break;
        case 's':
            put_text(&out, &how, (uint32_t)value);
            break;
        case 0:
            at--; // the format ends within a conversion
            break;
        default:
            put(&out, *at);
        }
    }
    machine_return(machine, out.count);
}
