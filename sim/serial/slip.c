#include "slip.h"

#define SLIP_END     0xC0u
#define SLIP_ESC     0xDBu
#define SLIP_ESC_END 0xDCu
#define SLIP_ESC_ESC 0xDDu

static bool is_special(uint8_t byte) {
    return byte == SLIP_END || byte == SLIP_ESC;
}

// ---- decoding -----------------------------------------------------------------------------------

static void take(struct slip_decoder *decoder, const uint8_t *bytes, size_t length) {
    size_t room = SLIP_PAYLOAD_MAX - decoder->payload.length;
    if (length > room) {
        length = room;
        decoder->malformed = true;
    }
    buffer_append(&decoder->payload, bytes, length);
}

static void take_escaped(struct slip_decoder *decoder, uint8_t byte) {
    decoder->escaped = false;
    if (byte == SLIP_ESC_END)
        take(decoder, &(uint8_t){SLIP_END}, 1);
    else if (byte == SLIP_ESC_ESC)
        take(decoder, &(uint8_t){SLIP_ESC}, 1);
    else
        decoder->malformed = true;
}

// A C0: the frame before it, when there is one, is through.
static enum slip_result end_of_frame(struct slip_decoder *decoder) {
    bool begun = decoder->inside && (decoder->payload.length != 0 || decoder->malformed || decoder->escaped);
    bool malformed = decoder->malformed || decoder->escaped;
    decoder->inside = true;
    decoder->escaped = decoder->malformed = false;
    if (!begun)
        return SLIP_MORE;
    decoder->complete = true;
    return malformed ? SLIP_MALFORMED : SLIP_FRAME;
}

enum slip_result slip_decode(struct slip_decoder *decoder, const uint8_t *bytes, size_t length,
                             size_t *used) {
    if (decoder->complete) {
        decoder->complete = false;
        decoder->payload.length = 0;
    }
    for (size_t i = 0; i < length;) {
        if (bytes[i] == SLIP_END) {
            enum slip_result result = end_of_frame(decoder);
            i++;
            if (result != SLIP_MORE) {
                *used = i;
                return result;
            }
        } else if (!decoder->inside) {
            i++;
        } else if (decoder->escaped) {
            take_escaped(decoder, bytes[i++]);
        } else if (bytes[i] == SLIP_ESC) {
            decoder->escaped = true;
            i++;
        } else {
            size_t run = i;
            while (run < length && !is_special(bytes[run]))
                run++;
            take(decoder, bytes + i, run - i);
            i = run;
        }
    }
    *used = length;
    return SLIP_MORE;
}

void slip_decoder_reset(struct slip_decoder *decoder) {
    decoder->payload.length = 0;
    decoder->inside = decoder->escaped = decoder->malformed = decoder->complete = false;
}

void slip_decoder_free(struct slip_decoder *decoder) {
    buffer_free(&decoder->payload);
    *decoder = (struct slip_decoder){0};
}

// ---- encoding -----------------------------------------------------------------------------------

void slip_encode(struct buffer *out, const void *payload, size_t length) {
    const uint8_t *bytes = payload;
    buffer_reserve(out, 2 * length + 2);
    uint8_t *place = out->bytes + out->length;
    *place++ = SLIP_END;
    for (size_t i = 0; i < length; i++) {
        if (!is_special(bytes[i])) {
            *place++ = bytes[i];
            continue;
        }
        *place++ = SLIP_ESC;
        *place++ = bytes[i] == SLIP_END ? SLIP_ESC_END : SLIP_ESC_ESC;
    }
    *place++ = SLIP_END;
    *place = 0;
    out->length = (size_t)(place - out->bytes);
}
