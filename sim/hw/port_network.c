// ota/network_port.h: hands over to the board's network, and lets time pass.
#include "board_internal.h"

#include <stdlib.h>

#include "../../ota/http_ram.h"
#include "../base/buffer.h"

static void time_passes(struct board *board, uint64_t ns) {
    board->time_ns += ns;
    if (board->cut_at_time && board->time_ns >= board->cut_time_ns)
        board_lose_power(board);
}

static const struct network_driver *driver_of(struct board *board) {
    const struct board_network *network = &board->config.network;
    if (network->driver != NULL && board->network == NULL)
        board->network = network->driver->open(network->setting);
    return network->driver;
}

static void tell(struct board *board, struct network_event event) {
    const struct network_driver *driver = board->config.network.driver;
    if (board->ear == NULL || board->ear->network == NULL)
        return;
    event.why = event.result <= 0 && driver->why != NULL ? driver->why(board->network) : "";
    board->ear->network(board->ear->context, &event);
}

int32_t port_network_connect(const struct network_peer *peer, uint32_t timeout_ms) {
    struct board *board = board_current();
    const struct network_driver *driver = driver_of(board);
    if (driver == NULL)
        return NETWORK_NONE;
    uint64_t ns = 0;
    int32_t result = driver->connect(board->network, peer, timeout_ms, &ns);
    tell(board, (struct network_event){
                    .kind = NETWORK_CONNECTS, .connection = result, .result = result, .peer = peer});
    time_passes(board, ns);
    return result;
}

int32_t port_network_send(int32_t connection, const void *data, uint32_t length, uint32_t timeout_ms) {
    struct board *board = board_current();
    uint64_t ns = 0;
    int32_t result = driver_of(board)->send(board->network, connection, data, length, timeout_ms, &ns);
    tell(board, (struct network_event){.kind = NETWORK_SENDS,
                                       .connection = connection,
                                       .result = result,
                                       .bytes = data,
                                       .length = length});
    time_passes(board, ns);
    return result;
}

int32_t port_network_receive(int32_t connection, void *buffer, uint32_t length, uint32_t timeout_ms) {
    struct board *board = board_current();
    uint64_t ns = 0;
    int32_t result = driver_of(board)->receive(board->network, connection, buffer, length, timeout_ms, &ns);
    tell(board, (struct network_event){.kind = NETWORK_RECEIVES,
                                       .connection = connection,
                                       .result = result,
                                       .bytes = buffer,
                                       .length = result > 0 ? (uint32_t)result : 0});
    time_passes(board, ns);
    return result;
}

void port_network_close(int32_t connection) {
    struct board *board = board_current();
    driver_of(board)->drop(board->network, connection);
    tell(board, (struct network_event){.kind = NETWORK_DROPS, .connection = connection, .result = 1});
}

// The first program that needs it takes it.
struct http_ram *port_http_ram(void) {
    struct board *board = board_current();
    if (board->http == NULL)
        board->http = memory_zeroed(1, sizeof *board->http);
    return board->http;
}

void port_event_post(const char *base, int32_t id, const void *data, uint32_t size) {
    struct board *board = board_current();
    if (board->ear != NULL && board->ear->posted != NULL)
        board->ear->posted(board->ear->context, base, id, data, size);
}

// ---- for the board ------------------------------------------------------------------------------

// Whoever takes a client or a download clears what it holds first: a reset has only to give them back.
void board_reset_network(struct board *board) {
    for (uint32_t i = 0; board->http != NULL && i < HTTP_CLIENTS_MAX; i++)
        board->http->clients[i].open = false;
    for (uint32_t i = 0; board->http != NULL && i < HTTPS_OTA_MAX; i++)
        board->http->downloads[i].open = false;
    if (board->network != NULL)
        board->config.network.driver->reset(board->network);
}

void board_free_network(struct board *board) {
    if (board->network != NULL)
        board->config.network.driver->close(board->network);
    free(board->http);
}

void board_program_watch_calls(void (*called)(void *context, const char *name), void *context) {
    board_current()->called = called;
    board_current()->called_context = context;
}

void board_overhear(struct board *board, const struct board_ear *ear) {
    board->ear = ear;
}

bool board_is_online(const struct board *board) {
    for (uint32_t i = 0; board->http != NULL && i < HTTP_CLIENTS_MAX; i++)
        if (board->http->clients[i].open)
            return true;
    return false;
}
