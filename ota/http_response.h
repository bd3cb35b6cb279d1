// An HTTP/1.x response, byte by byte as it comes: head, then a body by chunks, by length, or until the end.
//
// Lenient as a client on the Internet has to be, strict where a body's length is at stake: RFC 9112. It keeps no
// bytes of the body: what http_response_take does not hand over was not consumed.
#ifndef OTA_HTTP_RESPONSE_H
#define OTA_HTTP_RESPONSE_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#define HTTP_LINE_MAX 1024u // bytes of a line of the head, without its end

struct http_response {
    enum http_response_state {
        HTTP_STATUS_LINE,
        HTTP_HEADERS,
        HTTP_BODY_BY_LENGTH,
        HTTP_BODY_TO_END,
        HTTP_CHUNK_SIZE,
        HTTP_CHUNK_DATA,
        HTTP_CHUNK_END,
        HTTP_TRAILER,
        HTTP_COMPLETE,
        HTTP_BROKEN
    } state;
    bool no_body;           // as of an answer to HEAD; set by whoever asked
    bool too_long;          // BROKEN: a line did not fit
    uint16_t status;        // 0: not seen yet
    int64_t content_length; // -1: not stated, or chunked
    bool chunked;
    bool keeps_alive; // the connection may be used again
    uint64_t left;    // bytes of the body, or of this chunk
    uint16_t line_length;
    char line[HTTP_LINE_MAX + 1];
};

// Told of each header; both texts end in NUL and live for the call.
typedef void http_header_seen(void *context, char *name, char *value);

void http_response_start(struct http_response *response, bool no_body);

// Past the headers?
bool http_response_has_head(const struct http_response *response);

// Takes bytes of the head, and no more. Returns how many.
size_t http_response_take_head(struct http_response *response, const char *bytes, size_t length,
                               http_header_seen *seen, void *context);

// Takes bytes of the body's coding, hands at most *room of its own bytes to `out` and sets *room to how many. Returns
// how many were taken.
size_t http_response_take_body(struct http_response *response, const char *bytes, size_t length, char *out,
                               size_t *room);

// The other side has closed in order: that ends a body without a length.
void http_response_end(struct http_response *response);

#endif
