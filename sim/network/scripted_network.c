#include "scripted_network.h"

#include <stdlib.h>
#include <string.h>

#include "../../ota/port.h"
#include "server_answer.h"

#define CONNECTIONS_MAX 8u
#define SEGMENT         1460u // bytes that arrive together: what a TCP segment carries on Ethernet
#define NEVER           UINT64_MAX

struct connection {
    bool open;
    bool tls;
    bool broken;           // RST came
    struct buffer request; // that is not whole yet
    uint64_t skip;         // bytes of a request's body still to come
    bool answering;
    struct server_stream stream;
    uint64_t at;       // bytes of it that were received
    uint64_t start_us; // when its first byte arrives
};

struct network {
    const struct scripted_network *setting;
    struct connection connections[CONNECTIONS_MAX];
    uint32_t answers; // since power-on
    const char *why;
};

// ---- which request it is ------------------------------------------------------------------------

static uint32_t read_count(void *context) {
    (void)context;
    return port_efuse_read(PORT_EFUSE_REQUESTS);
}

static void count(void *context, uint32_t bit) {
    (void)context;
    (void)port_efuse_burn(PORT_EFUSE_REQUESTS, 1u << bit);
}

static const struct server_counter counter = {NULL, read_count, count};

// ---- life ---------------------------------------------------------------------------------------

static void *open_network(const void *setting) {
    struct network *network = memory_zeroed(1, sizeof *network);
    network->setting = setting;
    network->why = "";
    return network;
}

static void clear(struct connection *connection) {
    buffer_free(&connection->request);
    server_stream_free(&connection->stream);
    *connection = (struct connection){0};
}

static void reset(void *context) {
    struct network *network = context;
    for (uint32_t i = 0; i < CONNECTIONS_MAX; i++)
        clear(&network->connections[i]);
}

static void close_network(void *context) {
    reset(context);
    free(context);
}

static struct connection *connection_of(struct network *network, int32_t number) {
    bool good = number >= 0 && (uint32_t)number < CONNECTIONS_MAX && network->connections[number].open;
    return good ? &network->connections[number] : NULL;
}

static void drop(void *context, int32_t number) {
    struct connection *connection = connection_of(context, number);
    if (connection != NULL)
        clear(connection);
}

static const char *why(void *context) {
    const struct network *network = context;
    return network->why;
}

// ---- connecting ---------------------------------------------------------------------------------

static int32_t fail(struct network *network, int32_t result, const char *reason) {
    network->why = reason;
    return result;
}

// What TLS makes of the server, given what the client looks at.
static int32_t shake_hands(struct network *network, const struct network_peer *peer,
                           enum server_connecting how) {
    if (how == CONNECTS_TLS_FAILS)
        return fail(network, NETWORK_TLS_FAILED, "the handshake fails");
    if (how == CONNECTS_EXPIRED)
        return fail(network, NETWORK_TLS_FAILED, "the certificate has expired");
    if (how == CONNECTS_UNTRUSTED)
        return fail(network, NETWORK_TLS_FAILED, "the certificate is of an authority that is not known");
    if (how == CONNECTS_WRONG_NAME && !peer->common_name_unchecked)
        return fail(network, NETWORK_TLS_FAILED, "the certificate is for another name");
    return 0;
}

static int32_t connect_network(void *context, const struct network_peer *peer, uint32_t timeout_ms,
                               uint64_t *ns) {
    struct network *network = context;
    const struct server_script *script = &network->setting->script;
    uint32_t number = 0;
    network->why = "";
    while (number < CONNECTIONS_MAX && network->connections[number].open)
        number++;
    if (number == CONNECTIONS_MAX)
        return fail(network, NETWORK_NONE, "too many connections");
    enum server_connecting how = server_connect(script, peer->host, &counter);
    *ns = script->latency_us * 1000 * (peer->tls ? 4 : 2); // DNS, TCP, two flights of TLS
    if (how == CONNECTS_TIMEOUT) {
        *ns = timeout_ms * 1000000ull;
        return fail(network, NETWORK_TIMEOUT, "nobody answers");
    }
    if (how == CONNECTS_NO_NAME)
        return fail(network, NETWORK_NO_NAME, "DNS knows no such host");
    if (how == CONNECTS_REFUSED)
        return fail(network, NETWORK_REFUSED, "nobody listens there");
    int32_t result = peer->tls ? shake_hands(network, peer, how) : 0;
    if (result < 0)
        return result;
    network->connections[number] = (struct connection){.open = true, .tls = peer->tls};
    return (int32_t)number;
}

// ---- requests -----------------------------------------------------------------------------------

static void apply_fault(struct network *network, struct server_stream *stream) {
    const struct scripted_network *setting = network->setting;
    const struct network_fault *fault = &setting->fault;
    if (setting->seen != NULL)
        setting->seen(setting->context, &(struct network_answer_seen){.number = network->answers,
                                                                      .head = stream->head.length,
                                                                      .body = stream->body_length});
    if (!fault->set || fault->answer != network->answers || fault->at >= stream->length)
        return;
    stream->length = fault->at;
    stream->end = fault->how;
}

