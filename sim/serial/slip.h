// SLIP framing (SP-1): C0, payload with C0 written as DB DC and DB as DB DD, C0.
#ifndef SIM_SERIAL_SLIP_H
#define SIM_SERIAL_SLIP_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "../base/buffer.h"

// The largest payload that is taken: a request's 8 bytes of header and the 65535 that its length field can
// say.
#define SLIP_PAYLOAD_MAX (8u + 65535u)

enum slip_result {
    SLIP_MORE,     // all bytes are used up, no frame is complete
    SLIP_FRAME,    // `payload` holds a whole frame
    SLIP_MALFORMED // a frame ended that held a wrong escape or was longer than SLIP_PAYLOAD_MAX; `payload`
                   // has its beginning
};

// Start with zeros; free with slip_decoder_free.
struct slip_decoder {
    struct buffer payload; // of the current frame
    bool inside;           // behind the C0 that begins a frame
    bool escaped;          // behind a DB
    bool malformed;
    bool complete; // the payload was handed out: the next byte begins afresh
};

// Takes bytes up to the end of the next frame that is not empty and says in `*used` how many. What stands
// before the first C0 is skipped. A C0 that ends a frame also begins the next one, so that hosts that send
// only one between frames are understood.
enum slip_result slip_decode(struct slip_decoder *decoder, const uint8_t *bytes, size_t length, size_t *used);

// Forgets a frame that has begun.
void slip_decoder_reset(struct slip_decoder *decoder);
void slip_decoder_free(struct slip_decoder *decoder);

// Appends a payload as a frame, with exactly one C0 before and one after it.
void slip_encode(struct buffer *out, const void *payload, size_t length);

#endif
