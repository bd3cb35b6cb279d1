#include "server_answer.h"

#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <strings.h>

#include "server_authorization.h"

// ---- turns --------------------------------------------------------------------------------------

// Which time it is, from 0; counted unless it is the last that is told apart.
static size_t take_turn(const struct server_counter *counter, size_t count, uint32_t first_bit) {
    uint32_t bits = (uint32_t)count - 1;
    if (bits == 0)
        return 0;
    uint32_t mask = bits == 32 ? UINT32_MAX : (1u << bits) - 1;
    uint32_t turn = (uint32_t)__builtin_popcount(counter->read(counter->context) >> first_bit & mask);
    if (turn < bits)
        counter->count(counter->context, first_bit + turn);
    return turn;
}

enum server_connecting server_connect(const struct server_script *script, const char *host,
                                      const struct server_counter *counter) {
    for (size_t i = 0; i < script->host_count; i++) {
        const struct server_host *entry = &script->hosts[i];
        if (strcasecmp(entry->host, host) == 0)
            return entry->turns[take_turn(counter, entry->count, entry->first_bit)];
    }
    return CONNECTS;
}

// ---- routes -------------------------------------------------------------------------------------

// "https://host:port" + "/path".
static bool is_of(const struct server_route *route, const struct server_request *request) {
    if (route->url[0] == '/')
        return strcmp(route->url, request->target) == 0;
    const char *scheme = request->tls ? "https://" : "http://";
    size_t length = strlen(scheme), host = strlen(request->host);
    return strncasecmp(route->url, scheme, length) == 0 &&
           strncasecmp(route->url + length, request->host, host) == 0 &&
           strcmp(route->url + length + host, request->target) == 0;
}

static const struct server_route *find_route(const struct server_script *script,
                                             const struct server_request *request) {
    const struct server_route *any = NULL;
    for (size_t i = 0; i < script->route_count; i++) {
        const struct server_route *route = &script->routes[i];
        if (!is_of(route, request))
            continue;
        if (route->url[0] != '/')
            return route;
        any = route;
    }
    return any;
}

// ---- the head -----------------------------------------------------------------------------------

static const char *reason(uint16_t status) {
    static const struct {
        uint16_t status;
        const char *words;
    } known[] = {{200, "OK"},
                 {206, "Partial Content"},
                 {301, "Moved Permanently"},
                 {302, "Found"},
                 {303, "See Other"},
                 {304, "Not Modified"},
                 {307, "Temporary Redirect"},
                 {308, "Permanent Redirect"},
                 {400, "Bad Request"},
                 {401, "Unauthorized"},
                 {403, "Forbidden"},
                 {404, "Not Found"},
                 {416, "Range Not Satisfiable"},
                 {500, "Internal Server Error"},
                 {503, "Service Unavailable"}};
    for (size_t i = 0; i < sizeof known / sizeof *known; i++)
        if (known[i].status == status)
            return known[i].words;
    return "Unknown";
}

static bool has_header(const struct server_answer *answer, const char *name) {
    for (size_t i = 0; answer != NULL && i < answer->header_count; i++)
        if (strcasecmp(answer->headers[i].name, name) == 0)
            return true;
    return false;
}

static const char *header_of(const struct server_answer *answer, const char *name) {
    for (size_t i = 0; i < answer->header_count; i++)
        if (strcasecmp(answer->headers[i].name, name) == 0)
            return answer->headers[i].value;
    return NULL;
}

static void add_length(struct server_stream *stream, uint64_t body) {
    const struct server_answer *answer = stream->answer;
    enum server_length kind = answer == NULL ? LENGTH_EXACT : answer->length;
    if (has_header(answer, "Content-Length"))
        return;
    switch (kind) {
    case LENGTH_EXACT:
        buffer_printf(&stream->head, "Content-Length: %" PRIu64 "\r\n", body);
        break;
    case LENGTH_STATED:
        buffer_printf(&stream->head, "Content-Length: %" PRIu64 "\r\n", answer->stated);
        break;
    case LENGTH_CHUNKED:
        buffer_text(&stream->head, "Transfer-Encoding: chunked\r\n");
        break;
    case LENGTH_NONE:
        stream->closes = true;
        break;
    }
}

// ---- the body -----------------------------------------------------------------------------------

static void code_chunks(struct server_stream *stream, const uint8_t *bytes, size_t length, uint32_t chunk) {
    for (size_t at = 0; at < length;) {
        size_t part = length - at < chunk ? length - at : chunk;
        buffer_printf(&stream->coded, "%zx\r\n", part);
        buffer_append(&stream->coded, bytes + at, part);
        buffer_text(&stream->coded, "\r\n");
        at += part;
    }
    buffer_text(&stream->coded, "0\r\n\r\n");
    stream->body = stream->coded.bytes;
    stream->body_length = stream->coded.length;
}

struct slice {
    uint64_t first, length;
};