// A whole head is there: it is answered.
static void answer(struct network *network, struct connection *connection, enum server_request_end end,
                   struct server_request *request) {
    const struct server_script *script = &network->setting->script;
    request->tls = connection->tls;
    server_stream_free(&connection->stream);
    if (end == REQUEST_WHOLE)
        server_answer(script, request, &counter, &connection->stream);
    else
        server_answer_broken(&connection->stream);
    apply_fault(network, &connection->stream);
    network->answers++;
    connection->answering = true;
    connection->at = 0;
    connection->start_us = port_time_us() + script->latency_us + connection->stream.delay_us;
}

static int32_t send_bytes(void *context, int32_t number, const void *data, uint32_t length,
                          uint32_t timeout_ms, uint64_t *ns) {
    (void)timeout_ms, (void)ns;
    struct network *network = context;
    struct connection *connection = connection_of(network, number);
    network->why = "";
    if (connection == NULL || connection->broken)
        return fail(network, NETWORK_RESET, "the connection is gone");
    if (connection->skip > 0) { // a body, which nothing here is interested in
        connection->skip -= connection->skip < length ? connection->skip : length;
        return (int32_t)length;
    }
    struct server_request request;
    size_t taken = 0;
    buffer_append(&connection->request, data, length);
    enum server_request_end end = server_request_read((const char *)connection->request.bytes,
                                                      connection->request.length, &request, &taken);
    if (end == REQUEST_UNFINISHED)
        return (int32_t)length;
    uint64_t more = connection->request.length - taken;
    connection->skip = end == REQUEST_WHOLE && request.body > more ? request.body - more : 0;
    buffer_free(&connection->request);
    answer(network, connection, end, &request);
    return (int32_t)length;
}

// ---- answers ------------------------------------------------------------------------------------

static uint64_t rate_of(const struct network *network, const struct connection *connection) {
    uint64_t link = network->setting->script.rate, own = connection->stream.rate;
    return own != 0 && (link == 0 || own < link) ? own : link;
}

// When byte number `at` of the answer is there, as the end of a segment; NEVER.
static uint64_t arrival_us(const struct network *network, const struct connection *connection, uint64_t at) {
    const struct server_stream *stream = &connection->stream;
    uint64_t end = (at / SEGMENT + 1) * SEGMENT, rate = rate_of(network, connection);
    uint64_t us = connection->start_us;
    if (end > stream->length)
        end = stream->length;
    us += rate == 0 ? 0 : end * 1000000 / rate;
    if (stream->end == ENDS_STALLED && at >= stream->stall_at)
        us = stream->stall_us == STALL_FOR_EVER ? NEVER : us + stream->stall_us;
    return us;
}

// Bytes from where it is on that have arrived by then.
static uint64_t arrived(const struct network *network, const struct connection *connection, uint64_t now_us,
                        uint64_t most) {
    uint64_t at = connection->at, end = connection->stream.length;
    const struct server_stream *stream = &connection->stream;
    while (at < end && at - connection->at < most && arrival_us(network, connection, at) <= now_us) {
        uint64_t next = (at / SEGMENT + 1) * SEGMENT;
        if (stream->end == ENDS_STALLED && at < stream->stall_at && stream->stall_at < next)
            next = stream->stall_at;
        at = next < end ? next : end;
    }
    at -= connection->at;
    return at < most ? at : most;
}

// All has come that comes.
static int32_t end_of_answer(struct network *network, struct connection *connection, uint32_t timeout_ms,
                             uint64_t *ns) {
    const struct server_stream *stream = &connection->stream;
    bool whole = stream->length == stream->head.length + stream->body_length;
    bool closed = stream->end == ENDS_CLOSED || (whole && stream->closes && stream->end != ENDS_RESET);
    if (connection->answering && stream->end == ENDS_RESET) {
        connection->broken = true;
        return fail(network, NETWORK_RESET, "the server resets the connection");
    }
    if (connection->answering && closed) {
        connection->broken = true;
        return fail(network, NETWORK_CLOSED, whole ? "" : "the server closes the connection early");
    }
    *ns = timeout_ms * 1000000ull; // nobody has anything to say
    return fail(network, NETWORK_TIMEOUT, "nothing more comes");
}

static int32_t receive(void *context, int32_t number, void *buffer, uint32_t length, uint32_t timeout_ms,
                       uint64_t *ns) {
    struct network *network = context;
    struct connection *connection = connection_of(network, number);
    network->why = "";
    if (connection == NULL)
        return fail(network, NETWORK_RESET, "the connection is gone");
    if (!connection->answering || connection->at == connection->stream.length)
        return end_of_answer(network, connection, timeout_ms, ns);
    uint64_t now = port_time_us(), due = arrival_us(network, connection, connection->at);
    if (due > now && (due == NEVER || due - now > timeout_ms * 1000ull)) {
        *ns = timeout_ms * 1000000ull;
        return fail(network, NETWORK_TIMEOUT, "nothing comes within the time-out");
    }
    if (due > now) {
        *ns = (due - now) * 1000;
        now = due;
    }
    uint64_t there = arrived(network, connection, now, length);
    size_t got = server_stream_read(&connection->stream, connection->at, buffer, (size_t)there);
    connection->at += got;
    return (int32_t)got;
}

const struct network_driver scripted_network_driver = {
    .open = open_network,
    .close = close_network,
    .reset = reset,
    .connect = connect_network,
    .send = send_bytes,
    .receive = receive,
    .drop = drop,
    .why = why,
};
