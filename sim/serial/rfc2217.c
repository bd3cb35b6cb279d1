#include "rfc2217.h"

#include <string.h>

enum { TELNET_SE = 240, TELNET_SB = 250, TELNET_WILL = 251, TELNET_WONT, TELNET_DO, TELNET_DONT, TELNET_IAC };

enum { OPTION_BINARY = 0, OPTION_SUPPRESS_GO_AHEAD = 3, OPTION_COM_PORT = 44 };

// Requests of a host; the answer has the number plus 100 and repeats the value.
enum { COM_SET_BAUD = 1, COM_SET_CONTROL = 5, COM_LAST_REQUEST = 12, COM_ANSWER = 100 };

enum {
    CONTROL_ASK_DTR = 7,
    CONTROL_DTR_ON,
    CONTROL_DTR_OFF,
    CONTROL_ASK_RTS,
    CONTROL_RTS_ON,
    CONTROL_RTS_OFF
};

// ---- agreeing on options ------------------------------------------------------------------------

static bool is_supported(uint8_t option) {
    return option == OPTION_BINARY || option == OPTION_SUPPRESS_GO_AHEAD || option == OPTION_COM_PORT;
}

static void say(struct buffer *out, int verb, uint8_t option) {
    const uint8_t bytes[] = {TELNET_IAC, (uint8_t)verb, option};
    buffer_append(out, bytes, sizeof bytes);
}

// One side's use of an option is asked for. Answers only what changes something: telnet ends up in a circle
// otherwise.
static void agree(uint64_t *in_use, uint8_t option, bool wanted, int yes, int no, struct buffer *out) {
    if (!is_supported(option)) {
        if (wanted)
            say(out, no, option);
        return;
    }
    uint64_t bit = (uint64_t)1 << option;
    if (((*in_use & bit) != 0) == wanted)
        return;
    *in_use ^= bit;
    say(out, wanted ? yes : no, option);
}

static void negotiate(struct rfc2217 *telnet, uint8_t option, struct buffer *out) {
    if (telnet->verb == TELNET_WILL || telnet->verb == TELNET_WONT)
        agree(&telnet->they_do, option, telnet->verb == TELNET_WILL, TELNET_DO, TELNET_DONT, out);
    else
        agree(&telnet->we_do, option, telnet->verb == TELNET_DO, TELNET_WILL, TELNET_WONT, out);
}

// ---- the serial port's settings -----------------------------------------------------------------

static void answer(struct buffer *out, uint8_t request, const uint8_t *value, size_t length) {
    const uint8_t begin[] = {TELNET_IAC, TELNET_SB, OPTION_COM_PORT, (uint8_t)(request + COM_ANSWER)};
    const uint8_t end[] = {TELNET_IAC, TELNET_SE};
    buffer_append(out, begin, sizeof begin);
    rfc2217_encode(out, value, length);
    buffer_append(out, end, sizeof end);
}

static void set_control(struct rfc2217 *telnet, uint8_t value, const struct rfc2217_sink *sink,
                        struct buffer *out) {
    uint8_t said = value;
    if (value == CONTROL_DTR_ON || value == CONTROL_DTR_OFF)
        telnet->dtr = value == CONTROL_DTR_ON;
    else if (value == CONTROL_RTS_ON || value == CONTROL_RTS_OFF)
        telnet->rts = value == CONTROL_RTS_ON;
    else if (value == CONTROL_ASK_DTR)
        said = telnet->dtr ? CONTROL_DTR_ON : CONTROL_DTR_OFF;
    else if (value == CONTROL_ASK_RTS)
        said = telnet->rts ? CONTROL_RTS_ON : CONTROL_RTS_OFF;
    if (value >= CONTROL_DTR_ON && value != CONTROL_ASK_RTS && value <= CONTROL_RTS_OFF)
        sink->lines(sink->context, telnet->dtr, telnet->rts);
    answer(out, COM_SET_CONTROL, &said, 1);
}