// What a range makes of the status, and which part of the body it is.
static struct slice take_range(struct server_stream *stream, const struct server_request *request) {
    const struct server_answer *answer = stream->answer;
    uint64_t whole = answer->body.length;
    struct slice all = {0, whole}, none = {0, 0};
    if (!request->ranged || answer->ranges == RANGES_IGNORED || stream->status != 200)
        return all;
    uint64_t first = request->suffix ? (request->first < whole ? whole - request->first : 0) : request->first;
    uint64_t last =
        request->suffix || request->open_end || request->last >= whole ? whole - 1 : request->last;
    bool beyond = first >= whole || (request->suffix && request->first == 0);
    if (answer->ranges == RANGES_REFUSED || beyond) {
        stream->status = 416;
        buffer_printf(&stream->head, "Content-Range: bytes */%" PRIu64 "\r\n", whole);
        return none;
    }
    stream->status = 206;
    buffer_printf(&stream->head, "Content-Range: bytes %" PRIu64 "-%" PRIu64 "/%" PRIu64 "\r\n", first, last,
                  whole);
    return (struct slice){first, last - first + 1};
}

// ---- all of it ----------------------------------------------------------------------------------

static uint16_t status_of(const struct server_answer *answer, const struct server_request *request) {
    const char *tag = header_of(answer, "ETag");
    if (answer->status != 0)
        return answer->status;
    if (answer->redirect != NULL)
        return 302;
    return tag != NULL && strcmp(tag, request->if_none_match) == 0 ? 304 : 200;
}

static void finish_head(struct server_stream *stream) {
    struct buffer status = {0};
    if (stream->closes)
        buffer_text(&stream->head, "Connection: close\r\n");
    buffer_text(&stream->head, "\r\n");
    buffer_printf(&status, "HTTP/1.1 %u %s\r\n", stream->status, reason(stream->status));
    buffer_append(&status, stream->head.bytes, stream->head.length);
    buffer_free(&stream->head);
    stream->head = status;
    stream->length = stream->head.length + stream->body_length;
}

// An answer that no script gives: a status and a line of text.
static void plain_answer(struct server_stream *stream, uint16_t status, bool no_body) {
    static const char text[] = "There is nothing here.\n";
    stream->status = status;
    stream->body = (const uint8_t *)text;
    stream->body_length = sizeof text - 1;
    buffer_text(&stream->head, "Content-Type: text/plain\r\n");
    add_length(stream, stream->body_length);
    if (no_body)
        stream->body_length = 0;
    finish_head(stream);
}

static void apply_faults(struct server_stream *stream) {
    const struct server_answer *answer = stream->answer;
    uint64_t at = answer->end_after + (answer->end_in_head ? 0 : stream->head.length);
    stream->delay_us = answer->delay_us;
    stream->rate = answer->rate;
    if (answer->end == ENDS_WELL || at > stream->length)
        return;
    stream->end = answer->end;
    if (answer->end == ENDS_STALLED) {
        stream->stall_at = at;
        stream->stall_us = answer->stall_us;
    } else {
        stream->length = at;
    }
}

static void scripted_answer(struct server_stream *stream, const struct server_request *request) {
    const struct server_answer *answer = stream->answer;
    stream->status = status_of(answer, request);
    stream->closes = answer->closes || request->closes;
    if (answer->redirect != NULL)
        buffer_printf(&stream->head, "Location: %s\r\n", answer->redirect);
    for (size_t i = 0; i < answer->header_count; i++)
        buffer_printf(&stream->head, "%s: %s\r\n", answer->headers[i].name, answer->headers[i].value);
    struct slice slice = take_range(stream, request);
    bool no_body = stream->status == 304 || stream->status == 204 || stream->status / 100 == 1;
    if (!no_body)
        add_length(stream, slice.length);
    if (!no_body && strcmp(request->method, "HEAD") != 0) {
        stream->body = answer->body.bytes + slice.first;
        stream->body_length = slice.length;
        if (answer->length == LENGTH_CHUNKED)
            code_chunks(stream, stream->body, stream->body_length, answer->chunk);
    }
    finish_head(stream);
    apply_faults(stream);
}

void server_answer(const struct server_script *script, const struct server_request *request,
                   const struct server_counter *counter, struct server_stream *out) {
    const struct server_route *route = find_route(script, request);
    bool head_only = strcmp(request->method, "HEAD") == 0;
    *out = (struct server_stream){.closes = request->closes};
    if (route == NULL) {
        plain_answer(out, 404, head_only);
        return;
    }
    // Who has to say first who he is, is asked, and his next request is the one that counts.
    const struct server_answer *last = &route->answers[route->count - 1];
    if (last->auth != AUTH_NONE && !server_authorized(last, request)) {
        server_challenge(last, &out->head);
        plain_answer(out, 401, head_only);
        return;
    }
    out->answer = &route->answers[take_turn(counter, route->count, route->first_bit)];
    scripted_answer(out, request);
}

void server_answer_broken(struct server_stream *out) {
    *out = (struct server_stream){.closes = true};
    plain_answer(out, 400, false);
}

size_t server_stream_read(const struct server_stream *stream, uint64_t at, void *out, size_t size) {
    uint8_t *bytes = out;
    size_t done = 0;
    if (at >= stream->length)
        return 0;
    if (size > stream->length - at)
        size = (size_t)(stream->length - at);
    if (at < stream->head.length) {
        done = stream->head.length - at < size ? stream->head.length - (size_t)at : size;
        memcpy(bytes, stream->head.bytes + at, done);
        at += done;
    }
    if (done < size)
        memcpy(bytes + done, stream->body + (at - stream->head.length), size - done);
    return size;
}

void server_stream_free(struct server_stream *stream) {
    buffer_free(&stream->head);
    buffer_free(&stream->coded);
    *stream = (struct server_stream){0};
}
