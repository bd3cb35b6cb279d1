// A serial port over telnet (RFC 2217), device side: what `rfc2217://HOST:PORT` of pyserial and esptool talk.
// Unlike a bare socket it carries DTR and RTS.
//
// Telnet is told from a bare socket by its first byte, FF, with which no request of a host begins.
#ifndef SIM_SERIAL_RFC2217_H
#define SIM_SERIAL_RFC2217_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "../base/buffer.h"

#define RFC2217_FIRST_BYTE       0xFFu
#define RFC2217_SUBOPTION_LENGTH 64u // longer ones are cut; those that matter have at most 6 bytes

// Start with zeros.
struct rfc2217 {
    enum {
        TELNET_DATA,
        TELNET_COMMAND, // behind FF
        TELNET_OPTION,  // behind FF and one of WILL, WONT, DO, DONT
        TELNET_SUBOPTION,
        TELNET_SUBOPTION_COMMAND // behind FF inside a suboption
    } state;
    uint8_t verb; // of TELNET_OPTION
    uint8_t suboption[RFC2217_SUBOPTION_LENGTH];
    size_t suboption_length;
    uint64_t we_do, they_do; // options agreed on, by number; those above 63 are always refused
    uint32_t baud;
    bool dtr, rts;
};

// Where the stream's parts go, in their order. Nothing may be NULL but `context`.
struct rfc2217_sink {
    void *context;
    void (*data)(void *context, const uint8_t *bytes, size_t length);
    void (*lines)(void *context, bool dtr, bool rts);
};

// Takes what came in; appends telnet's own answers to `out`.
void rfc2217_receive(struct rfc2217 *telnet, const uint8_t *bytes, size_t length,
                     const struct rfc2217_sink *sink, struct buffer *out);

// Appends data as they stand in the stream.
void rfc2217_encode(struct buffer *out, const uint8_t *bytes, size_t length);

#endif
