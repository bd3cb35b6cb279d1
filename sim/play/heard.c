#include "heard.h"

#include <inttypes.h>
#include <stdio.h>
#include <string.h>

#include "../../ota/include/esp_https_ota.h"
#include "../hw/board.h"
#include "narration.h"

static void list(struct buffer *out, const char *text) {
    buffer_printf(out, "%s%s", out->length == 0 ? "" : ", ", text);
}

// ---- requests and answers -----------------------------------------------------------------------

static struct heard_connection *connection_of(struct heard *heard, int32_t number) {
    return number >= 0 && (uint32_t)number < HEARD_CONNECTIONS_MAX ? &heard->connections[number] : NULL;
}

static void hear_request(struct heard *heard, struct heard_connection *connection,
                         const struct network_event *event) {
    struct server_request request;
    size_t taken = 0;
    char line[sizeof request.method + sizeof request.target];
    if (event->result < 0) {
        narrate(heard->narrator, 1, "the request is not sent: %s", event->why);
        return;
    }
    buffer_append(&connection->request, event->bytes, event->length);
    enum server_request_end end = server_request_read((const char *)connection->request.bytes,
                                                      connection->request.length, &request, &taken);
    if (end == REQUEST_UNFINISHED)
        return;
    buffer_free(&connection->request);
    if (end == REQUEST_BROKEN) // a body
        return;
    (void)snprintf(line, sizeof line, "%s %s", request.method, request.target);
    list(&heard->requests, line);
    list(&heard->ranges, request.range[0] != '\0' ? request.range : "none");
    heard->request_count++;
    heard->ranged = request.range[0] != '\0';
    http_response_start(&connection->response, strcmp(request.method, "HEAD") == 0);
    connection->body = 0;
    narrate(heard->narrator, 1, "%s of %s%s%s", line, request.host,
            request.range[0] != '\0' ? ", Range: " : "", request.range);
}

static void hear_head(struct heard *heard, struct heard_connection *connection) {
    heard->status = connection->response.status;
    heard->range_ignored = heard->range_ignored || (heard->ranged && heard->status == 200);
    heard->length = connection->response.content_length;
    if (heard->length >= 0)
        narrate(heard->narrator, 1, "answer %u, %" PRId64 " bytes", heard->status, heard->length);
    else
        narrate(heard->narrator, 1, "answer %u, %s", heard->status,
                connection->response.chunked ? "by chunks" : "of no stated length");
}

static void hear_answer(struct heard *heard, struct heard_connection *connection,
                        const struct network_event *event) {
    struct http_response *response = &connection->response;
    size_t at = 0;
    if (event->result <= 0) {
        if (event->why[0] != '\0')
            narrate(heard->narrator, 1, "%s, after %" PRIu64 " bytes of the body", event->why,
                    connection->body);
        return;
    }
    bool before = http_response_has_head(response);
    if (!before)
        at = http_response_take_head(response, (const char *)event->bytes, event->length, NULL, NULL);
    if (!before && http_response_has_head(response))
        hear_head(heard, connection);
    connection->body += event->length - at;
}

static void hear_network(void *context, const struct network_event *event) {
    struct heard *heard = context;
    struct heard_connection *connection = connection_of(heard, event->connection);
    switch (event->kind) {
    case NETWORK_CONNECTS:
        if (event->result < 0)
            narrate(heard->narrator, 1, "no connection to %s: %s", event->peer->host, event->why);
        else
            narrate(heard->narrator, 1, "connected to %s:%u%s", event->peer->host,
                    (unsigned)event->peer->port, event->peer->tls ? " by TLS" : "");
        heard->left_tls = heard->left_tls || (heard->was_tls && !event->peer->tls);
        heard->was_tls = event->peer->tls;
        if (connection != NULL)
            buffer_free(&connection->request);
        break;
    case NETWORK_SENDS:
        if (connection != NULL)
            hear_request(heard, connection, event);
        break;
    case NETWORK_RECEIVES:
        if (connection != NULL)
            hear_answer(heard, connection, event);
        break;
    case NETWORK_DROPS:
        break;
    }
}

// ---- events -------------------------------------------------------------------------------------

// By the number that the release gives: which it is can be told by what comes with it and before it.
static const char *event_name(int32_t id, bool with_revision) {
    static const char *const names[] = {
        "START",      "CONNECTED",   "GET_IMG_DESC",          "VERIFY_CHIP_ID", "VERIFY_CHIP_REVISION",
        "DECRYPT_CB", "WRITE_FLASH", "UPDATE_BOOT_PARTITION", "FINISH",         "ABORT"};
    if (!with_revision && id >= ESP_HTTPS_OTA_VERIFY_CHIP_REVISION)
        id++;
    return id >= 0 && (size_t)id < sizeof names / sizeof *names ? names[id] : "?";
}

static void hear_event(void *context, const char *base, int32_t id, const void *data, uint32_t size) {
    struct heard *heard = context;
    const struct firmware *ram = port_ram();
    const char *name = event_name(id, ram->app_build->profile->https_revision_checked);
    uint32_t value = 0;
    if (strcmp(base, ESP_HTTPS_OTA_EVENT) != 0)
        return;
    if (data != NULL && size <= sizeof value)
        memcpy(&value, data, size);
    bool again = strcmp(name, heard->last_event) == 0 && strcmp(name, "WRITE_FLASH") == 0;
    (void)snprintf(heard->last_event, sizeof heard->last_event, "%s", name);
    if (again)
        return;
    list(&heard->events, name);
    if (data == NULL || strcmp(name, "WRITE_FLASH") == 0)
        narrate(heard->narrator, 1, "event %s", name);
    else
        narrate(heard->narrator, 1, "event %s: %" PRIu32, name, value);
}

// ---- life ---------------------------------------------------------------------------------------

void heard_listen(struct heard *heard, struct board *board, struct narrator *narrator) {
    heard->ear = (struct board_ear){.context = heard, .network = hear_network, .posted = hear_event};
    heard->narrator = narrator;
    heard->length = -1;
    board_overhear(board, &heard->ear);
}

void heard_clear(struct heard *heard) {
    if (heard == NULL)
        return;
    heard->requests.length = heard->ranges.length = heard->events.length = 0;
    if (heard->requests.bytes != NULL)
        heard->requests.bytes[0] = 0;
    if (heard->ranges.bytes != NULL)
        heard->ranges.bytes[0] = 0;
    if (heard->events.bytes != NULL)
        heard->events.bytes[0] = 0;
    heard->last_event[0] = '\0';
    heard->request_count = 0;
    heard->status = 0;
    heard->length = -1;
}

void heard_free(struct heard *heard) {
    buffer_free(&heard->requests);
    buffer_free(&heard->ranges);
    buffer_free(&heard->events);
    for (uint32_t i = 0; i < HEARD_CONNECTIONS_MAX; i++)
        buffer_free(&heard->connections[i].request);
}