static void set_baud(struct rfc2217 *telnet, const uint8_t *value, struct buffer *out) {
    uint32_t baud = (uint32_t)value[0] << 24 | (uint32_t)value[1] << 16 | (uint32_t)value[2] << 8 | value[3];
    if (baud != 0) // 0 asks for the present one
        telnet->baud = baud;
    const uint8_t said[] = {(uint8_t)(telnet->baud >> 24), (uint8_t)(telnet->baud >> 16),
                            (uint8_t)(telnet->baud >> 8), (uint8_t)telnet->baud};
    answer(out, COM_SET_BAUD, said, sizeof said);
}

// Parity, stop bits, masks and purges change nothing here: they are acknowledged as asked for.
static void suboption(struct rfc2217 *telnet, const struct rfc2217_sink *sink, struct buffer *out) {
    const uint8_t *bytes = telnet->suboption;
    size_t length = telnet->suboption_length;
    if (length < 2 || bytes[0] != OPTION_COM_PORT || bytes[1] > COM_LAST_REQUEST)
        return;
    if (bytes[1] == COM_SET_CONTROL && length >= 3)
        set_control(telnet, bytes[2], sink, out);
    else if (bytes[1] == COM_SET_BAUD && length >= 6)
        set_baud(telnet, bytes + 2, out);
    else
        answer(out, bytes[1], bytes + 2, length - 2);
}

// ---- the stream ---------------------------------------------------------------------------------

static void collect(struct rfc2217 *telnet, uint8_t byte) {
    if (telnet->suboption_length < sizeof telnet->suboption)
        telnet->suboption[telnet->suboption_length++] = byte;
}

// A byte behind FF in the data.
static void command(struct rfc2217 *telnet, uint8_t byte, const struct rfc2217_sink *sink) {
    telnet->state = TELNET_DATA;
    if (byte == TELNET_IAC) {
        sink->data(sink->context, &byte, 1);
    } else if (byte == TELNET_SB) {
        telnet->state = TELNET_SUBOPTION;
        telnet->suboption_length = 0;
    } else if (byte >= TELNET_WILL) {
        telnet->state = TELNET_OPTION;
        telnet->verb = byte;
    }
}

static void take_byte(struct rfc2217 *telnet, uint8_t byte, const struct rfc2217_sink *sink,
                      struct buffer *out) {
    switch (telnet->state) {
    case TELNET_DATA:
        telnet->state = TELNET_COMMAND; // only FF comes here
        break;
    case TELNET_COMMAND:
        command(telnet, byte, sink);
        break;
    case TELNET_OPTION:
        telnet->state = TELNET_DATA;
        negotiate(telnet, byte, out);
        break;
    case TELNET_SUBOPTION:
        if (byte == TELNET_IAC)
            telnet->state = TELNET_SUBOPTION_COMMAND;
        else
            collect(telnet, byte);
        break;
    case TELNET_SUBOPTION_COMMAND:
        telnet->state = byte == TELNET_IAC ? TELNET_SUBOPTION : TELNET_DATA;
        if (byte == TELNET_IAC)
            collect(telnet, byte);
        else if (byte == TELNET_SE)
            suboption(telnet, sink, out);
        break;
    }
}

void rfc2217_receive(struct rfc2217 *telnet, const uint8_t *bytes, size_t length,
                     const struct rfc2217_sink *sink, struct buffer *out) {
    for (size_t i = 0; i < length;) {
        if (telnet->state != TELNET_DATA || bytes[i] == TELNET_IAC) {
            take_byte(telnet, bytes[i++], sink, out);
            continue;
        }
        const uint8_t *command_byte = memchr(bytes + i, TELNET_IAC, length - i);
        size_t end = command_byte == NULL ? length : (size_t)(command_byte - bytes);
        sink->data(sink->context, bytes + i, end - i);
        i = end;
    }
}

void rfc2217_encode(struct buffer *out, const uint8_t *bytes, size_t length) {
    static const uint8_t doubled[] = {TELNET_IAC, TELNET_IAC};
    while (length > 0) {
        const uint8_t *special = memchr(bytes, TELNET_IAC, length);
        size_t run = special == NULL ? length : (size_t)(special - bytes);
        buffer_append(out, bytes, run);
        if (special != NULL)
            buffer_append(out, doubled, sizeof doubled);
        size_t used = run + (special != NULL);
        bytes += used;
        length -= used;
    }
}
