// What a request gets, as bytes on the wire: the script's word, range and authorization considered.
#ifndef SIM_NETWORK_SERVER_ANSWER_H
#define SIM_NETWORK_SERVER_ANSWER_H

#include "server_request.h"
#include "server_script.h"

// Where it is kept which request it is.
struct server_counter {
    void *context;
    uint32_t (*read)(void *context);            // bits that are set
    void (*count)(void *context, uint32_t bit); // sets one
};

struct server_stream {
    const struct server_answer *answer; // NULL: no such route
    uint16_t status;
    struct buffer head, coded; // owned; `coded`: a body by chunks
    const uint8_t *body;       // what follows the head; borrowed, or `coded`'s
    size_t body_length;
    bool closes;         // the connection, when all is sent
    uint64_t length;     // bytes that are sent at all: less than all of it when it is cut off
    enum server_end end; // what happens then; STALLED: at `stall_at`, and goes on
    uint64_t stall_at, stall_us, delay_us, rate;
};

// How the next connection to that host goes.
enum server_connecting server_connect(const struct server_script *script, const char *host,
                                      const struct server_counter *counter);

// Fills `out`, to be freed; borrows from `script`.
void server_answer(const struct server_script *script, const struct server_request *request,
                   const struct server_counter *counter, struct server_stream *out);

// What does not look like a request.
void server_answer_broken(struct server_stream *out);

// Bytes of the wire from `at` on, at most `size`; fewer only at the end.
size_t server_stream_read(const struct server_stream *stream, uint64_t at, void *out, size_t size);

void server_stream_free(struct server_stream *stream);

#endif
